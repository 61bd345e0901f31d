/** People: find, invite with a link handed over once, change, reset, deactivate with a successor, look as somebody else. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Alert, App, Button, Drawer, Dropdown, Form, Input, Modal, Segmented, Select, Tag } from 'antd'
import { Ellipsis, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { activateUser, deactivateUser, inviteUser, listUsers, resetUser, type User, updateUser } from '../../contract/identity/people.ts'
import { viewAs } from '../../contract/identity/session.ts'
import { call, Problem } from '../app/api.ts'
import { DataTable } from '../app/data-table.tsx'
import { Face } from '../app/face.tsx'
import { markFields } from '../app/form-problem.ts'
import { NOTHING } from '../app/format.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { Empty, useProblemText } from '../app/states.tsx'
import { departmentsQuery, rolesQuery } from './people-queries.ts'
import type { Person } from './person-select.tsx'
import { PersonSelect } from './person-select.tsx'
import { TicketLink } from './ticket-link.tsx'

type State = User['state'] | 'all'
const STATES: readonly State[] = ['active', 'invited', 'inactive', 'all']

export function PeoplePage() {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const manages = useMayChange('user.manage')
  const views = useMayChange('viewAs')
  const me = useMe()
  const hands = useMayChange('account.assign')
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const search = useRested(typed.trim())
  const [editing, setEditing] = useState<User | 'new' | null>(null)
  const [leaving, setLeaving] = useState<User | null>(null)
  const [ticket, setTicket] = useState<string | null>(null)
  const [state, setState] = useState<State>('active')
  const list = usePaged<User>(['people', 'list', search, state], (cursor, signal) =>
    call(listUsers, { query: { search: search || undefined, state: state === 'all' ? undefined : state, cursor, limit: 100 }, signal }),
  )
  const refresh = () => queries.invalidateQueries({ queryKey: ['people'] })
  const fail = (error: unknown) => void message.error(say(error))
  const reset = useMutation({
    mutationFn: (u: User) => call(resetUser, { params: { id: u.id } }),
    onSuccess: made => setTicket(made.ticket),
    onError: fail,
  })
  const back = useMutation({ mutationFn: (u: User) => call(activateUser, { params: { id: u.id } }), onSuccess: refresh, onError: fail })
  const look = useMutation({
    mutationFn: (u: User) => call(viewAs, { body: { userId: u.id } }),
    onSuccess: () => window.location.assign('/'),
    onError: fail,
  })
  const act = (u: User, key: string) => {
    if (key === 'edit') setEditing(u)
    if (key === 'reset')
      void modal.confirm({
        title: t('identity:people.resetAsk', { name: u.name }),
        content: t('identity:people.resetWhy'),
        okText: t('identity:people.reset'),
        onOk: () => reset.mutateAsync(u).catch(() => undefined),
      })
    if (key === 'leave') setLeaving(u)
    if (key === 'hand') void navigate({ to: '/handovers/new' as never, search: { from: u.id, name: u.name } as never })
    if (key === 'back') back.mutate(u)
    if (key === 'look') look.mutate(u)
  }
  const menu = (u: User) => [
    ...(manages
      ? [
          { key: 'edit', label: t('shell:edit') },
          { key: 'reset', label: t('identity:people.reset') },
        ]
      : []),
    ...(hands ? [{ key: 'hand', label: t('identity:people.hand') }] : []),
    ...(views && u.state === 'active' && u.id !== me?.user.id ? [{ key: 'look', label: t('identity:people.look') }] : []),
    ...(manages
      ? [
          u.state === 'inactive'
            ? { key: 'back', label: t('identity:people.back') }
            : { key: 'leave', label: t('identity:people.leave'), danger: true },
        ]
      : []),
  ]
  return (
    <div className="jy-page jy-page-fill">
      <div className="jy-page-head">
        <h1 className="jy-grow">{t('identity:people.title')}</h1>
        {manages && (
          <Button type="primary" icon={<UserPlus size={15} />} onClick={() => setEditing('new')}>
            {t('identity:people.invite')}
          </Button>
        )}
      </div>
      <DataTable
        name="people"
        label={t('identity:people.title')}
        list={list}
        rowKey={u => u.id}
        onOpen={manages ? u => setEditing(u) : undefined}
        toolbar={
          <>
            <Input
              data-page-filter
              allowClear
              style={{ width: 220 }}
              placeholder={t('identity:people.find')}
              aria-label={t('identity:people.find')}
              maxLength={80}
              value={typed}
              onChange={event => setTyped(event.target.value)}
            />
            <Segmented
              aria-label={t('identity:people.state')}
              value={state}
              onChange={setState}
              options={STATES.map(value => ({ value, label: t(`identity:state.${value}`) }))}
            />
          </>
        }
        columns={[
          { key: 'name', title: t('identity:people.name'), render: u => <Name user={u} /> },
          { key: 'login', title: t('identity:login.login'), render: u => u.login },
          { key: 'title', title: t('identity:people.job'), render: u => u.title ?? NOTHING },
          { key: 'department', title: t('identity:people.department'), render: u => u.departmentName ?? NOTHING },
          { key: 'roles', title: t('identity:people.roles'), render: u => u.roles.map(r => labelOf(r.labels, currentLocale())).join(', ') },
          { key: 'territories', title: t('identity:people.territories'), width: 80, right: true, render: u => u.territories },
          {
            key: 'state',
            title: t('identity:people.state'),
            width: 90,
            render: u => <Tag color={u.state === 'active' ? 'success' : 'default'}>{t(`identity:state.${u.state}`)}</Tag>,
          },
          {
            key: 'more',
            title: '',
            width: 50,
            render: u =>
              menu(u).length > 0 && (
                <Dropdown menu={{ items: menu(u), onClick: ({ key }) => act(u, key) }} trigger={['click']}>
                  <Button
                    size="small"
                    type="text"
                    icon={<Ellipsis size={14} />}
                    aria-label={t('identity:people.more', { name: u.name })}
                    onClick={event => event.stopPropagation()}
                  />
                </Dropdown>
              ),
          },
        ]}
        empty={<Empty title={t('identity:people.none')} />}
      />
      {editing && <EditPerson person={editing === 'new' ? null : editing} onClose={() => setEditing(null)} onInvited={setTicket} />}
      {leaving && <Leave person={leaving} onClose={() => setLeaving(null)} />}
      <TicketLink ticket={ticket} onClose={() => setTicket(null)} />
    </div>
  )
}

function Name({ user }: { user: User }) {
  return (
    <span className="jy-row">
      <Face name={user.name} size={24} />
      <b className="jy-ellipsis" title={user.nameEn ?? undefined}>
        {user.name}
      </b>
    </span>
  )
}

type Values = { login: string; name: string; nameEn?: string; title?: string; departmentId?: string; roleIds: string[] }

function EditPerson({ person, onClose, onInvited }: { person: User | null; onClose: () => void; onInvited: (ticket: string) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const roles = useQuery(rolesQuery)
  const departments = useQuery(departmentsQuery)
  const save = useMutation({
    mutationFn: async (v: Values) => {
      const rest = { name: v.name, nameEn: v.nameEn || null, title: v.title || null, departmentId: v.departmentId ?? null, roleIds: v.roleIds }
      if (!person) return (await call(inviteUser, { body: { login: v.login, ...rest } })).ticket
      await call(updateUser, { params: { id: person.id }, ifMatch: person.rowVersion, body: rest })
      return null
    },
    onSuccess: async ticket => {
      await queries.invalidateQueries({ queryKey: ['people'] })
      onClose()
      if (ticket) onInvited(ticket)
    },
    onError: error => {
      if (!markFields(form, error)) void message.error(say(error))
      if (error instanceof Problem && error.code === 'record.stale') void queries.invalidateQueries({ queryKey: ['people'] })
    },
  })
  return (
    <Drawer
      open
      size={420}
      title={person ? person.name : t('identity:people.invite')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
          {t('shell:save')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={person ? { ...person, roleIds: person.roles.map(r => r.id), departmentId: person.departmentId ?? undefined } : { roleIds: [] }}
        onFinish={v => save.mutate(v)}
      >
        {!person && (
          <Form.Item
            name="login"
            label={t('identity:login.login')}
            rules={[{ required: true, whitespace: true, message: t('identity:login.loginMissing') }]}
          >
            <Input autoCapitalize="none" spellCheck={false} maxLength={120} />
          </Form.Item>
        )}
        <Form.Item
          name="name"
          label={t('identity:people.name')}
          rules={[{ required: true, whitespace: true, message: t('identity:people.nameMissing') }]}
        >
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="nameEn" label={t('identity:people.nameEn')}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="title" label={t('identity:people.job')}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="departmentId" label={t('identity:people.department')}>
          <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={departments.data?.rows.map(d => ({ value: d.id, label: d.name }))} />
        </Form.Item>
        <Form.Item name="roleIds" label={t('identity:people.roles')} rules={[{ required: true, message: t('identity:people.rolesMissing') }]}>
          <Select mode="multiple" options={roles.data?.rows.map(r => ({ value: r.id, label: labelOf(r.labels, currentLocale()) }))} />
        </Form.Item>
      </Form>
    </Drawer>
  )
}

/** Leaving takes effect at once; what the person holds goes to a successor in the same moment. */
function Leave({ person, onClose }: { person: User; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [successor, setSuccessor] = useState<Person | null>(null)
  const leave = useMutation({
    mutationFn: () => call(deactivateUser, { params: { id: person.id }, body: { successorId: successor?.id ?? null } }),
    onSuccess: async held => {
      await queries.invalidateQueries()
      void message.success(t('identity:people.left', { name: person.name, accounts: held.accounts, territories: held.territories }))
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('identity:people.leaveAsk', { name: person.name })}
      okText={t('identity:people.leave')}
      okButtonProps={{ danger: true, loading: leave.isPending }}
      cancelText={t('shell:cancel')}
      onOk={() => leave.mutate()}
      onCancel={onClose}
    >
      <p>
        {t('identity:people.leaveWhy')}{' '}
        <Link to={'/handovers/new' as never} search={{ from: person.id, name: person.name } as never}>
          {t('identity:people.leaveSplit')}
        </Link>
      </p>
      <PersonSelect
        value={successor}
        onChange={setSuccessor}
        exclude={person.id}
        placeholder={t('identity:people.successor')}
        aria-label={t('identity:people.successor')}
      />
      {leave.isError && <Alert type="error" showIcon title={say(leave.error)} style={{ marginTop: 12 }} />}
    </Modal>
  )
}
