/** Witnesses of an edited rule: the values that its fields hold, the ones that decide marked, and where each account stands today. */
import { type CompiledModel, matchOne } from '../../core/assignment/compile.ts'
import { missingOf } from '../../core/assignment/missing.ts'
import type { Condition, FieldValue } from '../../core/condition/condition.ts'
import { fieldsOf } from '../../core/condition/explain.ts'
import type { Vocabulary } from '../../core/condition/words.ts'
import { factsOf } from '../account/facts.ts'
import { FOUND, type Found, fromAccounts } from '../account/find-accounts.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Tx } from '../kernel/transaction.ts'

export type Kind = 'added' | 'removed' | 'contested' | 'undecidable'
export const KINDS: readonly Kind[] = ['added', 'removed', 'contested', 'undecidable']
/** Columns of the table: the rule's own fields, the deciding ones first. */
const COLUMNS = 4
const MARKED = 3

type Asked = {
  readonly witnesses: ReadonlyMap<Kind, readonly string[]>
  readonly after: CompiledModel
  readonly changed: ReadonlySet<string>
  readonly condition: Condition
  readonly vocabulary: Vocabulary
}

export async function describeWitnesses(tx: Tx, actor: Actor, asked: Asked) {
  const { witnesses, after, changed, condition, vocabulary } = asked
  const found = await tx.query<Found>(`select ${FOUND} ${fromAccounts(actor.modelId)} where a.tenant_id = $1 and a.id = any($2::bigint[])`, [
    actor.tenantId,
    [...witnesses.values()].flat(),
  ])
  const byId = new Map(found.rows.map(r => [r.id, r]))
  const open = (field: string) => field !== 'id' && field !== 'name' && actor.fieldAccess.get(field) !== 'hidden'
  const used = [...fieldsOf(condition)].filter(open)
  const fields = [...used.filter(f => changed.has(f)), ...used.filter(f => !changed.has(f))].slice(0, COLUMNS)
  const shown = fields.length > 0 ? fields : ['division', 'industry', 'size'].filter(open)
  const one = (kind: Kind) => (id: string) => {
    const row = byId.get(id)
    if (!row) return []
    const facts = factsOf(row)
    const deciding =
      kind === 'undecidable'
        ? missingOf(after, facts).fields
        : kind === 'contested'
          ? [
              ...new Set(
                matchOne(after, facts).contested.flatMap(t => [...fieldsOf(after.hierarchy.byId.get(t)?.territory.condition ?? { all: [] })]),
              ),
            ]
          : [...changed]
    return [
      {
        id,
        name: row.name,
        values: [...new Set([...deciding.filter(open).slice(0, MARKED), ...shown])]
          .slice(0, COLUMNS + 1)
          .map(field => ({
            field,
            label: vocabulary.field(field),
            value: wordsOf(field, facts[field], vocabulary),
            decides: deciding.includes(field),
          })),
        now:
          row.territory_id === null
            ? null
            : { id: row.territory_id, code: row.territory_code!, name: row.territory_name!, colour: row.territory_colour! },
      },
    ]
  }
  const result = (kind: Kind) => (witnesses.get(kind) ?? []).flatMap(one(kind))
  return { added: result('added'), removed: result('removed'), contested: result('contested'), undecidable: result('undecidable') }
}

function wordsOf(field: string, value: FieldValue, vocabulary: Vocabulary): string | null {
  if (value === null || value === undefined || value === '') return null
  if (Array.isArray(value)) {
    if (value.length === 2 && typeof value[0] === 'number') return value.map(n => Number(n).toFixed(3)).join(', ')
    return value.map(v => vocabulary.value(field, String(v))).join('、') || null
  }
  return vocabulary.value(field, String(value))
}
