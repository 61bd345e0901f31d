/** Permissions in the order and groups people think of them; their words are in the catalogue. */
import type { Permission } from '../../core/access/permissions.ts'
import { PERMISSIONS } from '../../core/access/permissions.ts'

export type PermissionGroup = 'account' | 'territory' | 'administration'
const groupOf = (p: Permission): PermissionGroup =>
  p.startsWith('account.') ? 'account' : p.startsWith('territory.') ? 'territory' : 'administration'

export const PERMISSION_GROUPS: readonly { readonly group: PermissionGroup; readonly permissions: readonly Permission[] }[] = (
  ['account', 'territory', 'administration'] as const
).map(group => ({ group, permissions: PERMISSIONS.filter(p => groupOf(p) === group) }))

/** A dot parts levels in the catalogue, therefore the underscore. */
export const permissionWord = (p: Permission): string => `identity:permission.${p.replace('.', '_')}`
