/** A company's own boundaries, from the file to the customer: uploaded, reported, taken into a rule, and gone without moving anybody. */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type Company, type Json, openCompany } from './company.ts'

let company: Company
let cookie: string
before(async () => {
  company = await openCompany({ accounts: 500 })
  const reply = await company.app.inject({
    method: 'POST',
    url: '/api/session',
    headers: { 'x-jiangyu': '1' },
    payload: { login: 'ops', password: 'jiangyu-demo-2026' },
  })
  cookie = String(reply.headers['set-cookie']).split(';')[0]!
})
after(() => company.close())

async function send(text: string, query: string): Promise<{ status: number; body: Json }> {
  const mark = 'x-jiangyu-mark'
  const reply = await company.app.inject({
    method: 'POST',
    url: `/api/boundary-sets?${query}`,
    headers: { cookie, 'x-jiangyu': '1', 'accept-language': 'zh-CN', 'content-type': `multipart/form-data; boundary=${mark}` },
    payload: `--${mark}\r\ncontent-disposition: form-data; name="file"; filename="a.geojson"\r\ncontent-type: application/json\r\n\r\n${text}\r\n--${mark}--\r\n`,
  })
  return { status: reply.statusCode, body: reply.json() }
}
const square = (x: number, y: number, size: number) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
]
const feature = (name: string, ring: number[][], more: object = {}) => ({
  type: 'Feature',
  properties: { name, ...more },
  geometry: { type: 'Polygon', coordinates: [ring] },
})
const collection = (...features: object[]) => JSON.stringify({ type: 'FeatureCollection', features })

test('upload, report, areas; one becomes a rule by its shape; deleting the set moves nobody', async () => {
  const { ok } = company
  await company.one(
    `update account set lng = 120.55, lat = 31.25, division = '320506' where id in (select id from account order by id limit 5) returning id`,
  )
  await company.one(
    `update account set lng = 120.7, lat = 31.35, division = '320506' where id in (select id from account order by id limit 3 offset 5) returning id`,
  )
  // The five lie in A, the three exactly on the border of B and C.
  const file = collection(
    feature('A 园区', square(120.5, 31.2, 0.1)),
    feature('吴中', square(120.6, 31.3, 0.1), { code: '320506' }),
    feature('C', square(120.7, 31.3, 0.1)),
    feature('反了', square(31.2, 120.5, 0.1)),
  )
  const { status, body: set } = await send(file, `name=${encodeURIComponent('网格')}&crs=WGS84`)
  assert.equal(status, 200, JSON.stringify(set))
  assert.equal(set.areas, 3)
  assert.deepEqual(
    set.report.refused.map((f: Json) => f.words),
    ['第 4 个「反了」经纬度像是写反了,请按经度、纬度的顺序。'],
  )
  assert.deepEqual(set.report.unmatched, ['A 园区', 'C'])
  const areas = (await ok('GET', `/api/boundary-sets/${set.id}/areas`)).rows
  assert.deepEqual(
    areas.map((a: Json) => [a.name, a.division?.code ?? null, a.neighbours]),
    [
      ['A 园区', null, 0],
      ['C', null, 1],
      ['吴中', '320506', 1],
    ],
  )
  const take = async (name: string) => (await ok('GET', `/api/boundary-sets/${set.id}/areas/${areas.find((a: Json) => a.name === name).id}`)).rings
  const model = await company.draft('网格')
  const suzhou = (await company.territories(model)).find(t => t.name === '苏州')!
  const count = async (rings: Json) =>
    (await ok('POST', `/api/models/${model}/preview`, { body: { territoryId: suzhou.id, condition: { field: 'point', op: 'inside', rings } } }))
      .matched
  const [inA, inB, inC] = [await count(await take('A 园区')), await count(await take('吴中')), await count(await take('C'))]
  assert.ok(inA >= 5)
  const onBorder = await company.one<{ n: number }>('select count(*)::int as n from account where lng = 120.7 and lat = 31.35')
  assert.equal(onBorder.n, 3)
  const inBoth = await count((await take('吴中')).concat(await take('C')))
  assert.equal(inB + inC, inBoth, 'who stands on the border of two areas is in exactly one')
  await ok('PATCH', `/api/models/${model}/territories/${suzhou.id}`, {
    ifMatch: suzhou.rowVersion,
    body: { condition: { field: 'point', op: 'inside', rings: await take('A 园区') } },
  })
  const shapes = await company.app.inject({ method: 'GET', url: `/api/boundary-sets/${set.id}/shapes`, headers: { cookie } })
  assert.equal(shapes.json().features.length, 3)
  await ok('DELETE', `/api/boundary-sets/${set.id}`, { ifMatch: set.rowVersion })
  assert.equal((await company.ask('GET', `/api/boundary-sets/${set.id}/shapes`)).status, 404)
  const kept = await ok('GET', `/api/models/${model}/territories/${suzhou.id}`)
  assert.equal(kept.own.op, 'inside', 'the rule took the shape along')
})

test('the coordinate system is asked for; a map of Baidu lands where it belongs', async () => {
  assert.equal((await send(collection(feature('x', square(120, 31, 1))), 'name=x')).status, 400)
  assert.equal((await send(collection(feature('x', square(120, 31, 1))), 'name=x&crs=mars')).status, 400)
  const { body: set } = await send(collection(feature('x', square(120.5, 31.2, 0.1))), 'name=x&crs=BD09')
  const areas = (await company.ok('GET', `/api/boundary-sets/${set.id}/areas`)).rows
  const { rings } = await company.ok('GET', `/api/boundary-sets/${set.id}/areas/${areas[0].id}`)
  const shift = Math.hypot(rings[0][0][0] - 120.5, rings[0][0][1] - 31.2) * 100
  assert.ok(shift > 0.5 && shift < 2, `${shift} km`)
})

test('files that are something else are refused in words, and nothing is kept', async () => {
  const before = (await company.ok('GET', '/api/boundary-sets')).rows.length
  const cases: [string, RegExp][] = [
    ['<kml/>', /不是 JSON/],
    ['{"a":1}', /GeoJSON/],
    [collection(), /没有一块面/],
    [
      collection(
        feature('蝴蝶', [
          [120, 31],
          [121, 32],
          [121, 31],
          [120, 32],
          [120, 31],
        ]),
      ),
      /蝴蝶.*交叉/,
    ],
  ]
  for (const [text, words] of cases) {
    const answer = await send(text, 'name=x&crs=WGS84')
    assert.equal(answer.status, 400, JSON.stringify(answer.body))
    assert.match(answer.body.detail, words)
  }
  assert.equal((await company.ok('GET', '/api/boundary-sets')).rows.length, before)
  const plain = await company.ask('POST', '/api/boundary-sets?name=x&crs=WGS84', { body: {} })
  assert.match(plain.body.type, /boundary\.missing/)
  assert.equal((await company.ask('POST', '/api/boundary-sets?name=x&crs=WGS84', { as: 'rep', body: {} })).status, 403)
})
