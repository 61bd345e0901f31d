/** Routes of people, roles, departments, teams and the audit trail: parse, call, reply. */
import {
  activateUser,
  createDepartment,
  createRole,
  createTeam,
  deactivateUser,
  deleteDepartment,
  deleteRole,
  deleteTeam,
  inviteUser,
  listAudit,
  listDepartments,
  listRoles,
  listTeams,
  listUsers,
  resetUser,
  updateDepartment,
  updateRole,
  updateTeam,
  updateUser,
} from '../../contract/identity/people.ts'
import type { Api } from '../kernel/http.ts'
import { findAudit } from './audit-list.ts'
import { addDepartment, addTeam, changeDepartment, changeTeam, findDepartments, findTeams, removeDepartment, removeTeam } from './groups.ts'
import { addRole, changeRole, findRoles, removeRole } from './roles.ts'
import { activate, changeUser, deactivate, findUsers, invite, reset } from './users.ts'

const DONE = { done: true } as const

export function registerPeopleRoutes(api: Api): void {
  api.route(listUsers, ({ tx, actor, query }) => findUsers(tx, actor, query))
  api.route(inviteUser, ({ tx, actor, now, body }) => invite(tx, actor, now, body))
  api.route(updateUser, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await changeUser(tx, actor, now, params.id, ifMatch, body),
  }))
  api.route(resetUser, async ({ tx, actor, now, params }) => ({ ticket: await reset(tx, actor, now, params.id) }))
  api.route(deactivateUser, async ({ tx, actor, now, params, body }) => ({ ...(await deactivate(tx, actor, now, params.id, body.successorId)) }))
  api.route(activateUser, async ({ tx, actor, now, params }) => {
    await activate(tx, actor, now, params.id)
    return DONE
  })

  api.route(listRoles, ({ tx, actor }) => findRoles(tx, actor))
  api.route(createRole, async ({ tx, actor, now, body }) => ({ id: await addRole(tx, actor, now, body) }))
  api.route(updateRole, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await changeRole(tx, actor, now, params.id, ifMatch, body),
  }))
  api.route(deleteRole, async ({ tx, actor, now, params, ifMatch }) => {
    await removeRole(tx, actor, now, params.id, ifMatch)
    return DONE
  })

  api.route(listDepartments, ({ tx, actor }) => findDepartments(tx, actor))
  api.route(createDepartment, async ({ tx, actor, now, body }) => ({ id: await addDepartment(tx, actor, now, body) }))
  api.route(updateDepartment, async ({ tx, actor, now, params, ifMatch, body }) => {
    const { rowVersion } = await changeDepartment(tx, actor, now, params.id, ifMatch, body)
    return { rowVersion }
  })
  api.route(deleteDepartment, async ({ tx, actor, now, params, ifMatch }) => {
    await removeDepartment(tx, actor, now, params.id, ifMatch)
    return DONE
  })

  api.route(listTeams, ({ tx, actor }) => findTeams(tx, actor))
  api.route(createTeam, async ({ tx, actor, now, body }) => ({ id: await addTeam(tx, actor, now, body) }))
  api.route(updateTeam, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await changeTeam(tx, actor, now, params.id, ifMatch, body),
  }))
  api.route(deleteTeam, async ({ tx, actor, now, params, ifMatch }) => {
    await removeTeam(tx, actor, now, params.id, ifMatch)
    return DONE
  })

  api.route(listAudit, ({ tx, actor, query }) => findAudit(tx, actor, query))
}
