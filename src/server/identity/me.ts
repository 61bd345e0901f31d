/** Who I am: what the shell needs to draw itself. */
import type { Me } from '../../contract/identity/session.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

export async function loadMe(tx: Tx, actor: Actor): Promise<Me> {
  const found = await tx.query<{ user: Me['user']; tenant: Me['tenant']; roles: Me['roles']; model: Me['activeModel']; unread: number }>(
    `select json_build_object('id', u.id::text, 'name', u.name, 'login', u.login, 'title', u.title, 'locale', u.locale, 'theme', u.theme) as user,
            json_build_object('id', t.id::text, 'name', t.name, 'currency', t.currency, 'zone', t.zone, 'demo', t.demo, 'mapReviewNumber', t.map_review_number) as tenant,
            (select coalesce(json_agg(json_build_object('key', r.key, 'labels', r.labels)), '[]') from user_role ur join role r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
              where ur.tenant_id = $1 and ur.user_id = $2) as roles,
            (select json_build_object('id', m.id::text, 'name', m.name, 'version', m.version) from territory_model m where m.tenant_id = $1 and m.id = $3) as model,
            (select count(*)::int from (select 1 from notification n where n.tenant_id = $1 and n.user_id = $2 and n.read_at is null limit 100) unread) as unread
       from app_user u join tenant t on t.id = $1 where u.tenant_id = $1 and u.id = $2`,
    [actor.tenantId, actor.userId, actor.modelId],
  )
  const row = found.rows[0]!
  return {
    user: row.user,
    // While viewing as somebody, `user` is the person seen; the viewer sees it named in a banner.
    viewAs: actor.viewerId ? { id: actor.userId, name: actor.userName } : null,
    tenant: row.tenant,
    roles: row.roles,
    permissions: [...actor.permissions],
    seesAll: actor.seesAll,
    activeModel: row.model,
    unread: row.unread,
  }
}
