/** A change set in the inbox of those who must approve it: asked by the submission alone, done when everybody has said yes, and over when one says no. */

import type { ApprovalKind, Basis } from '../../approval/kinds.ts'
import { notify } from '../../identity/notify.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { loadSet } from './read-set.ts'
import { refuse, settle } from './submit.ts'

const sets = (tx: Tx, actor: Actor, ids: readonly string[]) =>
  tx.query<{ id: string; title: string; base: string }>(
    `select s.id::text, s.title, m.base_model_id::text as base from change_set s join territory_model m on m.tenant_id = $1 and m.id = s.model_id where s.tenant_id = $1 and s.id = any($2::bigint[])`,
    [actor.tenantId, ids],
  )

export const CHANGE_SET_APPROVAL: ApprovalKind = {
  kind: 'changeSet.approve',
  recordKind: 'changeSet',
  together: true,
  permission: 'territory.read',
  standIn: 'tenant.manage',
  check: async () => stop('changeSet.bySubmission'),
  approver: async () => null,
  basis: async (tx, actor, ids) =>
    new Map<string, Basis>((await sets(tx, actor, ids)).rows.map(s => [s.id, { baseModelId: s.base === actor.modelId ? s.base : null }])),
  names: async (tx, actor, ids) => new Map((await sets(tx, actor, ids)).rows.map(s => [s.id, s.title])),
  carryOut: async () => undefined,
  after: async (tx, actor, now, { recordId }, approved) => {
    const set = await loadSet(tx, actor.tenantId, recordId)
    if (set.state !== 'submitted') return
    if (!approved) return refuse(tx, actor, now, set)
    if (!(await settle(tx, actor.tenantId, recordId))) return
    await audit(tx, actor, now, { kind: 'changeSet.approved', recordKind: 'changeSet', recordId })
    if (set.submittedBy)
      await notify(tx, actor, now, set.submittedBy, 'changeSet.approved', null, { by: actor.userName, title: set.title, changeSetId: recordId })
  },
}
