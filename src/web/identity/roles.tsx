/** Roles: what each may do, which fields it sees and may change, and whether it sees every account. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Drawer, Form, Input, Select, Switch, Tag } from 'antd'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getCatalogue } from '../../contract/builder/catalogue.ts'
import { createRole, deleteRole, listRoles, type Role, updateRole } from '../../contract/identity/people.ts'
import { type FieldAccess, PERMISSIONS, type Permission } from '../../core/access/permissions.ts'
import { call } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'

export function RolesPage() {
  const { t } = useTranslation()
  const manages = useMayChange('role.manage')
  const [open, setOpen] = useState<Role | 'new' | null>(null)
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => call(listRoles, { signal }) })
  if (roles.isPending) return <Skeleton />
  if (roles.isError) return <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row">
        <h2>{t('identity:roles.title')}</h2>
        <span className="jy-grow" />
        {manages && (
          <Button type="primary" icon={<Plus size={14} />} onClick={() => setOpen('new')}>
            {t('identity:roles.new')}
          </Button>
        )}
      </header>
      <ul className="jy-setting-list">
        {roles.data.rows.map(role => (
          <li key={role.id} className="jy-row">
            <button type="button" className="jy-plain jy-grow" onClick={() => setOpen(role)}>
              <b>{labelOf(role.labels, currentLocale())}</b> <small className="jy-muted">{t('identity:roles.users', { count: role.users })}</small>
            </button>
            {role.seesAll && <Tag color="processing">{t('identity:roles.seesAll')}</Tag>}
            <small className="jy-muted">{t('identity:roles.permissions', { count: role.permissions.length })}</small>
          </li>
        ))}
      </ul>
      {open && <EditRole role={open === 'new' ? null : open} mayChange={manages} onClose={() => setOpen(null)} />}
    </section>
  )
}

type Values = { key?: string; zh: string; tw: string; en: string; permissions: Permission[]; seesAll: boolean; fields: Record<string, FieldAccess> }

function EditRole({ role, mayChange, onClose }: { role: Role | null; mayChange: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }) })
  const done = async () => {
    await queries.invalidateQueries({ queryKey: ['roles'] })
    onClose()
  }
  const fail = (error: unknown) => {
    if (!markFields(form, error)) void message.error(say(error))
  }
  const save = useMutation({
    mutationFn: async (v: Values) => {
      const fieldAccess = Object.fromEntries(Object.entries(v.fields ?? {}).filter(([, access]) => access && access !== 'edit'))
      const body = { labels: { 'zh-CN': v.zh, 'zh-TW': v.tw || v.zh, en: v.en || v.zh }, permissions: v.permissions, seesAll: v.seesAll, fieldAccess }
      if (role) await call(updateRole, { params: { id: role.id }, ifMatch: role.rowVersion, body })
      else await call(createRole, { body: { ...body, key: v.key! } })
    },
    onSuccess: done,
    onError: fail,
  })
  const remove = useMutation({
    mutationFn: () => call(deleteRole, { params: { id: role!.id }, ifMatch: role!.rowVersion }),
    onSuccess: done,
    onError: fail,
  })
  return (
    <Drawer
      open
      size={560}
      title={role ? labelOf(role.labels, currentLocale()) : t('identity:roles.new')}
      onClose={onClose}
      extra={
        mayChange && (
          <span className="jy-row">
            {role && !role.builtIn && (
              <Button
                danger
                onClick={() =>
                  modal.confirm({
                    title: t('identity:roles.deleteAsk'),
                    okText: t('shell:remove'),
                    cancelText: t('shell:cancel'),
                    onOk: () => remove.mutateAsync().catch(() => undefined),
                  })
                }
              >
                {t('shell:remove')}
              </Button>
            )}
            <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
              {t('shell:save')}
            </Button>
          </span>
        )
      }
    >
      <Form
        form={form}
        layout="vertical"
        disabled={!mayChange}
        initialValues={
          role
            ? {
                zh: role.labels['zh-CN'],
                tw: role.labels['zh-TW'],
                en: role.labels.en,
                permissions: role.permissions,
                seesAll: role.seesAll,
                fields: role.fieldAccess,
              }
            : { permissions: ['account.read', 'territory.read'], seesAll: false, fields: {} }
        }
        onFinish={v => save.mutate(v)}
      >
        {!role && (
          <Form.Item
            name="key"
            label={t('identity:roles.key')}
            rules={[{ required: true, pattern: /^[a-z][a-z0-9-]{1,40}$/, message: t('identity:roles.keyRule') }]}
          >
            <Input />
          </Form.Item>
        )}
        <div className="jy-row" style={{ alignItems: 'flex-start' }}>
          <Form.Item
            name="zh"
            label={t('identity:roles.zh')}
            className="jy-grow"
            rules={[{ required: true, message: t('identity:roles.nameMissing') }]}
          >
            <Input />
          </Form.Item>
          <Form.Item name="tw" label={t('identity:roles.tw')} className="jy-grow">
            <Input />
          </Form.Item>
          <Form.Item name="en" label={t('identity:roles.en')} className="jy-grow">
            <Input />
          </Form.Item>
        </div>
        <Form.Item name="seesAll" label={t('identity:roles.seesAll')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="permissions" label={t('identity:roles.may')}>
          <Checkbox.Group
            className="jy-checks"
            options={PERMISSIONS.map(p => ({ value: p, label: t(`identity:permission.${p.replace('.', '_')}`) }))}
          />
        </Form.Item>
        <h3>{t('identity:roles.fields')}</h3>
        <p className="jy-muted">{t('identity:roles.fieldsWhy')}</p>
        {catalogue.data?.fields
          .filter(f => !['id', 'name'].includes(f.key) && !f.retired)
          .map(f => (
            <Form.Item
              key={f.key}
              name={['fields', f.key]}
              label={labelOf(f.labels, currentLocale())}
              layout="horizontal"
              labelCol={{ span: 8 }}
              style={{ marginBottom: 4 }}
            >
              <Select
                placeholder={t('identity:access.edit')}
                allowClear
                options={(['edit', 'read', 'hidden'] as const).map(value => ({ value, label: t(`identity:access.${value}`) }))}
              />
            </Form.Item>
          ))}
      </Form>
    </Drawer>
  )
}
