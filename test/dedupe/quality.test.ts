/** Duplicates in lists whose truth is known: few false merges, most true ones, none of the hard negatives; by the command that a company would run. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { after } from 'node:test'
import Papa from 'papaparse'

const ROOT = path.join(import.meta.dirname, '..', '..')
const DATA = path.join(ROOT, '..', 'shared', 'data', 'dedupe')
const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-dedupe-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const skip = existsSync(DATA) ? false : 'no ../shared/data/dedupe'

const run = (...args: readonly string[]) =>
  JSON.parse(
    execFileSync(process.execPath, [path.join(ROOT, 'src', 'cli', 'main.ts'), 'dedupe', ...args, '--json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
const read = (file: string) => Papa.parse<Record<string, string>>(readFileSync(file, 'utf8'), { header: true, skipEmptyLines: true }).data
const written = (rows: readonly Record<string, string>[], name: string): string => {
  const file = path.join(folder, name)
  writeFileSync(file, Papa.unparse([...rows]))
  return file
}

test('customers: merges are right, most are found, relatives and neighbours stay apart', { skip }, () => {
  const cn = path.join(DATA, 'cn-crm-synthetic-dev')
  const out = path.join(folder, 'pairs.csv')
  const { truth } = run('--in', path.join(cn, 'records.csv'), '--out', out, '--truth', path.join(cn, 'truth.csv'))
  assert.ok(truth.precision >= 0.98, `precision ${truth.precision}`)
  assert.ok(truth.recall >= 0.95, `recall ${truth.recall}`)
  const pairs = read(out)
  assert.deepEqual(Object.keys(pairs[0]!), ['a', 'b', 'score', 'decision', 'evidence'])
  const key = (a: string, b: string) => [a, b].sort().join()
  const merged = new Set(pairs.filter(p => p.decision === 'merge').map(p => key(p.a!, p.b!)))
  const negatives = read(path.join(cn, 'hard-negatives.csv'))
  const wrong = negatives.filter(n => merged.has(key(n.record_a!, n.record_b!)))
  assert.ok(wrong.length <= negatives.length / 100, `${wrong.length} of ${negatives.length} hard negatives merged`)
})

test('the weights carry over: without credit codes, and on half of the companies, merges stay right', { skip }, () => {
  const cn = path.join(DATA, 'cn-crm-synthetic-dev')
  const records = read(path.join(cn, 'records.csv'))
  const entity = new Map(read(path.join(cn, 'truth.csv')).map(t => [t.record_id!, t.entity_id!]))
  for (const [name, rows, least] of [
    ['no-codes', records.map(({ uscc: _, ...rest }) => rest), 0.85],
    ['half', records.filter(r => Number(entity.get(r.id!)!.slice(1)) % 2 === 0), 0.93],
    ['names-phones-places', records.map(r => ({ id: r.id!, 客户名称: r.name!, 电话: r.phone!, 地址: r.address!, 行政区划: r.division! })), 0.6],
  ] as const) {
    const { truth } = run(
      '--in',
      written(rows as readonly Record<string, string>[], `${name}.csv`),
      '--out',
      path.join(folder, `${name}-pairs.csv`),
      '--truth',
      path.join(cn, 'truth.csv'),
    )
    assert.ok(truth.precision >= 0.98, `${name}: precision ${truth.precision}`)
    assert.ok(truth.recall >= least, `${name}: recall ${truth.recall}`)
  }
})

test('people: two lists linked, and one checked in itself', { skip }, () => {
  const febrl = path.join(DATA, 'febrl')
  const truthOf = (files: readonly string[]) => {
    const ids = files.flatMap(f => read(path.join(febrl, f)).map(r => r.rec_id!.trim()))
    return written(
      ids.map(id => ({ record_id: id, entity_id: id.split('-')[1]! })),
      `${files[0]}-truth.csv`,
    )
  }
  const both = ['dataset4a.csv', 'dataset4b.csv']
  const linked = run(...both.flatMap(f => ['--in', path.join(febrl, f)]), '--out', path.join(folder, 'p4.csv'), '--truth', truthOf(both))
  assert.equal(linked.truth.truePairs, 5000)
  assert.ok(linked.truth.f1 >= 0.97, `F1 ${linked.truth.f1}`)
  const one = run('--in', path.join(febrl, 'dataset1.csv'), '--out', path.join(folder, 'p1.csv'), '--truth', truthOf(['dataset1.csv']))
  assert.ok(one.truth.f1 >= 0.97, `F1 ${one.truth.f1}`)
})

test('a list that cannot be read says what to do', () => {
  const refused = (...args: readonly string[]): string => {
    try {
      run(...args)
    } catch (error) {
      return String((error as { stderr: string }).stderr)
    }
    return assert.fail('should have been refused')
  }
  const out = path.join(folder, 'x.csv')
  assert.match(refused('--in', written([{ a: '1', b: '2' }], 'strange.csv'), '--out', out), /no column of names.*--mapping/)
  assert.match(
    refused(
      '--in',
      written(
        [
          { id: '1', name: 'x' },
          { id: '1', name: 'y' },
        ],
        'twice.csv',
      ),
      '--out',
      out,
    ),
    /line 3: the id 1 stands twice/,
  )
  const mapping = path.join(folder, 'm.json')
  writeFileSync(mapping, '{"b":"names"}')
  const pairs = run(
    '--in',
    written(
      [
        { a: '1', b: '苏州衡远精密机械有限公司' },
        { a: '2', b: '苏州衡远精密机械有限公司' },
      ],
      'mapped.csv',
    ),
    '--out',
    out,
    '--mapping',
    mapping,
  )
  assert.equal(pairs.merge + pairs.review, 1)
  writeFileSync(mapping, '{"b":"shoe size"}')
  assert.match(refused('--in', path.join(folder, 'mapped.csv'), '--out', out, '--mapping', mapping), /shoe size is no field/)
})
