import assert from 'node:assert/strict'
import test from 'node:test'
import { nameReader, soundOf } from '../../server/dedupe/name-reader.ts'
import { makeAliases, otherNames } from './alias.ts'
import { compareNames } from './compare-names.ts'

const { read, sound } = nameReader()
const parts = (name: string) => {
  const { brand, business, kin, form, branch } = read(name)
  return [brand, business, kin, form, branch].join('|')
}

test('a name is taken apart: region, brand, business, form, branch', () => {
  for (const [name, expected] of [
    ['江苏省苏州市衡远精密机械有限公司', '衡远|精密机械||有限公司|'],
    ['衡远（苏州）精密机械有限责任公司', '衡远|精密机械||有限责任公司|'],
    ['衡远(苏州)精密机械股份有限公司', '衡远|精密机械||股份有限公司|'],
    ['蘇州衡遠精密機械有限公司', '衡远|精密机械||有限公司|'],
    ['苏州 衡远 精密机械有限公司（存续）', '衡远|精密机械||有限公司|'],
    ['苏州衡远投资有限公司', '衡远||投资|有限公司|'],
    ['绵阳市龙龙供应链管理有限公司亳州分公司', '龙龙|供应链管理||有限公司|亳州分公司'],
    // A place that is all there is remains the brand.
    ['朝阳科技有限公司', '朝阳|科技||有限公司|'],
    ['中国石油天然气股份有限公司', '中国|石油天然气||股份有限公司|'],
    ['NingChuangHe Technology Co., Ltd.', 'ningchuanghe|technology||coltd|'],
    ['Shenzhen Hengyuan Precision Machinery Co.,Ltd', 'hengyuan|precisionmachinery||coltd|'],
    ['ＡＢＣ科技有限公司', 'abc|科技||有限公司|'],
    ['华兴科技有公司', '华兴|科技||有公司|'],
    ['', '||||'],
    ['（）', '||||'],
  ] as const)
    assert.equal(parts(name), expected, name)
  assert.deepEqual(read('衡远（苏州）精密机械有限公司').regions, ['320500'])
})

test('two names are the same company, a relative, or strangers', () => {
  const aliases = makeAliases([['易动纷享', '纷享销客']])
  for (const [a, b, expected] of [
    ['苏州衡远精密机械有限公司', '衡远（苏州）精密机械股份有限公司', 'same'],
    ['苏州衡远精密机械有限公司', '苏州横远精密机械有限公司', 'typo'],
    ['苏州衡远精密机械有限公司', '苏州衡远精密机有限公司', 'typo'],
    ['苏州衡远精密机械有限公司', '苏州衡远密精机械有限公司', 'typo'],
    ['苏州衡远精密机械有限公司', '衡远精密', 'short'],
    ['苏州衡远精密机械有限公司', '衡远', 'short'],
    ['苏州衡远精密机械有限公司', 'Hengyuan Machinery Co., Ltd.', 'sound'],
    ['苏州衡远精密机械有限公司', '苏州衡远投资精密机械有限公司', 'kin'],
    ['苏州衡远精密机械有限公司', '苏州衡远物流有限公司', 'sister'],
    ['苏州衡远精密机械有限公司', '苏州衡远精密机械有限公司杭州分公司', 'branch'],
    ['苏州衡远精密机械有限公司', '苏州衡达精密机械有限公司', 'near'],
    ['苏州衡远精密机械有限公司', '无锡大华食品有限公司', 'other'],
    ['北京易动纷享科技有限责任公司', '北京纷享', 'part'],
    ['北京易动纷享科技有限责任公司', '纷享科技', 'part'],
  ] as const) {
    assert.equal(compareNames(read(a), read(b), soundOf), expected, `${a} / ${b}`)
    assert.equal(compareNames(read(b), read(a), soundOf), expected, `${b} / ${a}`)
  }
  const [alias] = otherNames(read('纷享销客'), aliases, sound)
  assert.equal(compareNames(alias!, read('北京易动纷享科技有限责任公司'), soundOf), 'alias')
})
