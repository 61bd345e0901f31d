/** Every kind of problem has an input that shows it and a neighbour that does not; vectors of real codes and numbers; fixes are fixed points. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { loadDivisions } from '../../server/reference/divisions.ts'
import { loadIndustries } from '../../server/reference/industries.ts'
import { toWgs84 } from '../geography/convert.ts'
import { makeDivisionIndex } from '../geography/divisions.ts'
import type { Ground } from '../geography/ground.ts'
import { makeLocator } from '../geography/locate.ts'
import { type Checked, checkAccount, findLoops, type Lookup } from './check-account.ts'
import { plainBrackets, plainName } from './name-problems.ts'
import { phoneProblem } from './phone-problems.ts'
import { oldNamesOf, successorBy } from './place-problems.ts'
import { KIND_NAMES, type ProblemKind } from './problem.ts'
import { codeProblem } from './value-problems.ts'

const divisions = makeDivisionIndex(loadDivisions())
/** Two squares: 320508 to the west of 120.6, 320506 to the east of it; 320500 is both. Urumqi's square can be hit the other way round. */
const box = (code: string): [number, number, number, number] | null =>
  code === '320508' ? [120.5, 31.2, 120.6, 31.4] : code === '320506' ? [120.6, 31.2, 120.7, 31.4] : code === '650104' ? [87.4, 43.7, 87.7, 44] : null
const holds = (code: string, lng: number, lat: number): boolean => {
  const b = box(code)
  return b !== null && lng >= b[0] && lng < b[2] && lat >= b[1] && lat < b[3]
}
const ground: Ground = {
  inside: (code, lng, lat) =>
    code === '320500'
      ? holds('320508', lng, lat) || holds('320506', lng, lat)
      : box(code)
        ? holds(code, lng, lat)
        : code === '650100'
          ? holds('650104', lng, lat)
          : null,
  at: (lng, lat) => ['320508', '320506', '650104'].find(c => holds(c, lng, lat)) ?? null,
}
const lookup: Lookup = {
  divisions,
  locate: makeLocator(divisions),
  ground,
  oldNames: oldNamesOf(divisions.list),
  industries: new Set(loadIndustries().map(i => i.code)),
  options: new Map([['tier', new Set(['KA', 'A'])]]),
}
const GOOD: Checked = {
  name: '苏州易动机械有限公司',
  nameEn: 'Yidong Machinery',
  shortName: '易动',
  creditCode: '91440300192185379H',
  phone: '+8613812345679',
  email: 'sales@yidong.example',
  website: 'www.yidong.example',
  industry: 'C34',
  tier: 'A',
  source: null,
  status: null,
  size: 120,
  revenue: 12_000_000,
  potential: 300_000,
  division: '320508',
  registeredDivision: null,
  address: '江苏省苏州市姑苏区人民路1号',
  registeredAddress: null,
  point: [120.55, 31.3],
}
const kinds = (change: Partial<Checked>, across = {}): string[] =>
  checkAccount({ ...GOOD, ...change }, lookup, { sharedPhone: false, parentMissing: false, parentLoop: false, contactsLeft: false, ...across }).map(
    p => `${p.field}:${p.kind}${p.proposal === undefined ? '' : `=${p.proposal}`}`,
  )

/** Degrees of Suzhou moved as a Chinese map moves them. */
const moved = (lng: number, lat: number): [number, number] => {
  const [x, y] = toWgs84(lng, lat, 'GCJ02')
  return [Math.round((2 * lng - x) * 1e6) / 1e6, Math.round((2 * lat - y) * 1e6) / 1e6]
}

