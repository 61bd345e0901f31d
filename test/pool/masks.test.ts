/** Masked means unlearnable: the same answers whatever is hidden, to a member who asks again and again; who may read notices the difference. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { answers, hide, questions, SECRETS } from './attack.ts'
import { makePoolCompany } from './world.ts'

const SEED = Number(process.env.SEED ?? (Math.random() * 2 ** 31) | 0)
const QUESTIONS = Number(process.env.QUESTIONS ?? 400)

test('no answer depends on what a pool hides', { timeout: 280_000 }, async t => {
  console.log(`# seed ${SEED}`)
  const w = await makePoolCompany({ accounts: 300, people: 50 })
  t.after(() => w.close())
  const poolId = await w.makePool()
  const [id] = await w.accountsOf('rep')
  assert.equal((await w.give('rep', id!)).status, 200)
  const asked = questions(id!, poolId, QUESTIONS, SEED)
  await hide(w, id!, SECRETS[0])
  const first = await answers(w, 'rep', asked)
  const known = await answers(w, 'ops', asked.slice(0, 80))
  await hide(w, id!, SECRETS[1])
  const second = await answers(w, 'rep', asked)
  for (const [i, question] of asked.entries())
    assert.equal(first[i], second[i], `${question.method} ${question.url} ${JSON.stringify(question.body ?? '')}`)
  const shown = first.join('\n')
  assert.ok(shown.includes('苏州禾**装科技有限公司') && shown.includes('138****2217'), 'he was answered, and masked')
  // What he wrote himself may come back to him; nothing else of it does.
  for (const [i, question] of asked.entries())
    for (const s of SECRETS)
      for (const part of [s.phone, s.phone.slice(3), s.name, s.person, s.code])
        if (!JSON.stringify(question).includes(part) && !decodeURIComponent(question.url).includes(part))
          assert.ok(!first[i]!.includes(part) && !second[i]!.includes(part), `${question.url}: ${part}`)
  assert.notDeepEqual(await answers(w, 'ops', asked.slice(0, 80)), known, 'the comparison notices a difference where there is one')
})
