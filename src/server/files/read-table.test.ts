/** Files as people really bring them: any encoding, any separator, broken on purpose or by accident. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { after, before } from 'node:test'
import { FILE_REFUSALS } from '../../contract/import/file-refusals.ts'
import { RefusalError } from '../kernel/refusal-error.ts'
import { openTable, type Table, type TableBatch } from './read-table.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tables-'))
})
after(() => rm(folder, { recursive: true, force: true }))

let number = 0
async function opened(content: string | Uint8Array, name = 'list.csv'): Promise<Table> {
  const file = path.join(folder, `${number++}-${name}`)
  await writeFile(file, content)
  return openTable({ path: file, name })
}

async function batches(table: Table): Promise<TableBatch[]> {
  const all: TableBatch[] = []
  for await (const batch of table.rows()) all.push(batch)
  return all
}

const rowsOf = async (content: string | Uint8Array): Promise<string[][]> => (await batches(await opened(content))).flatMap(each => each.rows)

async function refusedWith(code: keyof typeof FILE_REFUSALS, work: () => Promise<unknown>): Promise<RefusalError> {
  let refusal: RefusalError | undefined
  await assert.rejects(work, error => {
    assert.ok(error instanceof RefusalError, String(error))
    refusal = error
    return error.refusal.code === code
  })
  return refusal as RefusalError
}

/** GB18030 by inverting the decoder, since the platform only decodes it. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030')
  const table = new Map<string, Buffer>()
  for (let a = 0x81; a <= 0xfe; a++)
    for (let b = 0x40; b <= 0xfe; b++) {
      const pair = Buffer.from([a, b])
      table.set(decoder.decode(pair), pair)
    }
  return Buffer.concat([...text].map(char => (char < '\x80' ? Buffer.from(char) : (table.get(char) ?? assert.fail(char)))))
}

const wide = (text: string, mark: boolean, big: boolean): Buffer => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return big ? bytes.swap16() : bytes
}

const SHEET = '客户名称,电话,城市\n苏州华兴科技有限公司,0512-62880001,苏州\n上海方案有限公司,021-58800002,上海\n'

for (const [encoding, bytes] of [
  ['utf-8', Buffer.from(SHEET)],
  ['utf-8', Buffer.from(`\ufeff${SHEET}`)],
  ['gb18030', gb18030(SHEET)],
  ['utf-16le', wide(SHEET, true, false)],
  ['utf-16be', wide(SHEET, true, true)],
  ['utf-16le', wide(SHEET, false, false)],
  ['utf-16be', wide(SHEET, false, true)],
] as const)
  test(`${encoding}, ${bytes.length} bytes`, async () => {
    const table = await opened(bytes)
    assert.deepEqual([table.format, table.encoding, table.delimiter], ['csv', encoding, ','])
    assert.deepEqual(table.headers, ['客户名称', '电话', '城市'])
    assert.deepEqual(table.sample[1], ['上海方案有限公司', '021-58800002', '上海'])
    assert.deepEqual(
      (await batches(table)).map(({ from, rows, lines }) => [from, rows.length, lines]),
      [[1, 2, [2, 3]]],
    )
  })

test('the first Chinese character decides even when it stands far down', async () => {
  const ascii = `name,city\n${'acme,x\n'.repeat(200_000)}`
  assert.equal((await opened(Buffer.concat([Buffer.from(ascii), gb18030('华兴,苏州\n')]))).encoding, 'gb18030')
  const table = await opened(`${ascii}华兴,苏州\n`)
  assert.equal(table.encoding, 'utf-8')
  assert.deepEqual((await batches(table)).at(-1)?.rows.at(-1), ['华兴', '苏州'])
})

test('an encoding told by hand wins, and a wrong one is refused with its line', async () => {
  const file = path.join(folder, 'big5.csv')
  await writeFile(file, Buffer.concat([Buffer.from('name,city\n'), Buffer.from([0xa5, 0x78, 0xa5, 0x5f]), Buffer.from(',x\n')]))
  assert.deepEqual((await openTable({ path: file, name: 'big5.csv' }, 'big5')).sample, [['台北', 'x']])
  await refusedWith('file.brokenText', () => openTable({ path: file, name: 'big5.csv' }, 'utf-8'))
})

for (const delimiter of [',', ';', '\t', '，', '|'])
  test(`separator ${JSON.stringify(delimiter)}`, async () => {
    const other = delimiter === ',' ? ';' : ','
    const line = (cells: string[]): string => `${cells.join(delimiter)}\r\n`
    const table = await opened(line(['名称', '地址', '备注']) + line(['甲', `苏州${other}工业园`, '']) + line(['乙', '上海', `a${other}b${other}c`]))
    assert.equal(table.delimiter, delimiter)
    assert.deepEqual(table.headers, ['名称', '地址', '备注'])
    assert.equal(table.sample[0]?.[1], `苏州${other}工业园`)
  })

test('quotes, breaks inside cells, every kind of line end', async () => {
  assert.deepEqual(await rowsOf('a,b\r\n"x ""y""","1\r\n2"\r\n3" pipe,"z"z\r\n'), [
    ['x "y"', '1\r\n2'],
    ['3" pipe', 'zz'],
  ])
  assert.deepEqual(await rowsOf('a,b\r1,2\r3,4'), [
    ['1', '2'],
    ['3', '4'],
  ])
  assert.deepEqual(await rowsOf('a,b\n1,2\n\n , \n3,4'), [
    ['1', '2'],
    ['3', '4'],
  ])
  const [batch] = await batches(await opened('a,b\n"1\n1",2\n\n3,4\n'))
  assert.deepEqual(batch?.lines, [2, 5])
  assert.deepEqual(await rowsOf('sep=;\nname;x\n1,5;2\n'), [['1,5', '2']])
  assert.deepEqual(await rowsOf('name\n甲\n乙\n'), [['甲'], ['乙']])
})

test('uneven rows are padded or kept, and marked', async () => {
  const [batch] = await batches(await opened('a,b,c,\n1,2,3,\n1\n1,2,3,4,5\n1,2,3\n1,2,3,,,\n'))
  assert.deepEqual(batch?.rows, [
    ['1', '2', '3'],
    ['1', '', ''],
    ['1', '2', '3', '4', '5'],
    ['1', '2', '3'],
    ['1', '2', '3'],
  ])
  assert.deepEqual(batch?.uneven, [1, 2])
  assert.deepEqual((await opened('a,b\n1,2,x\n3,4,y\n')).headers, ['a', 'b', '(C)'])
})

test('headings: doubled, empty, dangerous, under a title', async () => {
  assert.deepEqual((await opened('电话,电话,,__proto__,constructor,电话 (2)\n1,2,3,4,5,6\n')).headers, [
    ...['电话', '电话 (2)', '(C)', '__proto__', 'constructor', '电话 (2) (2)'],
  ])
  const titled = await opened('客户清单,,\n名称,电话,城市\n甲,1,苏州\n')
  assert.deepEqual([titled.headers, titled.sample], [['名称', '电话', '城市'], [['甲', '1', '苏州']]])
  assert.deepEqual((await batches(titled))[0]?.lines, [3])
})

test('refusals name the reason and the line', async () => {
  await refusedWith('file.empty', () => opened(''))
  await refusedWith('file.empty', () => opened('\ufeff \n\n'))
  await refusedWith('file.noRows', () => opened('a,b\n'))
  await refusedWith('file.unknownKind', () => opened('<html><table><tr><td>甲</td></tr></table></html>', 'list.xls'))
  await refusedWith('file.unknownKind', () => opened(Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 32)), 'x.csv'))
  await refusedWith('file.oldExcel', () => opened(Buffer.from('d0cf11e0a1b11ae1'.padEnd(1200, '0'), 'hex'), 'list.xls'))
  const encrypted = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')])
  await refusedWith('file.encrypted', () => opened(encrypted, 'list.xlsx'))
  const quote = await refusedWith('file.unclosedQuote', async () => batches(await opened(`a,b\n1,2\n3,"4\n${'5,6\n'.repeat(50)}`)))
  assert.deepEqual(quote.refusal.values, { line: 3 })
  const nul = await refusedWith('file.nul', async () => batches(await opened(`a,b\n1,2\n3,4\0\n${'5,6\n'.repeat(50)}`)))
  assert.deepEqual(nul.refusal.values, { line: 3 })
  await refusedWith('file.tooManyColumns', () => opened(`a,b\n${'1,'.repeat(1001)}1\n`))
  for (const words of Object.values(FILE_REFUSALS)) assert.ok(words.zh && words.en && words.status >= 400)
})

test('a quote that swallows a huge file is refused without reading it all into memory', async () => {
  const table = await opened(`a,b\n${'1,2\n'.repeat(50_000)}1,"${'x,y\n'.repeat(3_000_000)}`)
  const refusal = await refusedWith('file.unclosedQuote', () => batches(table))
  assert.equal(refusal.refusal.values?.line, 50_002)
})

test('reading may stop early and start again', async () => {
  const table = await opened(`a,b\n${Array.from({ length: 30_000 }, (_, i) => `${i},"x\n${i}"\n`).join('')}`)
  for await (const batch of table.rows()) {
    assert.equal(batch.from, 1)
    break
  }
  let expected = 1
  for (const { from, rows } of await batches(table)) {
    assert.equal(from, expected)
    assert.equal(rows[0]?.[0], String(from - 1))
    expected += rows.length
  }
  assert.equal(expected, 30_001)
})

test('law: any cells, written as CSV and cut anywhere, come back', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  let state = seed
  const dice = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
  const pieces = ['"', ',', '\n', '\r', '\r\n', '华', '𠮷', 'a', ' ', ';']
  const rows = Array.from({ length: 4000 }, () => [
    'k',
    ...Array.from({ length: 3 }, () => Array.from({ length: dice(12) }, () => pieces[dice(pieces.length)]).join('')),
    'z',
  ])
  const text = [['a', 'b', 'c', 'd', 'e'], ...rows].map(row => row.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n')
  const table = await opened(text)
  assert.equal(table.delimiter, ',', `seed ${seed}`)
  assert.deepEqual(
    (await batches(table)).flatMap(each => each.rows),
    rows,
    `seed ${seed}`,
  )
})

test('a million rows stream in little memory', { timeout: 60_000 }, async () => {
  const file = path.join(folder, 'million.csv')
  const block = '苏州华兴科技有限公司,0512-62880001,"江苏省苏州市工业园区1号",1000\n'.repeat(10_000)
  await writeFile(file, '名称,电话,地址,人数\n')
  for (let i = 0; i < 100; i++) await writeFile(file, block, { flag: 'a' })
  const table = await openTable({ path: file, name: 'million.csv' })
  const before = process.memoryUsage().rss
  let count = 0
  let most = 0
  for await (const { rows } of table.rows()) {
    count += rows.length
    most = Math.max(most, process.memoryUsage().rss - before)
  }
  assert.equal(count, 1_000_000)
  assert.ok(most < 250 * 1024 * 1024, `${Math.round(most / 1024 / 1024)} MB`)
})
