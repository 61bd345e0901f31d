/** Roles and departments: short lists that several settings ask for, kept once. */
import { listDepartments, listRoles } from '../../contract/identity/people.ts'
import { call } from '../app/api.ts'

type Asked = { signal: AbortSignal }
export const rolesQuery = { queryKey: ['roles'] as const, queryFn: ({ signal }: Asked) => call(listRoles, { signal }) }
export const departmentsQuery = { queryKey: ['departments'] as const, queryFn: ({ signal }: Asked) => call(listDepartments, { signal }) }
