/** Sharing an account: with a person or a team, to read, to read what is masked, or to edit; until a day or for good. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Drawer, Form, Radio, Segmented, Select } from 'antd'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { addShare, removeShare } from '../../contract/account/attached.ts'
import { listTeams } from '../../contract/identity/people.ts'
import { call } from '../app/api.ts'
import { Face } from '../app/face.tsx'
import { day } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'

type Values = {
  with: 'user' | 'team'
  person?: Person | null
  teamId?: string
  access: 'read' | 'private' | 'edit'
  until?: { endOf(unit: 'day'): { toISOString(): string } } | null
}

export function ShareDrawer({ account, onClose }: { account: AccountDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const whom = Form.useWatch('with', form) ?? 'user'
  const teams = useQuery({ queryKey: ['teams'], enabled: whom === 'team', queryFn: ({ signal }) => call(listTeams, { signal }) })
  const failed = (error: unknown) => void message.error(say(error))
  const add = useMutation({
    mutationFn: (v: Values) =>
      call(addShare, {
        params: { id: account.id },
        body: {
          ...(v.with === 'team' ? { teamId: v.teamId } : { userId: v.person?.id }),
          access: v.access,
          until: v.until ? v.until.endOf('day').toISOString() : null,
        },
      }),
    onSuccess: async () => {
      form.resetFields()
      await queries.invalidateQueries()
    },
    onError: failed,
  })
  const remove = useMutation({
    mutationFn: (id: string) => call(removeShare, { params: { id: account.id, subId: id } }),
    onSuccess: () => queries.invalidateQueries(),
    onError: failed,
  })
  return (
    <Drawer open size={420} title={t('account:shared')} onClose={onClose}>
      {account.shares.length === 0 && <p className="jy-muted">{t('account:share.noneWhy')}</p>}
      <ul className="jy-list">
        {account.shares.map(s => (
          <li key={s.id}>
            <Face name={s.name} size={22} />
            <span className="jy-grow">
              <b>{s.name}</b>
              <br />
              <small className="jy-muted">
                {t(`account:share.${s.access}`)} ·{' '}
                {s.until ? t('account:until', { day: day(s.until, new Date(), me?.tenant.zone) }) : t('account:owned.forever')}
              </small>
            </span>
            {account.editable && (
              <Button
                type="text"
                aria-label={t('account:share.end', { name: s.name })}
                icon={<Trash2 size={14} />}
                loading={remove.isPending && remove.variables === s.id}
                onClick={() => remove.mutate(s.id)}
              />
            )}
          </li>
        ))}
      </ul>
      {account.editable && (
        <Form form={form} layout="vertical" initialValues={{ with: 'user', access: 'read' }} onFinish={v => add.mutate(v)} style={{ marginTop: 16 }}>
          <Form.Item name="with" label={t('account:share.with')}>
            <Segmented options={(['user', 'team'] as const).map(value => ({ value, label: t(`account:share.${value}`) }))} />
          </Form.Item>
          {whom === 'user' ? (
            <Form.Item name="person" rules={[{ required: true, message: t('account:assign.missing') }]}>
              <PersonSelect aria-label={t('account:share.user')} />
            </Form.Item>
          ) : (
            <Form.Item name="teamId" rules={[{ required: true, message: t('account:share.teamMissing') }]}>
              <Select
                aria-label={t('account:share.team')}
                loading={teams.isFetching}
                options={teams.data?.rows.map(x => ({ value: x.id, label: x.name }))}
              />
            </Form.Item>
          )}
          <Form.Item name="access" label={t('account:share.access')}>
            <Radio.Group style={{ display: 'flex', flexDirection: 'column', gap: 6 }}>
              {(['read', 'private', 'edit'] as const).map(value => (
                <Radio key={value} value={value}>
                  {t(`account:share.${value}`)} <small className="jy-muted">{t(`account:share.${value}Why`)}</small>
                </Radio>
              ))}
            </Radio.Group>
          </Form.Item>
          <Form.Item name="until" label={t('account:pin.until')}>
            <DatePicker style={{ width: '100%' }} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={add.isPending} block>
            {t('account:share.do')}
          </Button>
        </Form>
      )}
    </Drawer>
  )
}
