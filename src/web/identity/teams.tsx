/** Teams: groups of people that records can be shared with, across departments. */
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Popconfirm } from 'antd'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createTeam, deleteTeam, listTeams, updateTeam } from '../../contract/identity/people.ts'
import type { ReplyOf } from '../app/api.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { peopleByIds } from './person-names.ts'
import type { Person } from './person-select.tsx'
import { PeopleSelect } from './person-select.tsx'

type Team = ReplyOf<typeof listTeams>['rows'][number]
type Given = { name: string; members?: readonly Person[] }
const TOUCHED = [['teams']]

function Editor({ team, members, onClose }: { team: Team | null; members: readonly Person[]; onClose: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Given>()
  const save = useChange<Given>({
    run: given => {
      const body = { name: given.name, memberIds: (given.members ?? []).map(m => m.id) }
      return team ? call(updateTeam, { params: { id: team.id }, body, ifMatch: team.rowVersion }) : call(createTeam, { body })
    },
    touches: TOUCHED,
    onDone: onClose,
    onRefused: error => markFields(form, error),
  })
  return (
    <Modal
      open
      onCancel={onClose}
      title={team?.name ?? t('identity:teams.add')}
      okText={t('shell:save')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
    >
      <Form<Given>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={given => save.mutate(given)}
        initialValues={{ name: team?.name, members }}
      >
        <Form.Item name="name" label={t('identity:teams.name')} rules={[{ required: true, whitespace: true, message: t('identity:setup.missing') }]}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="members" label={t('identity:teams.members')}>
          <PeopleSelect />
        </Form.Item>
      </Form>
    </Modal>
  )
}

/** The form opens once the members' names are known, so that nobody is lost by saving. */
function Opened({ team, onClose }: { team: Team; onClose: () => void }) {
  const members = useQuery({ queryKey: ['people', 'names', team.memberIds], queryFn: ({ signal }) => peopleByIds(team.memberIds, signal) })
  if (members.isError) return <ErrorState error={members.error} onRetry={() => void members.refetch()} />
  return members.data ? <Editor key={team.rowVersion} team={team} members={members.data} onClose={onClose} /> : null
}

export function TeamsPage() {
  const { t } = useTranslation()
  const manages = useMayChange('user.manage')
  const list = useQuery({ queryKey: ['teams'], queryFn: ({ signal }) => call(listTeams, { signal }) })
  const [open, setOpen] = useState<string | null>(null)
  const remove = useChange<Team>({ run: team => call(deleteTeam, { params: { id: team.id }, ifMatch: team.rowVersion }), touches: TOUCHED })
  const shown = list.data?.rows.find(r => r.id === open)
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <h1>{t('identity:teams.title')}</h1>
        <p className="jy-muted jy-grow">{t('identity:teams.lead')}</p>
        {manages && (
          <Button type="primary" icon={<Plus size={15} />} onClick={() => setOpen('new')}>
            {t('identity:teams.add')}
          </Button>
        )}
      </div>
      {list.isPending ? (
        <Skeleton />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.rows.length === 0 ? (
        <Empty title={t('identity:teams.empty')} why={t('identity:teams.lead')} />
      ) : (
        <ul className="jy-list jy-card">
          {list.data.rows.map(team => (
            <li key={team.id}>
              <b className="jy-grow">{team.name}</b>
              <span className="jy-muted">{t('identity:teams.size', { size: team.memberIds.length })}</span>
              {manages && (
                <>
                  <Button onClick={() => setOpen(team.id)}>{t('shell:edit')}</Button>
                  <Popconfirm
                    title={t('identity:teams.removeAsk', { name: team.name })}
                    okText={t('shell:remove')}
                    onConfirm={() => remove.mutate(team)}
                  >
                    <Button danger>{t('shell:remove')}</Button>
                  </Popconfirm>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {open === 'new' && <Editor team={null} members={[]} onClose={() => setOpen(null)} />}
      {shown && <Opened team={shown} onClose={() => setOpen(null)} />}
    </div>
  )
}
