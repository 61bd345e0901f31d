/** Writes the demo's customers and what hangs on them, in pieces, under the bulk role. */
import type { Pool } from 'pg'
import type { Random } from '../../core/kernel/random.ts'
import { gramsOfAccount } from '../../server/account/search.ts'
import { loadOptions } from '../../server/builder/catalogue.ts'
import { inBulk, type Tx } from '../../server/kernel/transaction.ts'
import type { DemoAccount } from './make-accounts.ts'
import { GIVEN, SURNAMES } from './words.ts'

type Settings = {
  readonly tenantId: string
  readonly userIds: readonly string[]
  readonly fieldId: string
  readonly random: Random
  readonly accounts: readonly DemoAccount[]
}
const PIECE = 5_000

export async function writeAccounts(bulk: Pool, settings: Settings): Promise<void> {
  const options = await inBulk(bulk, async tx =>
    (await loadOptions(tx, settings.tenantId)).filter(o => o.list === `f${settings.fieldId}`).map(o => o.key),
  )
  const ids: string[] = []
  for (let from = 0; from < settings.accounts.length; from += PIECE) {
    const piece = settings.accounts.slice(from, from + PIECE)
    await inBulk(bulk, tx => writePiece(tx, settings, piece, options, ids))
  }
}

async function writePiece(
  tx: Tx,
  { tenantId, userIds, fieldId, random }: Settings,
  piece: readonly DemoAccount[],
  options: readonly string[],
  written: string[],
): Promise<void> {
  const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('account', 'id'))::text as id from generate_series(1, $1)`, [
    piece.length,
  ])
  const ids = drawn.rows.map(r => r.id)
  written.push(...ids)
  const buys = piece.map(() => (random.next() < 0.6 ? options[random.int(options.length)]! : null))
  const ages = piece.map(() => 1 + random.int(900))
  await tx.query(
    `insert into account (tenant_id, id, name, division, industry, tier, size, revenue, potential, source, status, lng, lat, custom, parent_id, registered_division, created_at, created_by, updated_at, placed)
     select $1, id, name, division, industry, tier, size, revenue, potential, source, status, lng, lat, custom::jsonb, parent, seat, now() - make_interval(days => age), $16, now() - make_interval(days => least(age, age % 60), mins => age % 600), true
       from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::float8[], $13::float8[], $14::text[], $15::int[], $17::bigint[], $18::text[])
         as a(id, name, division, industry, tier, size, revenue, potential, source, status, lng, lat, custom, age, parent, seat)`,
    [
      tenantId,
      ids,
      piece.map(a => a.name),
      piece.map(a => a.division),
      piece.map(a => a.industry),
      piece.map(a => a.tier),
      piece.map(a => a.size),
      piece.map(a => a.revenue),
      piece.map(a => a.potential),
      piece.map(a => a.source),
      piece.map(a => a.status),
      piece.map(a => a.lng),
      piece.map(a => a.lat),
      buys.map(b => (b === null ? '{}' : JSON.stringify({ [fieldId]: b }))),
      ages,
      userIds[0],
      piece.map(a => (a.parent === null ? null : (written[a.parent] ?? null))),
      piece.map(a => a.registered?.division ?? null),
    ],
  )
  await tx.query(
    'insert into account_search (tenant_id, account_id, grams) select $1, id, string_to_array(g, chr(1)) from unnest($2::bigint[], $3::text[]) as s(id, g)',
    [tenantId, ids, piece.map(a => gramsOfAccount(a.name, null, null).join('\u0001'))],
  )
  await tx.query(
    `insert into account_field (tenant_id, field_id, account_id, t) select $1, $2, id, t from unnest($3::bigint[], $4::text[]) as f(id, t) where t is not null`,
    [tenantId, fieldId, ids, buys],
  )
  await tx.query(
    `insert into account_address (tenant_id, account_id, kind, text, division, edition, lng, lat, crs, source, verified_at, verified_by)
     select $1, id, 'business', text, division, '2024', lng, lat, 'WGS84', 'import', case when checked > 0 then now() - make_interval(days => checked) end, case when checked > 0 then $8::bigint end
       from unnest($2::bigint[], $3::text[], $4::text[], $5::float8[], $6::float8[], $7::int[]) as d(id, text, division, lng, lat, checked) where text is not null`,
    [
      tenantId,
      ids,
      piece.map(a => a.address),
      piece.map(a => a.division),
      piece.map(a => a.lng),
      piece.map(a => a.lat),
      piece.map(() => (random.next() < 0.4 ? 1 + random.int(200) : 0)),
      userIds[0],
    ],
  )
  const seated = piece.flatMap((a, i) => (a.registered ? [{ id: ids[i]!, ...a.registered }] : []))
  await tx.query(
    `insert into account_address (tenant_id, account_id, kind, text, division, edition, source) select $1, id, 'registered', text, division, '2024', 'import' from unnest($2::bigint[], $3::text[], $4::text[]) as d(id, text, division)`,
    [tenantId, seated.map(a => a.id), seated.map(a => a.address), seated.map(a => a.division)],
  )
  const coded = piece.flatMap((a, i) => (a.creditCode ? [{ id: ids[i]!, code: a.creditCode }] : []))
  await tx.query(
    `insert into account_private (tenant_id, account_id, credit_code) select $1, id, code from unnest($2::bigint[], $3::text[]) as c(id, code)`,
    [tenantId, coded.map(c => c.id), coded.map(c => c.code)],
  )
  await tx.query(
    `insert into account_version (tenant_id, account_id, row_version, at, facts) select a.tenant_id, a.id, 1, a.created_at,
       jsonb_strip_nulls(jsonb_build_object('id', a.id::text, 'name', a.name, 'division', a.division, 'registeredDivision', a.registered_division, 'parentId', a.parent_id::text, 'industry', a.industry, 'tier', a.tier, 'size', a.size, 'revenue', a.revenue, 'potential', a.potential, 'source', a.source, 'status', a.status))
       from account a where a.tenant_id = $1 and a.id = any($2::bigint[])`,
    [tenantId, ids],
  )
  await writeContacts(tx, tenantId, ids, random)
}

/** Contacts for most. Telephone numbers stand in a range that nobody has. What people did with them: write-life.ts. */
async function writeContacts(tx: Tx, tenantId: string, ids: readonly string[], random: Random): Promise<void> {
  const person = () => SURNAMES[random.int(SURNAMES.length)]! + GIVEN[random.int(GIVEN.length)]!
  const contacts = ids
    .filter(() => random.next() < 0.7)
    .map(id => ({
      id,
      name: person(),
      phone: `+861000000${String(random.int(10_000)).padStart(4, '0')}`,
      title: ['采购经理', '总经理', '设备主管', '财务经理'][random.int(4)]!,
    }))
  await tx.query(
    `insert into contact (tenant_id, account_id, name, title, phone, email, created_at, updated_at) select $1, id, name, title, phone, 'kh' || id || '@example.com', now(), now() from unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) as c(id, name, title, phone)`,
    [tenantId, contacts.map(c => c.id), contacts.map(c => c.name), contacts.map(c => c.title), contacts.map(c => c.phone)],
  )
}
