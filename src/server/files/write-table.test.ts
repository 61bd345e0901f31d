/** What we write, a spreadsheet shows as text and we read back unchanged; workbooks made to harm are refused. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { zip } from '../../../test/support/zip.ts'
import { seededRandom } from '../../core/kernel/random.ts'
import { RefusalError } from '../kernel/refusal-error.ts'
import { openTable } from './read-table.ts'
import { checkWorkbook } from './read-xlsx.ts'
import { writeCsv, writeXlsx } from './write-table.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tables-'))
})
after(() => rm(folder, { recursive: true, force: true }))

async function* inBatches(rows: readonly (readonly unknown[])[], size = 2): AsyncGenerator<(readonly unknown[])[]> {
  for (let i = 0; i < rows.length; i += size) yield rows.slice(i, i + size)
}

async function csv(headers: readonly string[], rows: readonly (readonly unknown[])[]): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of writeCsv(headers, inBatches(rows))) pieces.push(piece)
  return Buffer.concat(pieces)
}

let number = 0
async function kept(content: Buffer, name: string): Promise<{ path: string; name: string }> {
  const file = path.join(folder, `${number++}-${name}`)
  await writeFile(file, content)
  return { path: file, name }
}

async function readBack(content: Buffer, name: string): Promise<string[][]> {
  const all: string[][] = []
  for await (const { rows } of (await openTable(await kept(content, name))).rows()) all.push(...rows)
  return all
}

const refused = (code: string) => (error: unknown) => error instanceof RefusalError && error.refusal.code === code

const HEADERS = ['名称', '电话', '备注']
const ROWS = [
  ['苏州华兴"科技"', '+86 512-62880001', '一,二\r\n三'],
  ['=HYPERLINK("http://x","y")', '-5', '@sum(a1)'],
  ['\tx', 'https://a.b', '-cmd|x'],
  ['＝1+1', "it's", '0512'],
  ['_x0041_', '𠮷野家', ' 空格 '],
]

test('CSV: a mark for spreadsheets, formulas disarmed, the same text when read again', async () => {
  const bytes = await csv(HEADERS, ROWS)
  const text = bytes.toString('utf8')
  assert.ok(text.startsWith('\ufeff名称,电话,备注\r\n'))
  assert.ok(text.includes(`"'=HYPERLINK(""http://x"",""y"")",-5,'@sum(a1)\r\n`))
  for (const cell of text.slice(1).split(/[,\r\n]+/)) assert.doesNotMatch(cell, /^"?(?:[=@＝\t]|[+-](?!\d+$))/, cell)
  assert.deepEqual(await readBack(bytes, 'a.csv'), ROWS)
  assert.equal((await csv(['a', 'b', 'c', 'd'], [[1.5, true, null, undefined]])).toString('utf8'), '\ufeffa,b,c,d\r\n1.5,true,,\r\n')
})

test('law: any text comes back from CSV as it was, marked or not', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const dice = seededRandom(seed)
  const pieces = ["'", '=', '-', '5', '＠', '"', ',', '\n', '\r', '\t', '华', ' ']
  const rows = Array.from({ length: 3000 }, () => ['k', Array.from({ length: dice.int(6) }, () => dice.pick(pieces)).join(''), 'z'])
  assert.deepEqual(await readBack(await csv(HEADERS, rows), 'law.csv'), rows, `seed ${seed}`)
})

test('XLSX: text stays text, numbers numbers, nothing Excel cannot open', async () => {
  const bytes = await writeXlsx(HEADERS, inBatches(ROWS))
  assert.deepEqual(await readBack(bytes, 'a.xlsx'), ROWS)
  const odd = await writeXlsx(
    ['a', 'b', 'c'],
    inBatches([
      ['x\u0001\0y', 'a\ud800b', 'z'.repeat(40_000)],
      [1234567.5, Number.NaN, true],
    ]),
  )
  assert.deepEqual(await readBack(odd, 'b.xlsx'), [
    ['xy', 'a\ufffdb', 'z'.repeat(32_767)],
    ['1234567.5', '', 'TRUE'],
  ])
})

test('XLSX: dates in ISO form, gaps and blank rows keep their place, many rows come in batches', async () => {
  const { writeXlsx: write } = await import('hucre/xlsx')
  const date = { name: 'S', rows: [['日期', 'n', 'c'], [new Date(Date.UTC(2024, 2, 5)), 0.1 + 0.2, null], [], [null, 13800138000, 'x']] }
  const file = await kept(Buffer.from(await write({ sheets: [date] })), 'd.xlsx')
  const table = await openTable(file)
  assert.deepEqual([table.format, table.encoding, table.headers], ['xlsx', null, ['日期', 'n', 'c']])
  const batches = []
  for await (const each of table.rows()) batches.push(each)
  const [batch] = batches
  assert.deepEqual(batch, {
    from: 1,
    rows: [
      ['2024-03-05', '0.3', ''],
      ['', '13800138000', 'x'],
    ],
    lines: [2, 4],
    uneven: [],
  })
  const many = await writeXlsx(
    ['a', 'b'],
    inBatches(
      Array.from({ length: 5000 }, (_, i) => [i, `名${i}`]),
      700,
    ),
  )
  const counts: [number, number][] = []
  for await (const { from, rows } of (await openTable(await kept(many, 'm.xlsx'))).rows()) {
    assert.equal(rows[0]?.[0], String(from - 1))
    counts.push([from, rows.length])
  }
  assert.equal(
    counts.reduce((sum, [, length]) => sum + length, 0),
    5000,
  )
  assert.ok(counts.slice(0, -1).every(([, length]) => length >= 1000))
})

const TYPES = { name: '[Content_Types].xml', data: Buffer.from('<Types/>') }

test('a zip bomb is refused by what it unpacks to, whatever it claims', async () => {
  const bomb = zip([TYPES, { name: 'xl/worksheets/sheet1.xml', data: Buffer.alloc(64 * 1024 * 1024), claim: 100 }])
  assert.ok(bomb.length < 100_000)
  const file = await kept(bomb, 'bomb.xlsx')
  await assert.rejects(checkWorkbook(file.path, { packed: 1e8, unpacked: 32 * 1024 * 1024 }), refused('file.bomb'))
  await assert.rejects(checkWorkbook(file.path, { packed: 1000, unpacked: 1e9 }), refused('file.tooLarge'))
})

test('other archives and damaged workbooks are refused', async () => {
  const open = async (content: Buffer): Promise<unknown> => openTable(await kept(content, 'x.xlsx'))
  await assert.rejects(open(zip([{ name: 'photo.jpg', data: Buffer.from('x') }])), refused('file.otherZip'))
  await assert.rejects(open(zip([TYPES, { name: 'xl/worksheets/sheet1.xml', data: Buffer.from('<worksheet>') }])), refused('file.damaged'))
  const good = await writeXlsx(['a'], inBatches([['1'], ['2']]))
  await assert.rejects(open(good.subarray(0, good.length - 100)), refused('file.damaged'))
  const spoilt = Buffer.from(good)
  spoilt.fill(0xff, 60, 120)
  await assert.rejects(open(spoilt), refused('file.damaged'))
  await assert.rejects(open(await writeXlsx(['a'], inBatches([]))), refused('file.noRows'))
  const wide = await writeXlsx(['a'], inBatches([Array.from({ length: 1200 }, () => 'x')]))
  await assert.rejects(open(wide), refused('file.tooManyColumns'))
})
