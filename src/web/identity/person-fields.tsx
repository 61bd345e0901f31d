/** The fields of a person that inviting and changing share. */
import { useQuery } from '@tanstack/react-query'
import { Form, Input, Select, TreeSelect } from 'antd'
import { useTranslation } from 'react-i18next'
import { listDepartments, listRoles } from '../../contract/identity/people.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { call } from '../app/api.ts'
import { labelOf } from '../app/i18n.ts'
import { treeOf } from './department-tree.ts'

export const rolesQuery = { queryKey: ['roles'] as const, queryFn: ({ signal }: { signal: AbortSignal }) => call(listRoles, { signal }) }
export const departmentsQuery = {
  queryKey: ['departments'] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => call(listDepartments, { signal }),
}

export type PersonGiven = { name: string; nameEn?: string | null; title?: string | null; departmentId?: string | null; roleIds: string[] }

/** An emptied field means "none", and the server is told so. */
export const cleaned = (given: PersonGiven): PersonGiven => ({
  ...given,
  nameEn: given.nameEn?.trim() || null,
  title: given.title?.trim() || null,
  departmentId: given.departmentId ?? null,
})

export function PersonFields() {
  const { t, i18n } = useTranslation()
  const roles = useQuery(rolesQuery)
  const departments = useQuery(departmentsQuery)
  return (
    <>
      <Form.Item name="name" label={t('identity:people.name')} rules={[{ required: true, whitespace: true, message: t('identity:setup.missing') }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="nameEn" label={t('identity:people.nameEn')}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="title" label={t('identity:people.jobTitle')}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="departmentId" label={t('identity:people.department')}>
        <TreeSelect
          allowClear
          treeDefaultExpandAll
          loading={departments.isPending}
          showSearch={{ treeNodeFilterProp: 'title' }}
          treeData={treeOf(departments.data?.rows ?? []).map(function node(n): { value: string; title: string; children: ReturnType<typeof node>[] } {
            return { value: n.row.id, title: n.row.name, children: n.children.map(node) }
          })}
        />
      </Form.Item>
      <Form.Item name="roleIds" label={t('identity:people.roles')} rules={[{ required: true, message: t('identity:people.roleMissing') }]}>
        <Select
          mode="multiple"
          loading={roles.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={(roles.data?.rows ?? []).map(r => ({ value: r.id, label: labelOf(r.labels, i18n.language as Locale) }))}
        />
      </Form.Item>
    </>
  )
}
