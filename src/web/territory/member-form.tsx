/** One member: the person, what he does there, what he may touch, his share of the credit, from when to when. A start in the future takes effect by itself. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Form, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listUsers } from '../../contract/identity/people.ts'
import { addMember, type MemberRow, type Model, updateMember } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { useRested } from '../app/paged.ts'
import { useProblemText } from '../app/states.tsx'
import { dayOf, instantOf } from './member-days.ts'
import { MEMBER_QUERIES } from './members.tsx'

const ROLES = ['owner', 'collaborator', 'manager', 'viewer'] as const
const ACCESS = ['edit', 'private', 'read'] as const
type Values = { userId: string; role: (typeof ROLES)[number]; access: (typeof ACCESS)[number]; credit: number; from?: string; until?: string }

type Props = {
  readonly model: Model
  readonly territoryId: string
  readonly member: MemberRow | null
  readonly others: readonly MemberRow[]
  /** Somebody chosen already. */
  readonly person?: { readonly id: string; readonly name: string }
  readonly onClose: () => void
}

export function MemberForm({ model, territoryId, member, others, person, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const [typed, setTyped] = useState('')
  const needle = useRested(typed)
  const credit = Form.useWatch('credit', form) ?? 0
  const sum = others.filter(o => o.id !== member?.id).reduce((s, o) => s + o.creditBp, 0) / 100 + credit
  const people = useQuery({
    queryKey: ['people', 'pick', needle],
    enabled: member === null,
    queryFn: ({ signal }) => call(listUsers, { query: { search: needle || undefined, state: 'active', limit: 20 }, signal }),
  })
  const save = useMutation({
    mutationFn: async (v: Values) => {
      const body = {
        role: v.role,
        access: v.access,
        creditBp: Math.round((v.credit ?? 0) * 100),
        ...(v.from && v.from !== dayOf(member?.startsAt) ? { startsAt: instantOf(v.from) } : {}),
        endsAt: v.until ? instantOf(v.until, 1) : null,
      }
      if (member)
        await call(updateMember, {
          params: { id: member.id },
          query: model.state === 'draft' ? { modelId: model.id } : {},
          ifMatch: member.rowVersion,
          body,
        })
      else await call(addMember, { params: { id: model.id, territoryId }, body: { ...body, userId: v.userId } })
    },
    onSuccess: async () => {
      onClose()
      await Promise.all(MEMBER_QUERIES.map(key => queries.invalidateQueries({ queryKey: [key] })))
    },
    onError: error => {
      if (!markFields(form, error)) void message.error(say(error))
    },
  })
  return (
    <Modal
      open
      title={member ? t('territory:members.change', { name: member.name }) : t('territory:members.add')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          userId: person?.id,
          role: member?.role ?? (others.some(o => o.role === 'owner') ? 'collaborator' : 'owner'),
          access: member?.access ?? 'edit',
          credit: (member?.creditBp ?? 0) / 100,
          from: dayOf(member?.startsAt),
          until: dayOf(member?.endsAt ?? undefined, -1),
        }}
        onFinish={v => save.mutate(v)}
      >
        {member === null && (
          <Form.Item name="userId" label={t('territory:members.person')} rules={[{ required: true, message: t('territory:members.personMissing') }]}>
            <Select
              showSearch={{ filterOption: false, onSearch: setTyped }}
              loading={people.isFetching}
              options={[...(person ? [person] : []), ...(people.data?.rows ?? []).filter(p => p.id !== person?.id)].map(p => ({
                value: p.id,
                label: `${p.name} ${'title' in p ? (p.title ?? '') : ''}`,
              }))}
            />
          </Form.Item>
        )}
        <Form.Item name="role" label={t('territory:members.role')}>
          <Select options={ROLES.map(value => ({ value, label: `${t(`territory:role.${value}`)} · ${t(`territory:roleWhy.${value}`)}` }))} />
        </Form.Item>
        <Form.Item name="access" label={t('territory:members.access')}>
          <Select options={ACCESS.map(value => ({ value, label: t(`territory:access.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="credit"
          label={t('territory:members.share')}
          extra={t('territory:members.sum', { sum: Math.round(sum * 100) / 100 })}
          validateStatus={sum > 100 ? 'error' : undefined}
        >
          <InputNumber min={0} max={100} precision={2} suffix="%" style={{ width: '100%' }} />
        </Form.Item>
        <div className="jy-row">
          <Form.Item name="from" label={t('territory:members.starts')} className="jy-grow">
            <input type="date" className="jy-date" />
          </Form.Item>
          <Form.Item name="until" label={t('territory:members.ends')} className="jy-grow">
            <input type="date" className="jy-date" />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  )
}
