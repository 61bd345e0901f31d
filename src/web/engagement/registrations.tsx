/** Partner registrations: asked, in force, ended; accepted or refused in their place. */
import { Button, Form, Input, Modal, Tag } from 'antd'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addRegistration, decideRegistration, listRegistrations, type RegistrationRow } from '../../contract/engagement/settings.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { isoDay } from '../app/format.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'

const TONE = { asked: 'warning', accepted: 'success', refused: 'default', ended: 'default' } as const

export function Registrations() {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const writes = useMayChange('account.edit')
  const list = usePaged<RegistrationRow>(['registrations'], (cursor, signal) => call(listRegistrations, { query: { cursor }, signal }))
  return (
    <section className="jy-card">
      {writes && (
        <div className="jy-row" style={{ padding: '10px 12px' }}>
          <p className="jy-muted jy-grow">{t('engagement:registration.about')}</p>
          <Button icon={<Plus size={14} />} onClick={() => setAdding(true)}>
            {t('engagement:registration.add')}
          </Button>
        </div>
      )}
      {list.pending && <Skeleton lines={4} />}
      {list.error !== null && list.rows.length === 0 && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.pending && list.error === null && list.rows.length === 0 && <Empty title={t('engagement:registration.none')} />}
      <ul className="jy-list">
        {list.rows.map(r => (
          <Row key={r.id} r={r} />
        ))}
      </ul>
      <MoreButton list={list} />
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </section>
  )
}

function Row({ r }: { r: RegistrationRow }) {
  const { t } = useTranslation()
  const decides = useMayChange('engagement.manage')
  const decide = useChange({
    run: (state: 'accepted' | 'refused' | 'ended') => call(decideRegistration, { params: { id: r.id }, ifMatch: r.rowVersion, body: { state } }),
    touches: [['registrations']],
  })
  return (
    <li>
      <span className="jy-grow">
        <b>{r.accountId ? <AccountLink id={r.accountId}>{r.name}</AccountLink> : r.name}</b>
        <p className="jy-muted">{t('engagement:registration.line', { partner: r.partner, owner: r.owner.name, from: r.from, until: r.until })}</p>
      </span>
      <Tag color={TONE[r.state]}>{t(`engagement:registration.state.${r.state}`)}</Tag>
      {decides && r.state === 'asked' && (
        <>
          <Button size="small" type="primary" loading={decide.isPending} onClick={() => decide.mutate('accepted')}>
            {t('engagement:registration.accept')}
          </Button>
          <Button size="small" onClick={() => decide.mutate('refused')}>
            {t('engagement:registration.refuse')}
          </Button>
        </>
      )}
      {decides && r.state === 'accepted' && (
        <Button size="small" loading={decide.isPending} onClick={() => decide.mutate('ended')}>
          {t('engagement:registration.end')}
        </Button>
      )}
    </li>
  )
}

/** Of a customer's own page its record is known; elsewhere the full name is typed. */
export function AddDialog({ account, onClose }: { account?: { id: string; name: string }; onClose: () => void }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  const today = isoDay(new Date(), zone)
  const [name, setName] = useState(account?.name ?? '')
  const [partner, setPartner] = useState('')
  const [owner, setOwner] = useState<Person | null>(null)
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState(isoDay(new Date(Date.now() + 180 * 86_400_000), zone))
  const add = useChange({
    run: () =>
      call(addRegistration, {
        body: {
          ...(account ? { accountId: account.id } : { name: name.trim() }),
          partner: partner.trim(),
          ...(owner ? { ownerId: owner.id } : {}),
          from,
          until,
        },
      }),
    touches: [['registrations']],
    onDone: onClose,
  })
  return (
    <Modal
      open
      title={t('engagement:registration.add')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !name.trim() || !partner.trim() || !from || !until }}
      confirmLoading={add.isPending}
      onOk={() => add.mutate()}
      onCancel={onClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('engagement:registration.name')}>
          <Input
            aria-label={t('engagement:registration.name')}
            disabled={account !== undefined}
            maxLength={200}
            value={name}
            onChange={event => setName(event.target.value)}
          />
        </Form.Item>
        <Form.Item label={t('engagement:registration.partner')}>
          <Input
            autoFocus
            aria-label={t('engagement:registration.partner')}
            maxLength={200}
            value={partner}
            onChange={event => setPartner(event.target.value)}
          />
        </Form.Item>
        <Form.Item label={t('engagement:registration.owner')}>
          <PersonSelect
            value={owner}
            onChange={setOwner}
            placeholder={t('engagement:open.claimantMe')}
            aria-label={t('engagement:registration.owner')}
          />
        </Form.Item>
        <div className="jy-row">
          <Form.Item label={t('engagement:registration.from')}>
            <Input type="date" aria-label={t('engagement:registration.from')} value={from} onChange={event => setFrom(event.target.value)} />
          </Form.Item>
          <Form.Item label={t('engagement:registration.until')}>
            <Input
              type="date"
              aria-label={t('engagement:registration.until')}
              min={from}
              value={until}
              onChange={event => setUntil(event.target.value)}
            />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  )
}
