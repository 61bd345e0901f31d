import assert from 'node:assert/strict'
import test from 'node:test'
import { nameReader, soundOf } from '../../server/dedupe/name-reader.ts'
import { cluster } from './cluster.ts'
import { countValues } from './frequencies.ts'
import { candidatePairs } from './keys.ts'
import { type RawRecord, readRecord } from './record.ts'
import { scorePair } from './score.ts'

const reader = nameReader()
/** A list of strangers, so that what two records share is rare in it. */
const STRANGERS = Array.from({ length: 2_000 }, (_, i) =>
  raw(`s${i}`, `${'甲乙丙丁戊己庚辛壬癸'[i % 10]}${String.fromCharCode(0x4e00 + i)}贸易有限公司`),
)
function raw(id: string, name: string, rest: Partial<RawRecord> = {}): RawRecord {
  return { id, names: [name], ...rest }
}
const EVERYTHING = {
  phones: ['13812345678'],
  emails: ['info@hengyuan.cn'],
  contacts: ['周以宁'],
  addresses: ['苏州市虎丘区泰山路8号'],
  division: '320505',
  industry: 'C',
} as const
const [CODE, OTHER_CODE] = ['91350100M000100Y43', '91110000600037341L']

function groupsOf(records: readonly RawRecord[]): readonly (readonly string[])[] {
  const all = [...records, ...STRANGERS].map(r => readRecord(r, reader))
  const seen = countValues(all)
  const scored = candidatePairs(all).map(([i, j]) => ({ i, j, pair: scorePair(all[i]!, all[j]!, seen, soundOf) }))
  return cluster(all, scored, seen, soundOf).groups.map(group => group.map(i => all[i]!.id))
}

test('what shares everything is one; a relative that shares everything is not, and neither is a branch', () => {
  assert.deepEqual(groupsOf([raw('a', '苏州衡远精密机械有限公司', EVERYTHING), raw('b', '衡远（苏州）精密机械股份有限公司', EVERYTHING)]), [
    ['a', 'b'],
  ])
  for (const name of ['苏州衡远投资精密机械有限公司', '苏州衡远物流有限公司', '苏州衡远精密机械有限公司杭州分公司'])
    assert.deepEqual(groupsOf([raw('a', '苏州衡远精密机械有限公司', EVERYTHING), raw('b', name, EVERYTHING)]), [], name)
})

test('two valid credit codes are two companies, also by way of a third that has none', () => {
  const name = '苏州衡远精密机械有限公司'
  const [a, b] = [raw('a', name, { ...EVERYTHING, creditCode: CODE }), raw('b', name, { ...EVERYTHING, creditCode: OTHER_CODE })]
  assert.deepEqual(groupsOf([a, b]), [])
  const joined = groupsOf([a, b, raw('c', name, EVERYTHING)])
  assert.equal(joined.length, 1)
  assert.equal(joined[0]!.length, 2)
  assert.ok(joined[0]!.includes('c'))
  // A digit misread is no other code.
  assert.deepEqual(groupsOf([a, raw('d', name, { creditCode: `${CODE.slice(0, 17)}8`, phones: EVERYTHING.phones })]), [['a', 'd']])
})

test('a name alone is for a person to look at, in a list of thousands and of a million alike; with a number beside it it merges', () => {
  const [a, b] = [raw('a', '苏州衡远精密机械有限公司'), raw('b', '衡远（苏州）精密机械有限公司')]
  const phone = { phones: EVERYTHING.phones }
  const decisionAt = (total: number, x: RawRecord, y: RawRecord) => {
    const pair = [x, y].map(r => readRecord(r, reader))
    return scorePair(pair[0]!, pair[1]!, { ...countValues(pair), total }, soundOf).decision
  }
  for (const total of [4_000, 50_000, 1_000_000, 5_000_000]) {
    assert.equal(decisionAt(total, a, b), 'review', `${total}`)
    assert.notEqual(decisionAt(total, raw('a', '衡远'), raw('b', '衡远')), 'merge', `${total}`)
    assert.equal(decisionAt(total, { ...a, ...phone }, { ...b, ...phone }), 'merge', `${total}`)
    assert.equal(decisionAt(total, { ...a, ...phone }, raw('b', '无锡大华食品有限公司', phone)), 'no', `${total}`)
  }
  assert.deepEqual(groupsOf([a, b]), [])
})
