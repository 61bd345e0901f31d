/** One person: change what is known of him, make a new link, look through his eyes, take him out or back. */
import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Drawer, Form, Modal, Tag } from 'antd'
import { Eye, Link2, UserCheck, UserX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../contract/identity/people.ts'
import { activateUser, resetUser, updateUser } from '../../contract/identity/people.ts'
import { viewAs } from '../../contract/identity/session.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { NOTHING } from '../app/format.ts'
import { labelOf } from '../app/i18n.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { DeactivateDialog } from './deactivate-dialog.tsx'
import type { PersonGiven } from './person-fields.tsx'
import { cleaned, PersonFields } from './person-fields.tsx'
import { TicketLink } from './ticket-link.tsx'

const USERS = [['users']]

function Known({ user }: { user: User }) {
  const { t, i18n } = useTranslation()
  return (
    <dl className="jy-facts">
      <dt>{t('identity:people.jobTitle')}</dt>
      <dd>{user.title ?? NOTHING}</dd>
      <dt>{t('identity:people.department')}</dt>
      <dd>{user.departmentName ?? NOTHING}</dd>
      <dt>{t('identity:people.roles')}</dt>
      <dd>{user.roles.map(r => labelOf(r.labels, i18n.language as Locale)).join(' · ')}</dd>
    </dl>
  )
}

function ChangeForm({ user }: { user: User }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<PersonGiven>()
  const save = useChange<PersonGiven>({
    run: given => call(updateUser, { params: { id: user.id }, body: cleaned(given), ifMatch: user.rowVersion }),
    touches: [...USERS, ['me']],
    onRefused: error => markFields(form, error),
  })
  return (
    <Form<PersonGiven>
      key={user.rowVersion}
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={save.isPending}
      onFinish={given => save.mutate(given)}
      initialValues={{ name: user.name, nameEn: user.nameEn, title: user.title, departmentId: user.departmentId, roleIds: user.roles.map(r => r.id) }}
    >
      <PersonFields />
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('shell:save')}
      </Button>
    </Form>
  )
}

export function PersonDrawer({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation()
  const [dialogs, holder] = Modal.useModal()
  const client = useQueryClient()
  const me = useMe()
  const manages = useMayChange('user.manage')
  const mayView = useMayChange('viewAs')
  const [ticket, setTicket] = useState<string | null>(null)
  const [leaving, setLeaving] = useState(false)
  const self = me?.user.id === user.id

  const reset = useChange<void, { ticket: string }>({
    run: () => call(resetUser, { params: { id: user.id } }),
    touches: USERS,
    said: null,
    onDone: reply => setTicket(reply.ticket),
  })
  const back = useChange<void>({ run: () => call(activateUser, { params: { id: user.id } }), touches: USERS })
  const look = useChange<void>({
    run: () => call(viewAs, { body: { userId: user.id } }),
    touches: [],
    said: null,
    onDone: () => {
      client.clear()
      window.location.assign('/')
    },
  })
  const askReset = () =>
    void dialogs.confirm({
      title: t('identity:people.resetAsk', { name: user.name }),
      content: t('identity:people.resetWhy'),
      okText: t('identity:people.reset'),
      onOk: () => reset.mutateAsync().catch(() => {}),
    })

  return (
    <Drawer open onClose={onClose} title={user.name} size={460} extra={<Tag>{t(`identity:state.${user.state}`)}</Tag>}>
      {holder}
      <div className="jy-row jy-wrap" style={{ marginBottom: 16 }}>
        {manages && user.state !== 'inactive' && (
          <Button icon={<Link2 size={14} />} onClick={askReset} loading={reset.isPending}>
            {t('identity:people.reset')}
          </Button>
        )}
        {mayView && !self && user.state === 'active' && (
          <Button icon={<Eye size={14} />} onClick={() => look.mutate()} loading={look.isPending}>
            {t('identity:people.viewAs')}
          </Button>
        )}
        {manages && !self && user.state !== 'inactive' && (
          <Button danger icon={<UserX size={14} />} onClick={() => setLeaving(true)}>
            {t('identity:people.deactivate')}
          </Button>
        )}
        {manages && user.state === 'inactive' && (
          <Button icon={<UserCheck size={14} />} onClick={() => back.mutate()} loading={back.isPending}>
            {t('identity:people.activate')}
          </Button>
        )}
      </div>
      {ticket && <TicketLink ticket={ticket} name={user.name} />}
      <p className="jy-muted" style={{ margin: '8px 0 16px' }}>
        {t('identity:people.about', { login: user.login, territories: user.territories })}
      </p>
      {self && manages && <Alert type="info" showIcon title={t('identity:people.self')} style={{ marginBottom: 16 }} />}
      {manages ? <ChangeForm user={user} /> : <Known user={user} />}
      <DeactivateDialog user={user} open={leaving} onClose={() => setLeaving(false)} />
    </Drawer>
  )
}
