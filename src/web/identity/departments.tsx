/** Departments as a tree: rename, move, name the leader; only an empty one can be deleted. */
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Popconfirm, Tree, TreeSelect } from 'antd'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { listDepartments } from '../../contract/identity/people.ts'
import { createDepartment, deleteDepartment, updateDepartment } from '../../contract/identity/people.ts'
import type { ReplyOf } from '../app/api.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { useMayChange } from '../app/me.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import type { TreeNode } from './department-tree.ts'
import { branchOf, treeOf } from './department-tree.ts'
import { departmentsQuery } from './people-queries.ts'
import type { Person } from './person-select.tsx'
import { PersonSelect } from './person-select.tsx'

type Department = ReplyOf<typeof listDepartments>['rows'][number]
type Given = { name: string; parentId?: string | null; leader?: Person | null }
const TOUCHED = [['departments'], ['people']]

function Editor({
  row,
  parentId,
  rows,
  onClose,
}: {
  row: Department | null
  parentId: string | null
  rows: readonly Department[]
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Given>()
  const save = useChange<Given>({
    run: given => {
      const body = { name: given.name, parentId: given.parentId ?? null, leaderId: given.leader?.id ?? null }
      return row ? call(updateDepartment, { params: { id: row.id }, body, ifMatch: row.rowVersion }) : call(createDepartment, { body })
    },
    touches: TOUCHED,
    onDone: onClose,
    onRefused: error => markFields(form, error),
  })
  const off = row ? branchOf(rows, row.id) : new Set<string>()
  type Choice = { value: string; title: string; disabled: boolean; children: Choice[] }
  const choice = (n: TreeNode<Department>): Choice => ({
    value: n.row.id,
    title: n.row.name,
    disabled: off.has(n.row.id),
    children: n.children.map(choice),
  })
  return (
    <Modal
      open
      onCancel={onClose}
      title={row ? row.name : t('identity:departments.add')}
      okText={t('shell:save')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
    >
      <Form<Given>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={given => save.mutate(given)}
        initialValues={{
          name: row?.name,
          parentId: row ? row.parentId : parentId,
          leader: row?.leaderId ? { id: row.leaderId, name: row.leaderName ?? row.leaderId } : null,
        }}
      >
        <Form.Item
          name="name"
          label={t('identity:departments.name')}
          rules={[{ required: true, whitespace: true, message: t('identity:setup.missing') }]}
        >
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="parentId" label={t('identity:departments.parent')}>
          <TreeSelect allowClear treeDefaultExpandAll showSearch={{ treeNodeFilterProp: 'title' }} treeData={treeOf(rows).map(choice)} />
        </Form.Item>
        <Form.Item name="leader" label={t('identity:departments.leader')}>
          <PersonSelect />
        </Form.Item>
      </Form>
    </Modal>
  )
}

export function DepartmentsPage() {
  const { t } = useTranslation()
  const manages = useMayChange('user.manage')
  const list = useQuery(departmentsQuery)
  const [edited, setEdited] = useState<{ row: Department | null; parentId: string | null } | null>(null)
  const remove = useChange<Department>({ run: row => call(deleteDepartment, { params: { id: row.id }, ifMatch: row.rowVersion }), touches: TOUCHED })

  const line = (row: Department) => (
    <span className="jy-row jy-wrap">
      <b>{row.name}</b>
      <span className="jy-muted">{t('identity:departments.users', { users: row.users })}</span>
      {row.leaderName && <span className="jy-muted">{t('identity:departments.led', { name: row.leaderName })}</span>}
      {manages && (
        <span>
          <Button
            type="text"
            size="small"
            icon={<Plus size={14} />}
            aria-label={t('identity:departments.below', { name: row.name })}
            onClick={() => setEdited({ row: null, parentId: row.id })}
          />
          <Button
            type="text"
            size="small"
            icon={<Pencil size={14} />}
            aria-label={t('identity:departments.change', { name: row.name })}
            onClick={() => setEdited({ row, parentId: null })}
          />
          <Popconfirm title={t('identity:departments.removeAsk', { name: row.name })} okText={t('shell:remove')} onConfirm={() => remove.mutate(row)}>
            <Button type="text" size="small" icon={<Trash2 size={14} />} aria-label={t('identity:departments.remove', { name: row.name })} />
          </Popconfirm>
        </span>
      )}
    </span>
  )
  type Shown = { key: string; title: React.ReactNode; children: Shown[] }
  const shown = (n: TreeNode<Department>): Shown => ({ key: n.row.id, title: line(n.row), children: n.children.map(shown) })
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <h1 className="jy-grow">{t('identity:departments.title')}</h1>
        {manages && (
          <Button type="primary" icon={<Plus size={15} />} onClick={() => setEdited({ row: null, parentId: null })}>
            {t('identity:departments.add')}
          </Button>
        )}
      </div>
      {list.isPending ? (
        <Skeleton />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.rows.length === 0 ? (
        <Empty title={t('identity:departments.empty')} why={t('identity:departments.emptyWhy')} />
      ) : (
        <div className="jy-card" style={{ padding: 12 }}>
          <Tree blockNode defaultExpandAll selectable={false} treeData={treeOf(list.data.rows).map(shown)} />
        </div>
      )}
      {edited && list.data && <Editor {...edited} rows={list.data.rows} onClose={() => setEdited(null)} />}
    </div>
  )
}
