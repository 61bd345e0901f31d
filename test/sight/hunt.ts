/** The hunt: many requests against one world, then planted holes, each of which must be found and mended. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { seededRandom } from '../../src/core/kernel/random.ts'
import { keyOf } from './ask-route.ts'
import { type Defect, makeDefects } from './defects.ts'
import { askOnce } from './requests.ts'
import { ROUTES } from './routes.ts'
import { makeWorld } from './world.ts'

export async function huntLeaks(t: TestContext, requests: number, choose: (defects: readonly Defect[]) => readonly Defect[]): Promise<void> {
  const seed = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
  console.log(`# seed ${seed}`)
  const random = seededRandom(seed)
  const world = await makeWorld(random)
  t.after(() => world.close())
  const oracle = await world.oracle()
  const hunt = async (n: number): Promise<string | null> => {
    await world.settle()
    for (let i = 0; i < n; i += 1) {
      const wrong = await askOnce(world, oracle, random)
      if (wrong) return wrong
    }
    return world.unchanged()
  }
  await t.test('every route has its row in the matrix, and every row its route', () =>
    assert.deepEqual(world.routes.endpoints.map(keyOf).sort(), Object.keys(ROUTES).sort()),
  )
  await t.test(`${requests} requests`, async () => assert.equal(await hunt(requests), null))
  for (const defect of choose(await makeDefects(world.policyOf))) {
    await t.test(`caught: ${defect.name}`, async () => {
      for (const sql of defect.plant) await world.owner.query(sql)
      try {
        assert.notEqual(await hunt(3_000), null, 'the defect was not noticed')
      } finally {
        await world.mend(defect.mend)
      }
    })
  }
  await t.test('mended', async () => assert.equal(await hunt(200), null))
}
