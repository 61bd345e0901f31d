import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { divisionAncestors } from '../../core/condition/hierarchies.ts'
import { makeDivisionIndex } from '../../core/geography/divisions.ts'
import { makeLocator } from '../../core/geography/locate.ts'
import { loadDivisions } from './divisions.ts'

const index = makeDivisionIndex(loadDivisions())
const locate = makeLocator(index)
const RECORDS = path.join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'dedupe', 'cn-crm-synthetic-dev', 'records.csv')

test('codes, names, short names and chains of names find a division', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['32', '320000'],
    ['3205', '320500'],
    ['320506', '320506'],
    ['江苏', '320000'],
    ['江苏省', '320000'],
    ['苏州', '320500'],
    ['江苏苏州吴中', '320506'],
    ['江苏省/苏州市/吴中区', '320506'],
    ['北京市', '110000'],
    ['110100', '110100'],
    ['429000', '420000'],
    ['湖北仙桃', '429004'],
    ['内蒙', '150000'],
    ['恩施州', '422800'],
    ['上海浦东', '310115'],
    ['孟津县', '410308'],
    ['371202', '370116'],
    ['江干区', null],
    ['通州区', null],
    ['延边', '222400'],
    ['沙县', '350405'],
    ['朝阳区', null],
    ['火星', null],
    ['', null],
  ]
  for (const [text, code] of cases) assert.equal(index.resolve(text), code, text)
})

test('addresses: province and city optional, abolished names, no guess between namesakes', () => {
  const code = (address: string) => locate(address).code
  assert.equal(code('江苏省苏州市吴中区东吴北路1号'), '320506')
  assert.equal(code('中国江苏苏州工业园区星湖街'), '320500')
  assert.equal(code('北京市朝阳区建国路'), '110105')
  assert.equal(code('吉林市船营区'), '220204')
  assert.equal(code('福建省三明市沙县虬江街道'), '350405')
  const more: readonly (readonly [string, string | null])[] = [
    ['215000 江苏吴中东吴北路', '320506'],
    ['江苏镇江丹徒', '321112'],
    ['台州路桥区', '331004'],
    ['唐山路南区新华道', '130202'],
    ['上海浦东张江', '310115'],
    ['恩施州利川市', '422802'],
    ['重庆市石柱县', '500240'],
    ['湖北仙桃', '429004'],
    ['南通市海安县', '320685'],
    ['江苏省吴江市盛泽', '320509'],
    ['台北市信义区', '710009'],
    // The street is not the town it is named after, and 海南 is the province before it is a prefecture of another.
    ['南京路100号', null],
    ['上海市南京路', '310100'],
    ['深圳南山大道', '440300'],
    ['海南省海南州', '460000'],
    // A split county and a pair of namesakes still stand in the city that is surely named.
    ['杭州市江干区', '330100'],
    ['临夏州临夏', '622900'],
    // A park's south is no county.
    ['科技园南区3号', null],
    ['软件园东区', null],
  ]
  for (const [address, expected] of more) assert.equal(code(address), expected, address)
  assert.deepEqual(locate('朝阳区人民路'), { code: null, why: 'ambiguous' })
  assert.deepEqual(locate(''), { code: null, why: 'empty' })
  assert.deepEqual(locate('somewhere'), { code: null, why: 'unknown' })
})

test('addresses of a customer list stand where the list says', { skip: existsSync(RECORDS) ? false : 'shared/data is not here' }, () => {
  const lines = readFileSync(RECORDS, 'utf8').trim().split('\n')
  const header = lines[0]!.split(',')
  const at = { address: header.indexOf('address'), division: header.indexOf('division') }
  let asked = 0
  let right = 0
  const wrong: string[] = []
  for (const line of lines.slice(1)) {
    const cells = line.split(',')
    if (cells.length !== header.length || !cells[at.address] || !/^\d{6}$/.test(cells[at.division] ?? '')) continue
    asked += 1
    const given = index.resolve(cells[at.division]!) ?? cells[at.division]!
    const found = locate(cells[at.address]!)
    // Some lists only say the city: the county inside it is right, and more.
    if (found.code !== null && (found.code === given || divisionAncestors(found.code).includes(given))) right += 1
    else if (wrong.length < 12) wrong.push(`${cells[at.address]} ${given} ${found.code}`)
  }
  console.log(`# ${right} of ${asked} addresses (${((right / asked) * 100).toFixed(2)} %)`)
  assert.ok(asked > 500 && right / asked >= 0.995, wrong.join('\n'))
})
