/** Addresses of an account: added, changed, checked, removed. While one types, the division the text names is shown; nothing is guessed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Modal, Select } from 'antd'
import { BadgeCheck, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { type AddressKind, type AddressRow, addAddress, removeAddress, updateAddress } from '../../contract/account/addresses.ts'
import { locateAddress } from '../../contract/geography/locate.ts'
import { call } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { useRested } from '../app/paged.ts'
import { useProblemText } from '../app/states.tsx'
import { DivisionInput } from './field-input.tsx'
import type { Words } from './use-catalogue.ts'

type Editing = { readonly kind: AddressKind; readonly row: AddressRow | null }

export function Addresses({ account, words }: { account: AccountDetail; words: Words }) {
  const { t } = useTranslation()
  const me = useMe()
  const [editing, setEditing] = useState<Editing | null>(null)
  const shows = words.fields.some(f => f.key === 'address')
  const of = (kind: AddressKind) => account.addresses.filter(a => a.kind === kind)
  const [business] = of('business')
  const [registered] = of('registered')
  const seat = registered?.division ?? account.values.registeredDivision
  const place = business?.division ?? account.values.division
  const differs = Boolean(seat && place && seat !== place)
  const line = (kind: AddressKind, row: AddressRow | undefined, division: unknown) => (
    <div className="jy-field" key={row?.id ?? kind}>
      <span>{row?.kind === 'site' && row.name ? row.name : t(`account:address.${kind}`)}</span>
      <span className="jy-address">
        <span>
          {row?.text ?? (division ? words.value('division', division) : <span className="jy-unset">{t('account:unset')}</span>)}{' '}
          {account.editable && shows && (
            <button
              type="button"
              className="jy-plain jy-quiet"
              aria-label={`${t(row ? 'shell:edit' : 'account:address.add')} ${t(`account:address.${kind}`)}`}
              onClick={() => setEditing({ kind, row: row ?? null })}
            >
              {row ? <Pencil size={12} /> : <Plus size={12} />}
            </button>
          )}
        </span>
        {row?.text && row.divisionPath && <small className="jy-muted">{row.divisionPath}</small>}
        {row?.verifiedAt && (
          <small className="jy-good" title={row.verifiedBy ?? ''}>
            {t('account:address.verifiedOn', { day: day(row.verifiedAt, new Date(), me?.tenant.zone) })}
          </small>
        )}
        {kind === 'registered' && differs && <small className="jy-warn">{t('account:address.differs')}</small>}
      </span>
    </div>
  )
  return (
    <>
      {line('business', business, account.values.division)}
      {(seat || registered || account.editable) && line('registered', registered, account.values.registeredDivision)}
      {of('site').map(row => line('site', row, row.division))}
      {account.editable && shows && (
        <Button className="jy-flush" size="small" type="text" icon={<Plus size={12} />} onClick={() => setEditing({ kind: 'site', row: null })}>
          {t('account:address.addSite')}
        </Button>
      )}
      {editing && <Editor accountId={account.id} {...editing} onClose={() => setEditing(null)} />}
    </>
  )
}

type Values = { name?: string; text?: string; division?: string | null; lng?: number | null; lat?: number | null; crs: 'WGS84' | 'GCJ02' | 'BD09' }

function Editor({ accountId, kind, row, onClose }: Editing & { accountId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const text = useRested(Form.useWatch('text', form) ?? '', 250)
  const chosen = Form.useWatch('division', form)
  const located = useQuery({
    queryKey: ['locate', text],
    enabled: text.trim().length > 1,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call(locateAddress, { body: { text }, signal }),
  })
  const done = async () => {
    await queries.invalidateQueries()
    onClose()
  }
  const save = useMutation({
    mutationFn: async ({ values, verified }: { values: Values; verified?: boolean }) => {
      const point =
        values.lng !== null && values.lng !== undefined && values.lat !== null && values.lat !== undefined
          ? { lng: values.lng, lat: values.lat, crs: values.crs }
          : null
      // Coordinates that nobody touched are not sent: they are kept in WGS-84, whatever the chooser says.
      const pointTouched = form.isFieldsTouched(['lng', 'lat', 'crs'])
      const body = {
        text: values.text?.trim() || null,
        ...(kind === 'site' ? { name: values.name?.trim() || null } : {}),
        ...(values.division ? { division: values.division } : {}),
        ...(pointTouched ? { point } : {}),
        ...(verified === undefined ? {} : { verified }),
      }
      return row
        ? call(updateAddress, { params: { id: accountId, subId: row.id }, ifMatch: row.rowVersion, body })
        : call(addAddress, { params: { id: accountId }, body: { kind, ...body } })
    },
    onSuccess: async reply => {
      void message.success(
        kind === 'site'
          ? t('shell:saved')
          : t('account:edit.moved', {
              territory: reply.territory ? `${reply.territory.code} ${reply.territory.name}` : t('account:unassigned'),
              owner: reply.owner?.name ?? t('account:nobody'),
            }),
      )
      await done()
    },
    onError: error => {
      if (!markFields(form, error)) void message.error(say(error))
    },
  })
  const remove = useMutation({
    mutationFn: () => call(removeAddress, { params: { id: accountId, subId: row!.id }, ifMatch: row!.rowVersion }),
    onSuccess: done,
    onError: error => void message.error(say(error)),
  })
  const run = (verified?: boolean) =>
    form.validateFields().then(
      values => save.mutate({ values, ...(verified === undefined ? {} : { verified }) }),
      () => undefined,
    )
  return (
    <Modal
      open
      title={t(`account:address.${kind}`)}
      onCancel={onClose}
      footer={
        <div className="jy-row jy-wrap">
          {row && (
            <Button danger type="text" loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('shell:remove')}
            </Button>
          )}
          <span className="jy-grow" />
          <Button icon={<BadgeCheck size={14} />} loading={save.isPending} onClick={() => run(true)}>
            {t('account:address.saveVerified')}
          </Button>
          <Button type="primary" loading={save.isPending} onClick={() => run()}>
            {t('shell:save')}
          </Button>
        </div>
      }
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          name: row?.name ?? '',
          text: row?.text ?? '',
          division: row?.division ?? null,
          lng: row?.lng ?? null,
          lat: row?.lat ?? null,
          crs: row ? 'WGS84' : 'GCJ02',
        }}
      >
        {kind === 'site' && (
          <Form.Item name="name" label={t('account:address.name')}>
            <Input maxLength={80} placeholder={t('account:address.nameHint')} />
          </Form.Item>
        )}
        <Form.Item
          name="text"
          label={t('account:address.text')}
          extra={
            text.trim().length < 2
              ? undefined
              : located.data?.path
                ? t('account:address.located', { path: located.data.path })
                : located.data
                  ? t(`account:address.why.${located.data.why ?? 'unknown'}`)
                  : undefined
          }
        >
          <Input.TextArea autoSize={{ minRows: 2 }} maxLength={400} autoFocus />
        </Form.Item>
        <Form.Item
          name="division"
          label={t('account:address.division')}
          extra={!chosen && located.data?.path ? t('account:address.divisionEmpty') : undefined}
        >
          <DivisionField />
        </Form.Item>
        <div className="jy-row jy-wrap">
          <Form.Item name="lng" label={t('account:address.lng')} className="jy-grow">
            <InputNumber min={-180} max={180} style={{ width: '100%' }} placeholder="120.585" />
          </Form.Item>
          <Form.Item name="lat" label={t('account:address.lat')} className="jy-grow">
            <InputNumber min={-90} max={90} style={{ width: '100%' }} placeholder="31.299" />
          </Form.Item>
          <Form.Item name="crs" label={t('account:address.crs')} className="jy-grow">
            <Select options={(['WGS84', 'GCJ02', 'BD09'] as const).map(value => ({ value, label: t(`account:address.system.${value}`) }))} />
          </Form.Item>
        </div>
        <small className="jy-muted">{t(`account:address.${kind}Why`)}</small>
      </Form>
    </Modal>
  )
}

/** The form gives value and change; a division chosen by hand wins over the text. */
function DivisionField({ value, onChange, id }: { value?: string | null; onChange?: (value: string | null) => void; id?: string }) {
  return <DivisionInput id={id} value={value} onChange={next => onChange?.(next)} />
}
