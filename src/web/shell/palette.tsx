/** ⌘K: pages by name, customers by search; arrows choose, Enter goes. The server decides which customers can be found. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { Building2, CornerDownLeft, FileText, Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { may } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { pages } from '../app/pages.ts'
import { useProblemText } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import type { Found } from './search.ts'
import { searchAccounts } from './search.ts'

type Hit = { readonly key: string; readonly to: string; readonly words: string; readonly account?: Found }

function Finder({ me, onClose }: { me: Me; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const say = useProblemText()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const shown = useDeferredValue(text.trim().toLowerCase())
  const asked = useRested(text.trim(), 200)
  const found = useQuery({
    queryKey: ['palette', asked],
    queryFn: ({ signal }) => searchAccounts(asked, signal),
    enabled: asked.length > 0 && may(me, 'account.read'),
  })
  const pageHits: Hit[] = pages
    .filter(p => !p.bare && !p.path.includes('$') && may(me, p.needs))
    .map(p => ({ key: p.path, to: p.path, words: t(p.word) }))
    .filter(p => shown === '' || p.words.toLowerCase().includes(shown) || p.to.includes(shown))
  const accountHits: Hit[] = (asked === '' ? [] : (found.data ?? [])).map(a => ({
    key: `a${a.id}`,
    to: `/accounts/${a.id}`,
    words: a.name,
    account: a,
  }))
  const hits = asked === '' ? pageHits : [...accountHits, ...pageHits]
  const active = Math.min(at, Math.max(hits.length - 1, 0))

  const go = (hit: Hit | undefined) => {
    if (!hit) return
    onClose()
    void navigate({ to: hit.to })
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setAt((active + step + hits.length) % Math.max(hits.length, 1))
    }
    if (event.key === 'Enter') go(hits[active])
  }
  const nothing = hits.length === 0 && !found.isFetching
  return (
    <div className="jy-palette">
      <label className="jy-palette-field">
        <Search size={16} aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is opened to type into it.
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="jy-palette-list"
          aria-activedescendant={hits[active] ? `jy-hit-${active}` : undefined}
          aria-label={t('shell:palette.ask')}
          placeholder={t('shell:palette.ask')}
          value={text}
          maxLength={80}
          onChange={event => {
            setText(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <div role="listbox" id="jy-palette-list" aria-label={t('shell:palette.results')}>
        {hits.map((hit, i) => (
          <div
            key={hit.key}
            role="option"
            tabIndex={-1}
            id={`jy-hit-${i}`}
            aria-selected={i === active}
            onClick={() => go(hit)}
            onMouseMove={() => setAt(i)}
          >
            {hit.account ? <Building2 size={15} aria-hidden /> : <FileText size={15} aria-hidden />}
            <span className="jy-ellipsis">{hit.words}</span>
            {hit.account?.territory && <TerritoryChip {...hit.account.territory} />}
            {i === active && <CornerDownLeft size={14} aria-hidden />}
          </div>
        ))}
      </div>
      <p className="jy-muted" role="status">
        {found.isError
          ? say(found.error)
          : found.isFetching
            ? t('shell:palette.searching')
            : nothing
              ? t('shell:palette.nothing', { text: asked })
              : ''}
      </p>
    </div>
  )
}

export function Palette({ open, onClose, me }: { open: boolean; onClose: () => void; me: Me }) {
  const { t } = useTranslation()
  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      closable={false}
      destroyOnHidden
      width={600}
      style={{ top: 72 }}
      title={<span className="jy-hidden">{t('shell:key.palette')}</span>}
      className="jy-palette-box"
    >
      <Finder me={me} onClose={onClose} />
    </Modal>
  )
}
