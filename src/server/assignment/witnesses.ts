/**
 * Witnesses 证例: real accounts that show a gap, an overlap, or a missing value. A number nobody can look behind is not believed, and an
 * undecidable account is decided by filling in the field that is named here.
 */
import type { z } from 'zod'
import type { modelWitnesses, WITNESS_KINDS } from '../../contract/territory/picture.ts'
import { matchOne } from '../../core/assignment/compile.ts'
import { missingOf } from '../../core/assignment/missing.ts'
import { idAt } from '../../core/condition/columns.ts'
import { visibleTo } from '../access/visible-to.ts'
import { type AccountRecord, factsOf, RECORD } from '../account/facts.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'
import { assertReadable } from '../territory/models.ts'
import { loadVocabulary } from '../territory/vocabulary.ts'
import { type Compiled, loadCompiled } from './compiled.ts'
import { matcher } from './decide-placements.ts'
import { coloursFor } from './neighbours.ts'
import { readFields } from './read-for.ts'
import { isComputed } from './read-map.ts'
import { seenTerritories } from './seen-territories.ts'

type Kind = (typeof WITNESS_KINDS)[number]
const PAGE = 50
const SHOWN = 4

export async function readWitnesses(
  tx: Tx,
  actor: Actor,
  modelId: string,
  query: { kind: Kind; cursor?: string | undefined },
): Promise<z.input<typeof modelWitnesses.reply>> {
  await assertReadable(tx, actor, modelId)
  const model = await loadCompiled(tx, actor.tenantId, modelId)
  const after = /^\d{1,18}$/.test(query.cursor ?? '') ? query.cursor! : '0'
  const { ids, total } = isComputed(model)
    ? await idsPlaced(tx, actor, modelId, query.kind, after)
    : await idsMatched(tx, actor, model, query.kind, after)
  const page = ids.slice(0, PAGE)
  const found = await tx.query<AccountRecord>(`select ${RECORD} from account a where a.tenant_id = $1 and a.id = any($2::bigint[]) order by a.id`, [
    actor.tenantId,
    page,
  ])
  const words = await loadVocabulary(tx, actor, actor.locale, [])
  const colours = coloursFor(model)
  const byId = new Map(model.loaded.territories.map(t => [t.id, t]))
  const seen = seenTerritories(actor, model.compiled, { byTerritory: new Map() })
  const named = (id: string) => {
    const t = byId.get(id)
    return t && (seen === null || seen.has(id)) ? [{ id, code: t.code, name: t.name, colour: colours.get(id) ?? t.colour }] : []
  }
  const said = (key: 'division' | 'industry' | 'tier', value: string | null) =>
    value === null || actor.fieldAccess.get(key) === 'hidden' ? null : words.value(key, value)
  return {
    rows: found.rows.map(record => {
      const facts = factsOf(record)
      const match = matchOne(model.compiled, facts)
      const missing = query.kind === 'undecidable' ? missingOf(model.compiled, facts) : { fields: [], territoryIds: [] }
      const held =
        query.kind === 'undecidable' ? missing.territoryIds : [...(match.territoryId === null ? [] : [match.territoryId]), ...match.contested]
      return {
        id: record.id,
        name: record.name,
        division: said('division', record.division),
        industry: said('industry', record.industry),
        tier: said('tier', record.tier),
        territories: held.flatMap(named),
        missing: missing.fields.slice(0, SHOWN).map(words.field),
      }
    }),
    next: ids.length > PAGE ? page.at(-1)! : null,
    total,
  }
}

const PLACED: Readonly<Record<Kind, string>> = {
  unassigned: 'p.territory_id is null and not p.undecidable',
  contested: 'cardinality(p.contested) > 0',
  undecidable: 'p.undecidable',
}

async function idsPlaced(tx: Tx, actor: Actor, modelId: string, kind: Kind, after: string) {
  const from = `from account_placement p join account a on a.tenant_id = $1 and a.id = p.account_id and a.deleted_at is null
    where p.tenant_id = $1 and p.model_id = $2 and ${PLACED[kind]} and ${visibleTo(actor, 'p.account_id')}`
  const total = await tx.query<{ n: number }>(`select count(*)::int as n ${from}`, [actor.tenantId, modelId])
  const found = await tx.query<{ id: string }>(
    `select p.account_id::text as id ${from} and p.account_id > $3 order by p.account_id limit ${PAGE + 1}`,
    [actor.tenantId, modelId, after],
  )
  return { ids: found.rows.map(r => r.id), total: total.rows[0]!.n }
}

async function idsMatched(tx: Tx, actor: Actor, model: Compiled, kind: Kind, after: string) {
  const columns = await readFields(tx, actor, model, [])
  const match = matcher(model.compiled, columns)
  const ids: string[] = []
  let total = 0
  for (let i = 0; i < columns.count; i += 1) {
    const m = match(i)
    const is = kind === 'contested' ? m.contested.length > 0 : m.territoryId === null && m.undecidable === (kind === 'undecidable')
    if (!is) continue
    total += 1
    if (ids.length <= PAGE && columns.ids[i]! > Number(after)) ids.push(idAt(columns, i))
  }
  return { ids, total }
}
