/** Writes the demo's customers and what hangs on them, in pieces, under the bulk role. */
import type { Pool } from 'pg'
import type { Random } from '../../core/kernel/random.ts'
import { gramsOfAccount } from '../../server/account/search.ts'
import { loadOptions } from '../../server/builder/catalogue.ts'
import { inBulk, type Tx } from '../../server/kernel/transaction.ts'
import type { DemoAccount } from './make-accounts.ts'
import { GIVEN, NOTES, SURNAMES } from './words.ts'

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
  for (let from = 0; from < settings.accounts.length; from += PIECE) {
    const piece = settings.accounts.slice(from, from + PIECE)
    await inBulk(bulk, tx => writePiece(tx, settings, piece, options))
  }
}

async function writePiece(
  tx: Tx,
  { tenantId, userIds, fieldId, random }: Settings,
  piece: readonly DemoAccount[],
  options: readonly string[],
): Promise<void> {
  const drawn = await tx.query<{ id: string }>(`select nextval(pg_get_serial_sequence('account', 'id'))::text as id from generate_series(1, $1)`, [
    piece.length,
  ])
  const ids = drawn.rows.map(r => r.id)
  const buys = piece.map(() => (random.next() < 0.6 ? options[random.int(options.length)]! : null))
  const ages = piece.map(() => 1 + random.int(900))
  await tx.query(
    `insert into account (tenant_id, id, name, division, industry, tier, size, revenue, potential, source, status, lng, lat, custom, created_at, created_by, updated_at, placed)
     select $1, id, name, division, industry, tier, size, revenue, potential, source, status, lng, lat, custom::jsonb, now() - make_interval(days => age), $16, now() - make_interval(days => least(age, age % 60), mins => age % 600), true
       from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::float8[], $13::float8[], $14::text[], $15::int[])
         as a(id, name, division, industry, tier, size, revenue, potential, source, status, lng, lat, custom, age)`,
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
    `insert into account_address (tenant_id, account_id, kind, text, division, edition, lng, lat, crs) select $1, id, 'business', text, division, '2024', lng, lat, 'WGS84' from unnest($2::bigint[], $3::text[], $4::text[], $5::float8[], $6::float8[]) as d(id, text, division, lng, lat) where text is not null`,
    [tenantId, ids, piece.map(a => a.address), piece.map(a => a.division), piece.map(a => a.lng), piece.map(a => a.lat)],
  )
  await tx.query(
    `insert into account_version (tenant_id, account_id, row_version, at, facts) select a.tenant_id, a.id, 1, a.created_at,
       jsonb_strip_nulls(jsonb_build_object('id', a.id::text, 'name', a.name, 'division', a.division, 'industry', a.industry, 'tier', a.tier, 'size', a.size, 'revenue', a.revenue, 'potential', a.potential, 'source', a.source, 'status', a.status))
       from account a where a.tenant_id = $1 and a.id = any($2::bigint[])`,
    [tenantId, ids],
  )
  await writeAttached(tx, tenantId, ids, userIds, random)
}

/** Contacts for most, notes and deals for some. Telephone numbers stand in a range that nobody has. */
async function writeAttached(tx: Tx, tenantId: string, ids: readonly string[], userIds: readonly string[], random: Random): Promise<void> {
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
  const notes = ids
    .filter(() => random.next() < 0.3)
    .map(id => ({ id, by: userIds[random.int(userIds.length)]!, text: NOTES[random.int(NOTES.length)]!, days: random.int(120) }))
  await tx.query(
    'insert into note (tenant_id, account_id, author_id, text, created_at) select $1, id, by, text, now() - make_interval(days => days) from unnest($2::bigint[], $3::bigint[], $4::text[], $5::int[]) as n(id, by, text, days)',
    [tenantId, notes.map(n => n.id), notes.map(n => n.by), notes.map(n => n.text), notes.map(n => n.days)],
  )
  const deals = ids
    .filter(() => random.next() < 0.18)
    .map(id => ({
      id,
      name: ['年度采购', '产线改造', '备件框架', '新厂设备', '试点项目'][random.int(5)]!,
      amount: (5 + random.int(600)) * 1_000_000,
      stage: random.next() < 0.6 ? 'open' : random.next() < 0.55 ? 'won' : 'lost',
      days: random.int(150) - 60,
    }))
  await tx.query(
    "insert into opportunity (tenant_id, account_id, name, stage, amount, close_on, created_at, updated_at) select $1, id, name, stage, amount, current_date + days, now() - interval '40 days', now() from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::int[]) as o(id, name, stage, amount, days)",
    [tenantId, deals.map(d => d.id), deals.map(d => d.name), deals.map(d => d.stage), deals.map(d => d.amount), deals.map(d => d.days)],
  )
}
