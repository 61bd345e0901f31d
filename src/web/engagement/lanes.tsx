/** Two lanes of evidence on one time line: each side's own, what speaks for neither in the middle, and where a protection ended. */
import { Alert, Button, Input, Tag } from 'antd'
import {
  BadgeCheck,
  Building2,
  Copy,
  FilePlus2,
  FileSignature,
  Handshake,
  MapPin,
  MapPinCheck,
  MessageSquare,
  NotebookPen,
  Phone,
  Trophy,
  UserRoundCheck,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CaseView, type EvidenceRow, stateCase } from '../../contract/engagement/cases.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { Face } from '../app/face.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { type CaseWords, colourOf, touchesOf } from './words.ts'

const ICON = {
  created: Building2,
  visit: MapPinCheck,
  call: Phone,
  note: NotebookPen,
  taskDone: BadgeCheck,
  opportunity: FilePlus2,
  won: Trophy,
  duplicate: Copy,
  owned: UserRoundCheck,
  registration: Handshake,
  address: MapPin,
  signed: FileSignature,
} as const

export function Lanes({ c, words, marked }: { c: CaseView; words: CaseWords; marked: ReadonlySet<number> }) {
  const { t } = useTranslation()
  const ends = c.findings
    .filter(f => f.until !== null && (f.kind === 'firstTouch' || f.kind === 'registration') && f.until < new Date().toISOString())
    .map(f => ({ at: f.until!, kind: f.kind as 'firstTouch' | 'registration' }))
  const line = [...c.evidence.map(e => ({ at: e.at, e, mark: null })), ...ends.map(x => ({ at: x.at, e: null, mark: x.kind }))].sort((a, b) =>
    a.at < b.at ? -1 : 1,
  )
  return (
    <>
      {!c.intact && <Alert type="error" showIcon title={t('engagement:evidence.broken')} className="jy-case-alert" />}
      <div className="jy-case-parties">
        <PartyHead c={c} side={0} words={words} />
        <span className="jy-muted">{t('engagement:versus')}</span>
        <PartyHead c={c} side={1} words={words} />
      </div>
      {line.length === 0 && <p className="jy-muted jy-case-none">{t('engagement:evidence.none')}</p>}
      <ol className="jy-lanes">
        {line.map(({ at, e, mark }) =>
          e ? (
            <Piece key={e.n} c={c} e={e} words={words} marked={marked.has(e.n)} />
          ) : (
            <li key={`${mark}${at}`} className="jy-lane-mark">
              <i aria-hidden />
              <span className="jy-lane-end">{t(`engagement:evidence.mark.${mark}`)}</span>
              <time dateTime={at}>{words.onDay(at)}</time>
            </li>
          ),
        )}
      </ol>
    </>
  )
}

function Piece({ c, e, words, marked }: { c: CaseView; e: EvidenceRow; words: CaseWords; marked: boolean }) {
  const { t } = useTranslation()
  const Icon = ICON[e.kind]
  return (
    <li className="jy-lane-row" data-side={e.side ?? 'none'} id={`evidence-${e.n}`}>
      <span className="jy-lane-dot" style={{ '--side': colourOf(c, e.side) } as never}>
        <i aria-hidden />
        <time dateTime={e.at}>{words.onDay(e.at)}</time>
      </span>
      <article className="jy-evidence" data-marked={marked || undefined} style={{ '--side': colourOf(c, e.side) } as never}>
        <header className="jy-row">
          <Icon size={14} aria-hidden />
          <b className="jy-grow">{words.title(e)}</b>
          <Tag>{t('engagement:evidence.n', { n: e.n })}</Tag>
        </header>
        <p>{words.said(e)}</p>
        <footer className="jy-row jy-muted">
          <small className="jy-grow">
            {e.addedBy ? t('engagement:evidence.signed', { by: e.addedBy }) : t('engagement:evidence.source', { source: e.source })}
          </small>
          <small>{t('engagement:evidence.weighs')}</small>
          <span
            className="jy-weight"
            role="img"
            aria-label={t(`engagement:evidence.weight.${e.weight}`)}
            title={t(`engagement:evidence.weight.${e.weight}`)}
          >
            {[1, 2, 3].map(n => (
              <i key={n} data-on={n <= e.weight || undefined} />
            ))}
          </span>
        </footer>
      </article>
    </li>
  )
}

function PartyHead({ c, side, words }: { c: CaseView; side: 0 | 1; words: CaseWords }) {
  const { t } = useTranslation()
  const party = c.parties[side]!
  const speaks = c.maySpeak && c.side === side
  const open = c.state === 'statements' || c.state === 'ruling'
  return (
    <section className="jy-case-party" style={{ '--side': colourOf(c, side) } as never} aria-label={party.user.name}>
      <div className="jy-row">
        <Face name={party.user.name} size={22} />
        <b className="jy-grow">{party.user.name}</b>
        {party.territory && <TerritoryChip {...party.territory} />}
      </div>
      {party.statement ? (
        <p className="jy-case-said">{`“${party.statement}”`}</p>
      ) : (
        <p className="jy-muted">
          {open ? t('engagement:statement.owes', { name: party.user.name, at: words.at(c.statementsDueAt) }) : t('engagement:statement.none')}
        </p>
      )}
      {party.question && (
        <Alert type="warning" showIcon icon={<MessageSquare size={14} />} title={t('engagement:statement.asked', { text: party.question })} />
      )}
      {speaks && <Speak id={c.id} text={party.statement ?? ''} />}
    </section>
  )
}

function Speak({ id, text }: { id: string; text: string }) {
  const { t } = useTranslation()
  const [said, setSaid] = useState(text)
  const save = useChange({ run: () => call(stateCase, { params: { id }, body: { text: said.trim() } }), touches: touchesOf(id) })
  return (
    <div className="jy-case-speak">
      <Input.TextArea
        aria-label={t('engagement:statement.mine')}
        placeholder={t('engagement:statement.hint')}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={500}
        value={said}
        onChange={event => setSaid(event.target.value)}
      />
      <Button type="primary" size="small" disabled={!said.trim() || said.trim() === text} loading={save.isPending} onClick={() => save.mutate()}>
        {t('engagement:statement.save')}
      </Button>
    </div>
  )
}
