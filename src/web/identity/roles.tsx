/** Roles: what each may do, side by side; who may open a role changes it beside the table. */
import { useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { Check, Plus } from 'lucide-react'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../contract/identity/people.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { count } from '../app/format.ts'
import { labelOf } from '../app/i18n.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { rolesQuery } from './people-queries.ts'
import { PERMISSION_GROUPS, permissionWord } from './permission-words.ts'
import { RoleDrawer } from './role-drawer.tsx'
import './roles.css'

export function RolesPage() {
  const { t, i18n } = useTranslation()
  const locale = i18n.language as Locale
  const manages = useMayChange('role.manage')
  const roles = useQuery(rolesQuery)
  const [open, setOpen] = useState<Role['id'] | 'new' | null>(null)
  const shown = roles.data?.rows.find(r => r.id === open)
  const cell = (on: boolean, role: Role, word: string) => (
    <td key={role.id}>
      {on ? (
        <Check size={15} aria-label={t('identity:roles.has', { role: labelOf(role.labels, locale), word })} />
      ) : (
        <span className="jy-muted">–</span>
      )}
    </td>
  )
  return (
    <div className="jy-page">
      <div className="jy-page-head">
        <h1>{t('identity:roles.title')}</h1>
        <p className="jy-muted jy-grow">{t('identity:roles.lead')}</p>
        {manages && (
          <Button type="primary" icon={<Plus size={15} />} onClick={() => setOpen('new')}>
            {t('identity:roles.add')}
          </Button>
        )}
      </div>
      {roles.isPending ? (
        <Skeleton />
      ) : roles.isError ? (
        <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />
      ) : (
        <div className="jy-card jy-matrix-box">
          <table className="jy-matrix">
            <thead>
              <tr>
                <th scope="col">{t('identity:roles.permission')}</th>
                {roles.data.rows.map(role => (
                  <th key={role.id} scope="col">
                    <button type="button" className="jy-plain" onClick={() => setOpen(role.id)}>
                      {labelOf(role.labels, locale)}
                    </button>
                    <small>{t('identity:roles.users', { users: count(role.users, locale) })}</small>
                    {role.builtIn && <Tag>{t('identity:roles.builtIn')}</Tag>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">{t('identity:roles.seesAll')}</th>
                {roles.data.rows.map(role => cell(role.seesAll, role, t('identity:roles.seesAll')))}
              </tr>
              {PERMISSION_GROUPS.map(({ group, permissions }) => (
                <Fragment key={group}>
                  <tr className="jy-matrix-group">
                    <th scope="rowgroup" colSpan={roles.data.rows.length + 1}>
                      {t(`identity:permissionGroup.${group}`)}
                    </th>
                  </tr>
                  {permissions.map(p => (
                    <tr key={p}>
                      <th scope="row">{t(permissionWord(p))}</th>
                      {roles.data.rows.map(role => cell(role.permissions.includes(p), role, t(permissionWord(p))))}
                    </tr>
                  ))}
                </Fragment>
              ))}
              <tr>
                <th scope="row">{t('identity:roles.fields')}</th>
                {roles.data.rows.map(role => (
                  <td key={role.id}>{Object.values(role.fieldAccess).filter(a => a !== 'edit').length || <span className="jy-muted">–</span>}</td>
                ))}
              </tr>
            </tbody>
          </table>
        </div>
      )}
      {(shown || open === 'new') && (
        <RoleDrawer key={shown ? `${shown.id}-${shown.rowVersion}` : 'new'} role={shown ?? null} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}
