/** One lead: what it says, what to do next, what was noted, and why it is where it is. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Drawer, Input, Tag } from 'antd'
import { Building2, CircleOff, Pencil, Route as RouteIcon, UserRoundCog } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noteLead, readLead, routeLeads } from '../../contract/intake/leads.ts'
import { useWords } from '../account/use-catalogue.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call, type ReplyOf } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { moment } from '../app/format.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { AssignLeads } from './assign-leads.tsx'
import { CloseLeads } from './close-leads.tsx'
import { ConvertLead } from './convert-lead.tsx'
import { EditLead } from './edit-lead.tsx'
import { DueRing, StateTag } from './lead-columns.tsx'
import { LeadWhy } from './lead-why.tsx'

export type Lead = ReplyOf<typeof readLead>
export const LEAD_TOUCHES = [['leads'], ['lead'], ['notifications']] as const

export function LeadDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['lead', id], enabled: id !== null, queryFn: ({ signal }) => call(readLead, { params: { id: id! }, signal }) })
  return (
    <Drawer open={id !== null} onClose={onClose} size={480} title={found.data?.company ?? t('intake:lead')}>
      {found.isPending && id !== null && <Skeleton lines={10} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <Body key={found.data.id} lead={found.data} onClose={onClose} />}
    </Drawer>
  )
}

function Body({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const words = useWords(lead.division ? [lead.division] : [])
  const works = useMayChange('lead.edit') && lead.editable
  const [open, setOpen] = useState<'assign' | 'close' | 'convert' | 'edit' | null>(null)
  const route = useChange({ run: () => call(routeLeads, { body: { ids: [lead.id] } }), touches: LEAD_TOUCHES, said: t('intake:queue.routed') })
  const fact = (word: string, value: string | null) => (
    <>
      <dt>{word}</dt>
      <dd>{value || '–'}</dd>
    </>
  )
  return (
    <div className="jy-lead">
      <div className="jy-lead-head">
        <StateTag lead={lead} />
        <DueRing lead={lead} />
      </div>
      {works && (
        <div className="jy-lead-head">
          <Button size="small" type="primary" icon={<Building2 size={13} />} onClick={() => setOpen('convert')}>
            {t('intake:convert.title')}
          </Button>
          <Button size="small" icon={<UserRoundCog size={13} />} onClick={() => setOpen('assign')}>
            {t('intake:assign.title')}
          </Button>
          <Button size="small" icon={<RouteIcon size={13} />} loading={route.isPending} onClick={() => route.mutate()}>
            {t('intake:queue.route')}
          </Button>
          <Button size="small" icon={<Pencil size={13} />} onClick={() => setOpen('edit')}>
            {t('intake:edit')}
          </Button>
          <Button size="small" icon={<CircleOff size={13} />} onClick={() => setOpen('close')}>
            {t('intake:close.title')}
          </Button>
        </div>
      )}
      {lead.hint && <Alert type="info" showIcon title={t(`intake:hint.${lead.hint}`)} />}
      {lead.closeReason && <Alert type="info" title={t('intake:closedBecause', { why: t(`intake:closeReason.${lead.closeReason}`) })} />}
      {lead.need && <p className="jy-lead-need">{lead.need}</p>}
      <dl className="jy-facts">
        {fact(t('intake:column.owner'), lead.owner?.name ?? t('intake:nobody'))}
        <dt>{t('intake:column.territory')}</dt>
        <dd>{lead.territory ? <TerritoryChip {...lead.territory} /> : '–'}</dd>
        {fact(t('intake:field.contact'), [lead.contact, lead.title].filter(Boolean).join(' · '))}
        {fact(t('intake:field.phone'), lead.masked ? t('intake:masked') : lead.phone)}
        {fact(t('intake:field.email'), lead.masked ? t('intake:masked') : lead.email)}
        {fact(words.label('division'), words.value('division', lead.division))}
        {fact(words.label('industry'), words.value('industry', lead.industry))}
        {fact(
          t('intake:column.channel'),
          [lead.channel ? words.value('source', lead.channel) : null, lead.campaign, t(`intake:source.${lead.source}`, lead.source)]
            .filter(Boolean)
            .join(' · '),
        )}
        <dt>{t('intake:account')}</dt>
        <dd>{lead.account ? <AccountLink id={lead.account.id}>{lead.account.name}</AccountLink> : '–'}</dd>
        {fact(t('intake:column.created'), moment(lead.createdAt, new Date(), me?.tenant.zone))}
        {fact(t('intake:dueAt'), moment(lead.dueAt, new Date(), me?.tenant.zone))}
      </dl>
      {works && <Note lead={lead} />}
      {lead.notes.length > 0 && (
        <section className="jy-lead-notes" aria-label={t('intake:notes')}>
          <h3>{t('intake:notes')}</h3>
          {lead.notes.map(n => (
            <p key={n.id}>
              <small className="jy-muted">{`${moment(n.at, new Date(), me?.tenant.zone)} ${n.author.name}`}</small>
              {n.kind !== 'note' && <Tag>{t(`intake:noteKind.${n.kind}`)}</Tag>}
              <br />
              {n.text}
            </p>
          ))}
        </section>
      )}
      <LeadWhy routes={lead.routes} />
      {open === 'edit' && <EditLead lead={lead} onClose={() => setOpen(null)} />}
      {open === 'convert' && <ConvertLead lead={lead} onClose={() => setOpen(null)} />}
      {open === 'assign' && (
        <AssignLeads ids={[lead.id]} onClose={() => setOpen(null)} onDone={reply => (reply.changed > 0 ? onClose() : setOpen(null))} />
      )}
      {open === 'close' && <CloseLeads ids={[lead.id]} onClose={() => setOpen(null)} onDone={() => setOpen(null)} />}
    </div>
  )
}

function Note({ lead }: { lead: Lead }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [contact, setContact] = useState(lead.firstContactAt === null)
  const save = useChange({
    run: () => call(noteLead, { params: { id: lead.id }, body: { text: text.trim(), contact } }),
    touches: LEAD_TOUCHES,
    onDone: () => setText(''),
  })
  return (
    <div className="jy-lead-note">
      <Input.TextArea
        rows={2}
        maxLength={2000}
        aria-label={t('intake:note.label')}
        placeholder={t('intake:note.placeholder')}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <div className="jy-row">
        <Checkbox checked={contact} onChange={event => setContact(event.target.checked)}>
          {t(lead.firstContactAt === null ? 'intake:note.first' : 'intake:note.contact')}
        </Checkbox>
        <span className="jy-grow" />
        <Button type="primary" disabled={!text.trim()} loading={save.isPending} onClick={() => save.mutate()}>
          {t('shell:save')}
        </Button>
      </div>
    </div>
  )
}
