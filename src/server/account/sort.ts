/**
 * What a list may be sorted by, as SQL that is never null, so that the keyset goes on where it stopped: an account without a value stands
 * before the smallest. Options sort in the order the company gave them. A field the role hides is refused: an order tells its values.
 */
import type { CatalogueField } from '../builder/catalogue.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import { assertVisible, type Params } from './condition-sql.ts'
import { COLUMNS } from './facts.ts'

type KeyType = 'timestamptz' | 'text' | 'bigint' | 'float8' | 'date'
export type Sort = { readonly sql: string; readonly type: KeyType }

const PLAIN: Readonly<Record<string, Sort>> = {
  updated: { sql: 'a.updated_at', type: 'timestamptz' },
  created: { sql: 'a.created_at', type: 'timestamptz' },
  owner: { sql: `coalesce(u.name, '')`, type: 'text' },
  territory: { sql: `coalesce(t.code, '')`, type: 'text' },
}

export function sortSql(key: string, catalogue: readonly CatalogueField[], actor: Pick<Actor, 'fieldAccess'>, params: Params): Sort {
  const plain = Object.hasOwn(PLAIN, key) ? PLAIN[key] : undefined
  if (plain) return plain
  assertVisible(actor, key)
  const field = catalogue.find(f => f.key === key && !f.retired) ?? stop('field.unknown', { field: key }, '/sort')
  if (field.type === 'options' || field.type === 'point' || field.maskable) return stop('field.unsortable', { field: key }, '/sort')
  const own = Object.hasOwn(COLUMNS, key) ? `a.${COLUMNS[key as keyof typeof COLUMNS]}` : null
  const kept = (column: string) =>
    own ?? `(select cf.${column} from account_field cf where cf.tenant_id = $1 and cf.field_id = ${params.add(field.id)} and cf.account_id = a.id)`
  if (field.type === 'option')
    return {
      sql: `coalesce((select o.position from option_row o where o.tenant_id = $1 and o.list = ${params.add(field.optionList)} and o.key = ${kept('t')}), -1)::bigint`,
      type: 'bigint',
    }
  // Built-in numbers are whole; a custom one may be anything.
  if (field.type === 'number')
    return own ? { sql: `coalesce(${own}, -1)`, type: 'bigint' } : { sql: `coalesce(${kept('n')}, '-infinity'::float8)`, type: 'float8' }
  if (field.type === 'date') return { sql: `coalesce(${kept('d')}, '-infinity'::date)`, type: 'date' }
  return { sql: key === 'name' ? 'a.name' : `coalesce(${kept('t')}, '')`, type: 'text' }
}

/** The sort value as text for the cursor. */
export const keyText = (sort: Sort): string =>
  sort.type === 'timestamptz' ? `to_char(${sort.sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : `(${sort.sql})::text`

const FORM: Readonly<Record<KeyType, RegExp>> = {
  timestamptz: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
  text: /^[^\0]{0,400}$/s,
  bigint: /^-?\d{1,18}$/,
  float8: /^-?(\d+(\.\d+)?(e[+-]?\d{1,3})?|Infinity)$/,
  date: /^(-infinity|\d{4}-\d\d-\d\d)$/,
}
/** A cursor came back as it was given; anything else would be an error of the database. */
export const keyFits = (type: KeyType, key: unknown): key is string => typeof key === 'string' && FORM[type].test(key)
