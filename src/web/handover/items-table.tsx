/** The records of a handover, kind by kind: to whom and why, by hand another one, or to stay; after the run what became of each. */
import { useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal, Select, Tag } from 'antd'
import { MessageSquareText } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseByHand, type HandoverDetail, type HandoverItem, listHandoverItems } from '../../contract/assignment/handover.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { DataTable } from '../app/data-table.tsx'
import type { Column } from '../app/data-table-columns.tsx'
import { Face } from '../app/face.tsx'
import { amount, moment, NOTHING } from '../app/format.ts'
import { currentLocale } from '../app/i18n.ts'
import { useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty } from '../app/states.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'
import { Tier } from '../pool/tier.tsx'
import { handoverKey } from './use-handover.ts'

export function ItemsTable({ handover, editable }: { handover: HandoverDetail; editable: boolean }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const zone = useMe()?.tenant.zone
  const kinds = handover.kinds.filter(k => (editable ? handover.rule.kinds.includes(k.kind) && k.held > 0 : k.going + k.refused > 0))
  const [chosen, setKind] = useState('account')
  const kind = kinds.some(k => k.kind === chosen) ? chosen : (kinds[0]?.kind ?? 'account')
  const [to, setTo] = useState<string | undefined>(undefined)
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set())
  const [noting, setNoting] = useState<HandoverItem | null>(null)
  const list = usePaged<HandoverItem>([...handoverKey(handover.id), 'items', handover.rowVersion, kind, to ?? ''], (cursor, signal) =>
    call(listHandoverItems, { params: { id: handover.id }, query: { kind, to, cursor, limit: 100 }, signal }),
  )
  const write = useChange<{ to?: string; note?: string | null; ids: readonly string[] }>({
    run: ({ ids, ...rest }) => call(chooseByHand, { params: { id: handover.id }, body: { items: ids.map(id => ({ kind, id, ...rest })) } }),
    touches: [handoverKey(handover.id)],
    said: null,
    onDone: () => {
      setKeys(new Set())
      setNoting(null)
      void queries.invalidateQueries({ queryKey: handoverKey(handover.id) })
    },
  })
  const give = (choice: string) => write.mutate({ to: choice, ids: [...keys] })
  const columns: readonly Column<HandoverItem>[] = [
    {
      key: 'name',
      title: t(`handover:kind.${kind}`),
      render: i => (
        <span className="jy-row jy-tight">
          {i.kind === 'account' ? <AccountLink id={i.id}>{nameOf(i)}</AccountLink> : <span className="jy-ellipsis">{nameOf(i)}</span>}
          {i.note !== null && <MessageSquareText size={13} aria-label={i.note} />}
        </span>
      ),
    },
    ...(kind === 'account'
      ? [
          { key: 'tier', title: t('handover:column.tier'), width: 60, render: (i: HandoverItem) => <Tier tier={i.tier} /> },
          { key: 'territory', title: t('handover:column.territory'), width: 120, render: (i: HandoverItem) => i.territory ?? NOTHING },
          {
            key: 'potential',
            title: t('handover:column.potential'),
            width: 90,
            right: true,
            hiddenAtFirst: true,
            render: (i: HandoverItem) => amount(i.potential, currentLocale()),
          },
        ]
      : []),
    {
      key: 'to',
      title: t('handover:column.to'),
      width: 150,
      render: i =>
        i.to === null || (i.refused && !i.movedAt) ? (
          <span className="jy-warn">{i.refused?.code === 'handover.stays' ? t('handover:column.stays') : NOTHING}</span>
        ) : (
          <span className="jy-row jy-tight">
            <Face name={i.to.name} size={20} />
            <span className="jy-ellipsis">{i.to.name}</span>
          </span>
        ),
    },
    {
      key: 'why',
      title: t('handover:column.why'),
      width: 230,
      render: i => (
        <span className={i.refused ? 'jy-warn jy-ellipsis' : 'jy-muted jy-ellipsis'} title={i.refused?.words}>
          {i.refused ? i.refused.words : whyOf(i)}
        </span>
      ),
    },
    ...(editable
      ? [
          {
            key: 'note',
            title: '',
            width: 64,
            render: (i: HandoverItem) =>
              i.kind === 'account' && (
                <Button size="small" type="text" onClick={() => setNoting(i)} aria-label={t('handover:note.of', { name: i.name })}>
                  {t('handover:note.short')}
                </Button>
              ),
          },
        ]
      : [
          {
            key: 'state',
            title: t('handover:column.state'),
            width: 150,
            render: (i: HandoverItem) =>
              i.returnedAt ? (
                <Tag>{t('handover:item.returned', { at: moment(i.returnedAt, new Date(), zone) })}</Tag>
              ) : i.movedAt ? (
                <Tag color="success">{t('handover:item.moved', { at: moment(i.movedAt, new Date(), zone) })}</Tag>
              ) : i.refused ? (
                <Tag color="warning">{t('handover:item.left')}</Tag>
              ) : (
                <Tag color="processing">{t('handover:item.waiting')}</Tag>
              ),
          },
        ]),
  ]
  const nameOf = (i: HandoverItem): string =>
    i.kind === 'approval' || i.kind === 'request'
      ? t(`handover:request.${i.name.replace('.', '_')}`, { defaultValue: i.name || `#${i.id}` })
      : i.name || `#${i.id}`
  const whyOf = (i: HandoverItem): string =>
    i.why === null
      ? ''
      : t(`handover:reason.${i.why.by}`, { n: (i.why.n ?? 0) + 1, how: i.why.to && i.why.to !== 'person' ? t(`handover:how.${i.why.to}`) : '' })
  const choose = (p: Person | null) => p && give(p.id)
  return (
    <>
      <DataTable
        name="handover"
        label={t('handover:items')}
        columns={columns}
        list={list}
        rowKey={i => i.id}
        {...(editable ? { selection: { keys, onChange: setKeys } } : {})}
        toolbar={
          <>
            <Select
              aria-label={t('handover:items')}
              style={{ minWidth: 170 }}
              value={kind}
              onChange={next => {
                setKind(next)
                setKeys(new Set())
              }}
              options={kinds.map(k => ({ value: k.kind, label: `${t(`handover:kind.${k.kind}`)} ${editable ? k.held : k.going + k.refused}` }))}
            />
            <Select
              allowClear
              aria-label={t('handover:column.to')}
              placeholder={t('handover:anybody')}
              style={{ minWidth: 150 }}
              value={to}
              onChange={setTo}
              options={[...handover.receivers.map(r => ({ value: r.id, label: r.name })), { value: 'none', label: t('handover:column.none') }]}
            />
          </>
        }
        selectedBar={
          <>
            <span style={{ width: 190 }}>
              <PersonSelect
                placeholder={t('handover:hand.to')}
                aria-label={t('handover:hand.to')}
                exclude={handover.from.id}
                value={null}
                onChange={choose}
              />
            </span>
            <Button onClick={() => give('stay')}>{t('handover:hand.stay')}</Button>
            <Button onClick={() => give('rule')}>{t('handover:hand.rule')}</Button>
          </>
        }
        empty={<Empty title={t('handover:none')} />}
      />
      {noting && <NoteDialog item={noting} onClose={() => setNoting(null)} onSave={note => write.mutate({ note, ids: [noting.id] })} />}
    </>
  )
}

function NoteDialog({ item, onClose, onSave }: { item: HandoverItem; onClose: () => void; onSave: (note: string | null) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(item.note ?? '')
  return (
    <Modal
      open
      title={t('handover:note.of', { name: item.name })}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      onCancel={onClose}
      onOk={() => onSave(text.trim() || null)}
    >
      <p className="jy-muted">{t('handover:note.why')}</p>
      <Input.TextArea
        autoFocus
        aria-label={t('handover:note.short')}
        autoSize={{ minRows: 3 }}
        maxLength={500}
        value={text}
        onChange={event => setText(event.target.value)}
      />
    </Modal>
  )
}
