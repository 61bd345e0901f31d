/** One role: its name in three languages, what it may do, which fields it sees, and whether it sees every customer. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Drawer, Form, Input, Popconfirm, Segmented, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { getCatalogue } from '../../contract/builder/catalogue.ts'
import type { Role } from '../../contract/identity/people.ts'
import { createRole, deleteRole, updateRole } from '../../contract/identity/people.ts'
import type { Labels, Locale } from '../../contract/kernel/shapes.ts'
import type { FieldAccess, Permission } from '../../core/access/permissions.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { markFields } from '../app/form-problem.ts'
import { LOCALE_NAMES, LOCALES, labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { PERMISSION_GROUPS, permissionWord } from './permission-words.ts'

type Given = { key: string; labels: Labels; permissions: Permission[]; seesAll: boolean; fieldAccess: Record<string, FieldAccess> }
const ACCESSES: readonly FieldAccess[] = ['hidden', 'read', 'edit']
const TOUCHED = [['roles'], ['people'], ['me'], ['catalogue']]

function PermissionBoxes({ value = [], onChange, disabled }: { value?: Permission[]; onChange?: (next: Permission[]) => void; disabled?: boolean }) {
  const { t } = useTranslation()
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {PERMISSION_GROUPS.map(({ group, permissions }) => (
        <fieldset key={group} className="jy-fieldset">
          <legend>{t(`identity:permissionGroup.${group}`)}</legend>
          <div className="jy-check-grid">
            {permissions.map(p => (
              <Checkbox
                key={p}
                disabled={disabled}
                checked={value.includes(p)}
                onChange={event => onChange?.(event.target.checked ? [...value, p] : value.filter(v => v !== p))}
              >
                {t(permissionWord(p))}
              </Checkbox>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  )
}

/** A field the role does not name stays open; only narrower access is written down. */
function FieldAccesses({
  value = {},
  onChange,
  disabled,
}: {
  value?: Record<string, FieldAccess>
  onChange?: (next: Record<string, FieldAccess>) => void
  disabled?: boolean
}) {
  const { t, i18n } = useTranslation()
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }) })
  if (catalogue.isPending) return <Skeleton lines={4} />
  if (catalogue.isError) return <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />
  const set = (key: string, access: FieldAccess) => {
    const { [key]: _, ...others } = value
    onChange?.(access === 'edit' ? others : { ...others, [key]: access })
  }
  return (
    <ul className="jy-list jy-card">
      {catalogue.data.fields
        .filter(f => !f.retired)
        .map(f => (
          <li key={f.id}>
            <span className="jy-grow">{labelOf(f.labels, i18n.language as Locale)}</span>
            <Segmented
              size="small"
              disabled={disabled}
              aria-label={labelOf(f.labels, i18n.language as Locale)}
              value={value[f.key] ?? 'edit'}
              onChange={access => set(f.key, access)}
              options={ACCESSES.map(a => ({ value: a, label: t(`identity:access.${a}`) }))}
            />
          </li>
        ))}
    </ul>
  )
}

export function RoleDrawer({ role, onClose }: { role: Role | null; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const manages = useMayChange('role.manage')
  const [form] = Form.useForm<Given>()
  const save = useChange<Given>({
    run: ({ key, ...body }) =>
      role ? call(updateRole, { params: { id: role.id }, body, ifMatch: role.rowVersion }) : call(createRole, { body: { key, ...body } }),
    touches: TOUCHED,
    onDone: onClose,
    onRefused: error => markFields(form, error),
  })
  const remove = useChange<Role>({
    run: gone => call(deleteRole, { params: { id: gone.id }, ifMatch: gone.rowVersion }),
    touches: TOUCHED,
    onDone: onClose,
  })
  const fixed = !manages || role?.key === 'administrator'
  const needed = [{ required: true, whitespace: true, message: t('identity:setup.missing') }]
  return (
    <Drawer
      open
      onClose={onClose}
      size={600}
      title={role ? labelOf(role.labels, i18n.language as Locale) : t('identity:roles.add')}
      extra={
        role && manages && !role.builtIn ? (
          <Popconfirm title={t('identity:roles.removeAsk')} onConfirm={() => remove.mutate(role)} okText={t('shell:remove')}>
            <Button danger loading={remove.isPending}>
              {t('shell:remove')}
            </Button>
          </Popconfirm>
        ) : null
      }
    >
      <Form<Given>
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={!manages || save.isPending}
        onFinish={given => save.mutate(given)}
        initialValues={role ?? { permissions: ['account.read', 'territory.read'], seesAll: false, fieldAccess: {} }}
      >
        {role?.key === 'administrator' && <Alert type="info" showIcon title={t('identity:roles.administrator')} style={{ marginBottom: 16 }} />}
        {!role && (
          <Form.Item
            name="key"
            label={t('identity:roles.key')}
            extra={t('identity:roles.keyWhy')}
            rules={[{ required: true, pattern: /^[a-z][a-z0-9-]{1,40}$/, message: t('identity:roles.keyWhy') }]}
          >
            <Input maxLength={41} autoCapitalize="none" spellCheck={false} />
          </Form.Item>
        )}
        {LOCALES.map(l => (
          <Form.Item key={l} name={['labels', l]} label={t('identity:roles.name', { language: LOCALE_NAMES[l] })} rules={needed}>
            <Input maxLength={60} />
          </Form.Item>
        ))}
        <Form.Item name="seesAll" label={t('identity:roles.seesAll')} valuePropName="checked" extra={t('identity:roles.seesAllWhy')}>
          <Switch disabled={fixed} />
        </Form.Item>
        <Form.Item name="permissions" label={t('identity:roles.permissions')}>
          <PermissionBoxes disabled={fixed} />
        </Form.Item>
        <Form.Item name="fieldAccess" label={t('identity:roles.fields')} extra={t('identity:roles.fieldsWhy')}>
          <FieldAccesses disabled={!manages} />
        </Form.Item>
        {manages && (
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('shell:save')}
          </Button>
        )}
      </Form>
    </Drawer>
  )
}