const CASES: readonly (readonly [change: Partial<Checked>, wanted: readonly string[]])[] = [
  [{}, []],
  [{ creditCode: '914403001921' }, ['creditCode:code.length']],
  [{ creditCode: '91440300192185379h' }, ['creditCode:code.form=91440300192185379H']],
  [{ creditCode: '９１４４０３００１９２１８５３７９Ｈ' }, ['creditCode:code.form=91440300192185379H']],
  [{ creditCode: '9144O3OO192185379H' }, ['creditCode:code.misread=91440300192185379H']],
  [{ creditCode: '9I440300I92I85379H' }, ['creditCode:code.misread=91440300192185379H']],
  [{ creditCode: '91440300192185379J' }, ['creditCode:code.checkDigit']],
  [{ phone: '138 1234 5679' }, ['phone:phone.form=+8613812345679']],
  [{ phone: '１３８１２３４５６７９' }, ['phone:phone.form=+8613812345679']],
  [{ phone: '12345' }, ['phone:phone.service']],
  [{ phone: '95588' }, ['phone:phone.service']],
  [{ phone: '5566' }, ['phone:phone.short']],
  [{ phone: '6512 3456' }, ['phone:phone.noAreaCode']],
  [{ phone: '13800138000' }, ['phone:phone.placeholder=null']],
  [{ phone: '+8613800138000' }, ['phone:phone.placeholder=null']],
  [{ phone: '11111111111' }, ['phone:phone.placeholder=null']],
  [{ phone: '013800138000' }, ['phone:phone.placeholder=null']],
  [{ phone: '见名片' }, ['phone:phone.invalid']],
  [{ phone: '138123456790' }, ['phone:phone.invalid']],
  [{ email: 'a@b' }, ['email:email.syntax']],
  [{ email: 'ｓａｌｅｓ＠yidong.example ' }, ['email:email.form=sales@yidong.example']],
  [{ email: '12345@qq.com' }, ['email:email.free']],
  [{ website: 'qq.com' }, ['website:website.freeMail=null']],
  [{ website: '没有' }, ['website:website.syntax']],
  [{ website: 'https://www.yidong.example/home?x=1' }, []],
  [{ name: '测试' }, ['name:name.placeholder']],
  [{ name: 'aaaa' }, ['name:name.placeholder']],
  [{ name: '无' }, ['name:name.placeholder']],
  [{ name: '???' }, ['name:name.placeholder']],
  [{ name: '王小明' }, ['name:name.person']],
  [{ name: '李伟先生' }, ['name:name.person']],
  [{ name: '王府酒店' }, []],
  [{ name: '华为' }, []],
  [{ name: '苏州ＡＢＣ机械有限公司' }, ['name:name.form=苏州ABC机械有限公司']],
  [{ name: '苏州  易动机械有限公司' }, ['name:name.form=苏州易动机械有限公司']],
  [{ name: 'Yidong\u200b  Machinery Ltd' }, ['name:name.form=Yidong Machinery Ltd']],
  [{ name: '易动(苏州)机械有限公司' }, ['name:name.brackets=易动（苏州）机械有限公司']],
  [{ name: '易动【苏州】机械有限公司' }, ['name:name.brackets=易动（苏州）机械有限公司']],
  [{ name: 'Yidong (Suzhou) Machinery' }, []],
  [{ name: '苏州易动机械' }, ['name:name.noLegalForm']],
  [{ industry: 'Q83' }, ['industry:industry.earlier=Q84']],
  [{ industry: 'H65' }, ['industry:industry.earlier=F52']],
  [{ industry: 'Q84' }, []],
  [{ industry: 'C3411' }, ['industry:industry.unknown=C34']],
  [{ industry: 'Z99' }, ['industry:industry.unknown']],
  [{ tier: 'gold' }, ['tier:option.unknown']],
  [{ size: -5 }, ['size:number.negative']],
  [{ size: 0 }, ['size:number.placeholder=null']],
  [{ revenue: 1 }, ['revenue:number.placeholder=null']],
  [{ revenue: 99_999_999 }, ['revenue:number.placeholder=null']],
  [{ size: 90_000_000 }, ['size:number.outlier']],
  [{ division: '320502' }, ['division:division.retired=320508']],
  [{ division: '130421', address: null, point: null }, ['division:division.split']],
  [{ division: '130421', address: '河北省邯郸市丛台区中华北大街5号', point: null }, ['division:division.split=130403']],
  [{ division: '999999', point: null }, ['division:division.unknown=320508']],
  [{ division: '320506', point: null }, ['division:division.contradicts=320508']],
  [{ division: '440300', point: null }, ['division:division.contradicts=320508']],
  [{ division: null, point: null }, ['division:division.fromAddress=320508']],
  [{ division: '320500' }, ['division:division.finer=320508']],
  [{ registeredDivision: '310101', registeredAddress: '上海市浦东新区世纪大道1号' }, ['registeredDivision:division.contradicts=310115']],
  [{ address: '江苏省苏州市沧浪区人民路1号' }, ['address:address.oldName']],
  [{ point: [0, 0] }, ['point:point.zero=null']],
  [{ point: [31.3, 120.55] }, ['point:point.swapped=120.55,31.3']],
  [{ point: [139.7, 35.7] }, ['point:point.abroad']],
  [{ point: [139.7, 35.7], division: null, address: null }, []],
  [{ point: [120.65, 31.3] }, ['point:point.nextDoor']],
  [{ point: [116.4, 39.9] }, ['point:point.elsewhere']],
  [{ point: [43.8, 87.6], division: '650104', address: null }, ['point:point.swapped=87.6,43.8']],
]

test('each kind of problem where it is, and nothing where nothing is', () => {
  for (const [change, wanted] of CASES) assert.deepEqual(kinds(change), wanted, JSON.stringify(change))
  assert.deepEqual(kinds({}, { sharedPhone: true, parentMissing: true, contactsLeft: true }), [
    'phone:phone.shared',
    'parentId:parent.missing=null',
    'contacts:contact.left',
  ])
  assert.deepEqual(kinds({ phone: '11111111111' }, { sharedPhone: true }), ['phone:phone.placeholder=null'])
  assert.deepEqual(kinds({}, { parentLoop: true }), ['parentId:parent.loop=null'])
})

