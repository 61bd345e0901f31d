/** One account with everything its page shows at once; a masked or hidden part is simply absent, marked by privateVisible. */
import type { AccountDetail, GroupMember } from '../../contract/account/accounts.ts'
import { loadFields } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { readAddresses } from './address-fields.ts'
import { FOUND, type Found, fromAccounts, toRow } from './find-accounts.ts'

type Rest = {
  created: string
  deleted: string | null
  merged_into: AccountDetail['mergedInto']
  editable: boolean
  private_visible: boolean
  keys: AccountDetail['keys']
  contacts: AccountDetail['contacts']
  opportunities: AccountDetail['opportunities']
  shares: AccountDetail['shares']
  collaborators: AccountDetail['collaborators']
}

const GROUP = 200
const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export async function readAccount(tx: Tx, actor: Actor, id: string): Promise<AccountDetail> {
  const catalogue = await loadFields(tx, actor.tenantId)
  const tokens = `array[${actor.tokens.map(t => BigInt(t)).join(',')}]::bigint[]`
  const found = await tx.query<Found & Rest>(
    `select ${FOUND}, ${UTC('a.created_at')} as created, ${UTC('a.deleted_at')} as deleted, (select json_build_object('id', m.id::text, 'name', m.name) from account m where m.tenant_id = $1 and m.id = a.merged_into) as merged_into,
       coalesce(p.edit_tokens, p.tokens) && ${tokens} as editable, p.private_tokens && ${tokens} as private_visible,
       (select coalesce(json_agg(json_build_object('source', k.source, 'key', k.external_key)), '[]') from account_key k where k.tenant_id = $1 and k.account_id = a.id) as keys,
       (select coalesce(json_agg(json_build_object('id', c.id::text, 'name', c.name, 'title', c.title, 'phone', c.phone, 'email', c.email, 'note', c.note, 'leftAt', c.left_at, 'rowVersion', c.row_version) order by c.left_at nulls first, c.id), '[]')
          from contact c where c.tenant_id = $1 and c.account_id = a.id and c.deleted_at is null) as contacts,
       (select coalesce(json_agg(json_build_object('id', o.id::text, 'name', o.name, 'stage', o.stage, 'amount', o.amount, 'currency', o.currency, 'closeOn', o.close_on, 'ownerId', o.owner_id::text, 'rowVersion', o.row_version) order by o.id), '[]')
          from opportunity o where o.tenant_id = $1 and o.account_id = a.id and o.deleted_at is null) as opportunities,
       (select coalesce(json_agg(json_build_object('id', s.id::text, 'name', coalesce(su.name, st.name), 'kind', case when s.user_id is null then 'team' else 'user' end, 'access', s.access, 'until', ${UTC('s.until')}) order by s.id), '[]')
          from account_share s left join app_user su on su.tenant_id = $1 and su.id = s.user_id left join team st on st.tenant_id = $1 and st.id = s.team_id
         where s.tenant_id = $1 and s.account_id = a.id and (s.until is null or s.until > now())) as shares,
       (select coalesce(json_agg(distinct jsonb_build_object('id', mu.id::text, 'name', mu.name, 'role', m.member_role)), '[]') from territory_member m join app_user mu on mu.tenant_id = $1 and mu.id = m.user_id
         where m.tenant_id = $1 and m.territory_id = p.territory_id and m.user_id is distinct from p.owner_id and m.starts_at <= now() and (m.ends_at is null or m.ends_at > now())
           and (m.model_id is null or m.model_id = any((select lineage from territory_model tm where tm.tenant_id = $1 and tm.id = $3)::bigint[]))) as collaborators
     ${fromAccounts(actor.modelId)} where a.tenant_id = $1 and a.id = $2`,
    [actor.tenantId, id, actor.modelId],
  )
  const row = found.rows[0]
  if (!row) return stop('record.notFound')
  const base = toRow(row, actor, catalogue)
  return {
    ...base,
    createdAt: row.created,
    deletedAt: row.deleted,
    mergedInto: row.merged_into,
    editable: row.editable && actor.permissions.has('account.edit') && actor.viewerId === null,
    privateVisible: row.private_visible,
    keys: row.keys,
    addresses: await readAddresses(tx, actor, id),
    contacts: row.contacts.map(c => maskContact(c, actor)),
    opportunities: row.opportunities,
    shares: row.shares,
    collaborators: row.collaborators,
    group: await readGroup(tx, actor, id),
  }
}

const maskContact = (c: AccountDetail['contacts'][number], actor: Actor): AccountDetail['contacts'][number] => ({
  ...c,
  phone: actor.fieldAccess.get('phone') === 'hidden' ? null : c.phone,
  email: actor.fieldAccess.get('email') === 'hidden' ? null : c.email,
})

/**
 * The whole group 集团 as far as it may be seen: up to the highest parent in sight, then everything below it. The fence narrows both walks,
 * so a parent out of sight ends the walk up; its other companies in sight still stand beside.
 */
async function readGroup(tx: Tx, actor: Actor, id: string): Promise<GroupMember[]> {
  const found = await tx.query<Found & { depth: number }>(
    `with recursive up(id, parent_id, depth) as (
       select a.id, a.parent_id, 0 from account a where a.tenant_id = $1 and a.id = $2
       union all select a.id, a.parent_id, up.depth + 1 from account a join up on a.id = up.parent_id where a.tenant_id = $1 and a.deleted_at is null and up.depth < 50),
     tree(id, depth, path) as (
       select a.id, 0, array[a.id] from account a join (select up.id, up.parent_id from up order by up.depth desc limit 1) top on a.id = top.id or a.parent_id = top.parent_id where a.tenant_id = $1 and a.deleted_at is null
       union all select a.id, tree.depth + 1, tree.path || a.id from account a join tree on a.parent_id = tree.id where a.tenant_id = $1 and a.deleted_at is null and tree.depth < 50)
     select ${FOUND}, tree.depth ${fromAccounts(actor.modelId)} join tree on tree.id = a.id where a.tenant_id = $1 order by tree.path limit ${GROUP}`,
    [actor.tenantId, id],
  )
  if (found.rows.length < 2) return []
  const shows = actor.fieldAccess.get('potential') !== 'hidden'
  return found.rows.map(r => ({
    id: r.id,
    parentId: r.parent_id,
    depth: r.depth,
    name: r.name,
    owner: r.owner_id ? { id: r.owner_id, name: r.owner_name ?? '' } : null,
    territory: r.territory_id
      ? { id: r.territory_id, code: r.territory_code ?? '', name: r.territory_name ?? '', colour: r.territory_colour ?? 0 }
      : null,
    potential: shows && r.potential !== null ? Number(r.potential) : null,
  }))
}
