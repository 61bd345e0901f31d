/** Members of a territory: who leads, who helps, who may only look; dates and credit shares. In a draft they hold for that model only. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Form, InputNumber, Modal, Select } from 'antd'
import { UserMinus, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listUsers } from '../../contract/identity/people.ts'
import { addMember, type MemberRow, type Model, removeMember } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { useMayChange } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'

const ROLES = ['owner', 'collaborator', 'manager', 'viewer'] as const
const ACCESS = ['edit', 'private', 'read'] as const
type Values = {
  userId: string
  role: (typeof ROLES)[number]
  access: (typeof ACCESS)[number]
  credit: number
  dates?: [{ toISOString(): string } | null, { toISOString(): string } | null] | null
}

export function Members({ model, territoryId, members }: { model: Model; territoryId: string; members: readonly MemberRow[] }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const plans = useMayChange('territory.plan') && (model.state === 'draft' || model.active)
  const [adding, setAdding] = useState(false)
  const [form] = Form.useForm<Values>()
  const [needle, setNeedle] = useState('')
  const people = useQuery({
    queryKey: ['people', 'pick', needle],
    enabled: adding,
    queryFn: ({ signal }) => call(listUsers, { query: { search: needle || undefined, state: 'active', limit: 20 }, signal }),
  })
  const refresh = () => Promise.all(['territory', 'territories', 'coverage'].map(key => queries.invalidateQueries({ queryKey: [key] })))
  const add = useMutation({
    mutationFn: (v: Values) =>
      call(addMember, {
        params: { id: model.id, territoryId },
        body: {
          userId: v.userId,
          role: v.role,
          access: v.access,
          creditBp: Math.round((v.credit ?? 0) * 100),
          startsAt: v.dates?.[0]?.toISOString(),
          endsAt: v.dates?.[1]?.toISOString() ?? null,
        },
      }),
    onSuccess: async () => {
      setAdding(false)
      form.resetFields()
      await refresh()
    },
    onError: error => void message.error(say(error)),
  })
  const remove = useMutation({
    mutationFn: (m: MemberRow) => call(removeMember, { params: { id: m.id }, ifMatch: m.rowVersion }),
    onSuccess: refresh,
    onError: error => void message.error(say(error)),
  })
  const own = members.filter(m => m.inheritedFrom === null)
  const sum = own.reduce((s, m) => s + m.creditBp, 0) / 100
  return (
    <>
      <div className="jy-row">
        <b>{t('territory:members.who')}</b>
        <span className="jy-grow" />
        <span className="jy-muted">{t('territory:members.credit', { sum })}</span>
      </div>
      {own.length === 0 && <p className="jy-muted">{t('territory:members.none')}</p>}
      {members.map(m => (
        <div className="jy-member" key={m.id} data-inherited={m.inheritedFrom ?? undefined}>
          <span className="jy-swatch" style={{ width: 24, height: 24, borderRadius: 12, display: 'grid', placeItems: 'center', fontSize: 11 }}>
            {m.name.slice(0, 1)}
          </span>
          <span>
            {m.name} <small className="jy-muted">{t(`territory:role.${m.role}`)}</small>
            {m.inheritedFrom && <small className="jy-muted"> · {t('territory:panel.inherited', { name: m.inheritedFrom })}</small>}
            {m.endsAt && <small className="jy-muted"> · {t('territory:members.until', { day: m.endsAt.slice(0, 10) })}</small>}
          </span>
          <small className="jy-muted">{t(`territory:access.${m.access}`)}</small>
          <span className="jy-row">
            <b className="jy-number">{m.creditBp > 0 ? `${m.creditBp / 100}%` : '–'}</b>
            {plans && m.inheritedFrom === null && (model.active || m.modelId === model.id) && (
              <button
                type="button"
                className="jy-plain"
                aria-label={t('territory:members.end', { name: m.name })}
                onClick={() =>
                  modal.confirm({
                    title: t('territory:members.endAsk', { name: m.name }),
                    okText: t('territory:members.endNow'),
                    cancelText: t('shell:cancel'),
                    onOk: () => remove.mutateAsync(m).catch(() => undefined),
                  })
                }
              >
                <UserMinus size={14} />
              </button>
            )}
          </span>
        </div>
      ))}
      {plans && (
        <Button size="small" icon={<UserPlus size={13} />} onClick={() => setAdding(true)}>
          {t('territory:members.add')}
        </Button>
      )}
      <Modal
        open={adding}
        title={t('territory:members.add')}
        okText={t('shell:save')}
        cancelText={t('shell:cancel')}
        okButtonProps={{ loading: add.isPending }}
        onOk={() => form.submit()}
        onCancel={() => setAdding(false)}
      >
        <Form form={form} layout="vertical" initialValues={{ role: 'owner', access: 'edit', credit: 0 }} onFinish={v => add.mutate(v)}>
          <Form.Item name="userId" label={t('territory:members.person')} rules={[{ required: true, message: t('territory:members.personMissing') }]}>
            <Select
              showSearch={{ filterOption: false, onSearch: setNeedle }}
              loading={people.isFetching}
              options={people.data?.rows.map(p => ({ value: p.id, label: `${p.name} ${p.title ?? ''}` }))}
            />
          </Form.Item>
          <Form.Item name="role" label={t('territory:members.role')}>
            <Select options={ROLES.map(value => ({ value, label: t(`territory:role.${value}`) }))} />
          </Form.Item>
          <Form.Item name="access" label={t('territory:members.access')}>
            <Select options={ACCESS.map(value => ({ value, label: t(`territory:access.${value}`) }))} />
          </Form.Item>
          <Form.Item name="credit" label={t('territory:members.share')}>
            <InputNumber min={0} max={100} suffix="%" style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="dates" label={t('territory:members.dates')}>
            <DatePicker.RangePicker allowEmpty={[true, true]} style={{ width: '100%' }} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