test('a point that a Chinese map moved across the border is seen, and its proposal stands inside', () => {
  const [lng, lat] = moved(120.598, 31.3)
  assert.ok(lng >= 120.6, 'moved out of the division')
  const [problem] = checkAccount({ ...GOOD, point: [lng, lat] }, lookup)
  assert.equal(problem?.kind, 'point.gcj02')
  const [x, y] = problem!.proposal!.split(',').map(Number) as [number, number]
  assert.ok(Math.abs(x - 120.598) < 2e-5 && Math.abs(y - 31.3) < 2e-5, problem!.proposal!)
})

test('every kind of the table is shown by a case above', () => {
  const shown = new Set(CASES.flatMap(([, wanted]) => wanted.map(w => w.split(':')[1]!.split('=')[0]!)))
  const apart: ProblemKind[] = ['missing', 'phone.shared', 'parent.missing', 'parent.loop', 'contact.left', 'point.gcj02', 'point.bd09']
  assert.deepEqual(
    KIND_NAMES.filter(k => !shown.has(k) && !apart.includes(k)),
    [],
  )
})

test('what is proposed is right: checked again it shows no problem of that kind', () => {
  for (const [change] of CASES) {
    const before = checkAccount({ ...GOOD, ...change }, lookup)
    for (const p of before) {
      if (p.proposal === undefined) continue
      const value =
        p.field === 'point' ? (p.proposal === null ? null : (p.proposal.split(',').map(Number) as unknown as [number, number])) : p.proposal
      const after = checkAccount({ ...GOOD, ...change, [p.field]: value }, lookup)
      assert.ok(!after.some(q => q.field === p.field && q.kind === p.kind), `${p.kind} ${JSON.stringify(change)} ${p.proposal}`)
    }
  }
})

test('of several successors the address, then the point tells which; else nobody does', () => {
  const places = { locate: lookup.locate, ground }
  assert.deepEqual(successorBy(['320508', '320506'], '苏州市吴中区木渎镇', [120.55, 31.3], places), { code: '320506', by: 'address' })
  assert.deepEqual(successorBy(['320508', '320506'], '苏州市', [120.55, 31.3], places), { code: '320508', by: 'point' })
  assert.equal(successorBy(['320508', '320506'], null, null, places), null)
})

test('plain names are fixed points', () => {
  for (const name of ['苏州ＡＢＣ　（中国） 有限公司', ' a  b ', '易动\u200b【一】', 'A&B　Co., Ltd']) {
    const once = plainBrackets(plainName(name))
    assert.equal(plainBrackets(plainName(once)), once, name)
  }
})

test('loops of parents: everybody in one, nobody below it', () => {
  const loops = findLoops(
    new Map([
      ['1', '2'],
      ['2', '3'],
      ['3', '1'],
      ['4', '1'],
      ['5', '6'],
      ['7', '7'],
    ]),
  )
  assert.deepEqual([...loops].sort(), ['1', '2', '3', '7'])
})

const PHONES = '../shared/data/vectors/phone-cn.json'
test('phone vectors: a valid number is only ever written anew, and then is fine', {
  skip: existsSync(PHONES) ? false : `${PHONES} is not there`,
}, () => {
  const { vectors } = JSON.parse(readFileSync(PHONES, 'utf8')) as { vectors: { input: string; valid: boolean }[] }
  for (const { input, valid } of vectors) {
    const problem = phoneProblem(input)
    if (problem?.kind === 'phone.placeholder') continue
    if (!valid) assert.ok(problem && problem.kind !== 'phone.form', input)
    else if (problem) {
      assert.equal(problem.kind, 'phone.form', input)
      assert.equal(phoneProblem(problem.proposal!), null, `${input} ${problem.proposal}`)
    }
  }
})

const CODES = '../shared/data/vectors/uscc-gb32100.json'
test('credit code vectors: valid ones are fine, real ones that fail their digit are only doubted', {
  skip: existsSync(CODES) ? false : `${CODES} is not there`,
}, () => {
  const file = JSON.parse(readFileSync(CODES, 'utf8')) as {
    valid: string[]
    invalid: { value: string; why: string }[]
    real_but_failing_check: { values: { value: string }[] }
    lenient_input: { in: string; out: string }[]
  }
  for (const code of file.valid) assert.equal(codeProblem(code), null, code)
  for (const { value } of file.invalid) assert.ok(codeProblem(value), value)
  for (const { value } of file.real_but_failing_check.values) assert.equal(codeProblem(value)?.kind, 'code.checkDigit', value)
  for (const l of file.lenient_input) assert.deepEqual(codeProblem(l.in), { field: 'creditCode', kind: 'code.form', proposal: l.out }, l.in)
})
