/** Settings of intake: few rows, changed seldom, each change with its audit. A lead that has come keeps the due time it was given. */
import type { IntakeRulesBody, IntakeSettings } from '../../contract/intake/settings.ts'
import { DEFAULT_RULES } from '../../core/intake/rules.ts'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'

type Row = { id: string; code: string | null; name: string | null; colour: number | null; rules: Partial<IntakeRulesBody>; rowVersion: number }

export async function readSettings(tx: Tx, actor: Actor): Promise<IntakeSettings> {
  const found = await tx.query<Row>(
    `select r.territory_id::text as id, t.code, t.name, t.colour, r.rules, r.row_version as "rowVersion" from intake_rule r
       left join territory t on t.tenant_id = $1 and t.model_id = $2 and t.id = r.territory_id where r.tenant_id = $1 order by t.code, r.territory_id`,
    [actor.tenantId, actor.modelId],
  )
  const rows = found.rows.map(r => ({ ...r, rules: { ...DEFAULT_RULES, ...r.rules } as IntakeRulesBody }))
  const skills = await tx.query<IntakeSettings['skills'][number]>(
    `select u.id::text, u.name, array_agg(s.skill order by s.skill) as skills from user_skill s join app_user u on u.tenant_id = $1 and u.id = s.user_id
      where s.tenant_id = $1 group by u.id, u.name order by u.name, u.id limit 1000`,
    [actor.tenantId],
  )
  const names = await tx.query<{ id: string; name: string }>('select id::text, name from app_user where tenant_id = $1 and id = any($2::bigint[])', [
    actor.tenantId,
    rows.flatMap(r => Object.keys(r.rules.weights)),
  ])
  const forms = await tx.query<IntakeSettings['forms'][number]>(
    `select f.id::text, f.name, '/form/' || f.secret as path, f.campaign, u.name as by, f.closed_at is not null as closed, f.row_version as "rowVersion",
            (select count(*)::int from (select 1 from lead l where l.tenant_id = $1 and l.source = 'form' and l.campaign = coalesce(f.campaign, f.name) limit 1000) n) as leads
       from lead_form f join app_user u on u.tenant_id = $1 and u.id = f.created_by where f.tenant_id = $1 order by f.closed_at nulls first, f.id desc limit 200`,
    [actor.tenantId],
  )
  const company = rows.find(r => r.id === '0')
  return {
    company: company ? { rules: company.rules, rowVersion: company.rowVersion } : { rules: { ...DEFAULT_RULES }, rowVersion: 0 },
    territories: rows.flatMap(({ id, code, name, colour, ...rest }) =>
      code === null || name === null || colour === null ? [] : [{ id, code, name, colour, ...rest }],
    ),
    names: Object.fromEntries(names.rows.map(r => [r.id, r.name])),
    skills: skills.rows,
    forms: forms.rows,
  }
}

async function lockRules(tx: Tx, actor: Actor, territoryId: string, ifMatch: number): Promise<Row['rules'] | null> {
  const found = await tx.query<{ rules: Row['rules']; v: number }>(
    'select rules, row_version as v from intake_rule where tenant_id = $1 and territory_id = $2 for update',
    [actor.tenantId, territoryId],
  )
  const current = found.rows[0]?.v ?? 0
  if (current !== ifMatch) stop('record.stale', { current })
  return found.rows[0]?.rules ?? null
}

export async function writeRules(tx: Tx, actor: Actor, now: string, territoryId: string, ifMatch: number, rules: IntakeRulesBody): Promise<number> {
  const before = await lockRules(tx, actor, territoryId, ifMatch)
  if (territoryId !== '0') {
    const known = await tx.query('select 1 from territory where tenant_id = $1 and model_id = $2 and id = $3', [
      actor.tenantId,
      actor.modelId,
      territoryId,
    ])
    if (known.rowCount === 0) stop('record.notFound', undefined, '/territoryId')
  }
  const people = Object.keys(rules.weights)
  const known = await tx.query('select 1 from app_user where tenant_id = $1 and id = any($2::bigint[])', [actor.tenantId, people])
  if (known.rowCount !== people.length) stop('record.notFound', undefined, '/weights')
  const written = await tx.query<{ v: number }>(
    `insert into intake_rule (tenant_id, territory_id, rules) values ($1, $2, $3)
     on conflict (tenant_id, territory_id) do update set rules = excluded.rules, row_version = intake_rule.row_version + 1 where intake_rule.row_version = $4 returning row_version as v`,
    [actor.tenantId, territoryId, JSON.stringify(rules), ifMatch],
  )
  const rowVersion = written.rows[0]?.v ?? stop('record.stale', { current: ifMatch + 1 })
  await audit(tx, actor, now, { kind: 'intake.rules', recordKind: 'territory', recordId: territoryId, before, after: { ...rules } })
  return rowVersion
}

export async function dropRules(tx: Tx, actor: Actor, now: string, territoryId: string, ifMatch: number): Promise<void> {
  const before = (await lockRules(tx, actor, territoryId, ifMatch)) ?? stop('record.notFound')
  await tx.query('delete from intake_rule where tenant_id = $1 and territory_id = $2', [actor.tenantId, territoryId])
  await audit(tx, actor, now, { kind: 'intake.rules', recordKind: 'territory', recordId: territoryId, before, after: null })
}

export async function writeSkills(tx: Tx, actor: Actor, now: string, userId: string, skills: readonly string[]): Promise<void> {
  const person = await tx.query('select 1 from app_user where tenant_id = $1 and id = $2 for update', [actor.tenantId, userId])
  if (person.rowCount === 0) stop('record.notFound')
  const before = await tx.query<{ skill: string }>('delete from user_skill where tenant_id = $1 and user_id = $2 returning skill', [
    actor.tenantId,
    userId,
  ])
  await tx.query('insert into user_skill (tenant_id, user_id, skill) select $1, $2, s from unnest($3::text[]) as x(s) on conflict do nothing', [
    actor.tenantId,
    userId,
    skills,
  ])
  await audit(tx, actor, now, {
    kind: 'intake.skills',
    recordKind: 'user',
    recordId: userId,
    before: { skills: before.rows.map(r => r.skill) },
    after: { skills },
  })
}
