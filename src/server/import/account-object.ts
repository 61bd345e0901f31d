/** Accounts 客户: the fields of the company's own catalogue, with external key, owner and one contact beside them. */

import type { ImportMapping } from '../../contract/import/imports.ts'
import type { Target } from '../../contract/import/objects.ts'
import { ACCOUNT_COLUMNS, type ColumnType } from '../../core/import/columns.ts'
import { type CatalogueField, loadFields, loadOptions } from '../builder/catalogue.ts'
import { loadIndustryWords } from '../builder/industries.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { compareAccounts } from './account-compare.ts'
import { followAccounts } from './account-follow.ts'
import { findAccounts, type RefWay, rowsOf } from './account-ref.ts'
import { undoAccounts } from './account-undo.ts'
import { writeAccounts } from './account-write.ts'
import { normalWord, optionWords, peopleFor } from './lookup-data.ts'
import { makeNewOptions, newOptionKey } from './new-options.ts'
import type { ImportObject, RowProblem, Run } from './object.ts'
import { cellOf } from './staging.ts'
import { optionsOf, targetOf } from './targets.ts'

const SPECIAL: Readonly<Record<string, ColumnType>> = { creditCode: 'creditCode', phone: 'phone', email: 'email' }
const typeOf = (field: CatalogueField): ColumnType =>
  SPECIAL[field.key] ?? (field.type === 'number' && field.builtIn ? 'count' : field.type === 'user' ? 'person' : field.type)

/** What the importer may write: a field that his role hides or only shows is not offered. */
async function targets(tx: Tx, actor: Actor): Promise<readonly Target[]> {
  const options = await loadOptions(tx, actor.tenantId)
  const mayAdd = actor.permissions.has('field.manage')
  const fields = (await loadFields(tx, actor.tenantId)).filter(
    f => !f.retired && f.key !== 'id' && (actor.fieldAccess.get(f.key) ?? 'edit') === 'edit',
  )
  return [
    ...fields.map(f => ({
      key: f.key,
      labels: f.labels,
      type: typeOf(f),
      required: f.key === 'name',
      several: f.type === 'division' || f.key === 'address',
      options: f.optionList ? optionsOf(options, f.optionList) : null,
      mayAdd: mayAdd && f.optionList !== null,
    })),
    ...ACCOUNT_COLUMNS.map(c => targetOf(c)),
  ]
}

async function lookups(tx: Tx, actor: Actor, mapping: ImportMapping) {
  const lists = new Map((await loadFields(tx, actor.tenantId)).flatMap(f => (f.optionList ? [[f.key, f.optionList] as const] : [])))
  const options = await optionWords(tx, actor.tenantId, lists)
  // An option that will be made when the writing begins.
  for (const [field, values] of Object.entries(mapping.values))
    for (const [value, key] of Object.entries(values)) if (key === '+') options.get(field)?.set(normalWord(value), newOptionKey(value))
  return { options, industries: await loadIndustryWords(tx, actor.tenantId), people: await peopleFor(tx, actor) }
}

async function check(run: Run): Promise<readonly RowProblem[]> {
  const { match, mode } = run.mapping
  const problems: RowProblem[] = []
  if (match !== 'none') {
    problems.push(...(await findAccounts(run, match as RefWay, 'r.key', 'target_id', match)))
    if (mode === 'update') problems.push(...(await rowsOf(run, 'r.target_id is null', 'row.notFound', match)))
    if (mode === 'create') problems.push(...(await rowsOf(run, 'r.target_id is not null', 'row.exists', match)))
  }
  const key = cellOf(run, 'externalKey')
  if (key && match !== 'externalKey') problems.push(...(await keysTaken(run, key)))
  const parent = cellOf(run, 'parentId')
  if (parent) problems.push(...(await wrongParents(run, parent)))
  return problems
}

/** A key that names another account, or stands in two rows. */
async function keysTaken(run: Run, key: string): Promise<readonly RowProblem[]> {
  const source = '(select v, row_no, target_id from import_row where tenant_id = $1 and job_id = $2 offset 0) r'
  const found = await run.tx.query<{ row: string; key: string }>(
    `select r.row_no::text as row, k.external_key as key from ${source} cross join lateral (select k.external_key, k.account_id from account_key k where k.tenant_id = $1 and k.source = $3 and k.external_key = ${key} offset 0) k where k.account_id is distinct from r.target_id
     union select e.row_no::text, e.key from (select r.row_no, ${key} as key, row_number() over (partition by ${key} order by r.row_no) as nth from ${source} where ${key} is not null) e where e.nth > 1`,
    [run.tenantId, run.importId, run.mapping.source],
  )
  return found.rows.map(r => ({ row: Number(r.row), code: 'account.keyTaken', field: 'externalKey', values: { key: r.key } }))
}

/** The group's head must be an account that the importer sees, and never the account itself or one below it. */
const wrongParents = (run: Run, parent: string): Promise<readonly RowProblem[]> =>
  rowsOf(
    run,
    `${parent} is not null and (not exists (select 1 from account a join account_placement p on p.tenant_id = $1 and p.model_id = ${BigInt(run.actor.modelId)} and p.account_id = a.id
        and p.tokens && array[${run.actor.tokens.map(t => BigInt(t)).join(',')}]::bigint[] where a.tenant_id = $1 and a.id = ${parent}::bigint and a.deleted_at is null)
      or (r.target_id is not null and exists (with recursive up(id, depth) as (select ${parent}::bigint, 0 union all select a.parent_id, up.depth + 1 from account a join up on a.id = up.id
        where a.tenant_id = $1 and a.parent_id is not null and up.depth < 50) select 1 from up where up.id = r.target_id)))`,
    'row.parent',
    'parentId',
  )

export const ACCOUNT_OBJECT: ImportObject = {
  key: 'account',
  matches: [
    { way: 'externalKey', needs: ['externalKey'], keyOf: ['externalKey'] },
    { way: 'creditCode', needs: ['creditCode'], keyOf: ['creditCode'] },
    { way: 'name', needs: ['name'], keyOf: ['name'] },
    { way: 'none', needs: [], keyOf: [] },
  ],
  columns: ACCOUNT_COLUMNS,
  targets,
  lookups,
  checkMapping: async (_tx, actor, mapping) => {
    // New options are made when the writing begins: say now who may not.
    const adds = Object.values(mapping.values).some(map => Object.values(map).includes('+'))
    if (adds && !actor.permissions.has('field.manage')) stop('permission.missing', { permission: 'field.manage' })
  },
  check,
  compare: compareAccounts,
  idTable: 'account',
  piece: 10_000,
  begin: async run => {
    await makeNewOptions(run.tx, run.tenantId, run.actor.userId, run.mapping.values)
    return {}
  },
  write: writeAccounts,
  follow: followAccounts,
  undo: undoAccounts,
}
