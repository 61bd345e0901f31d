/** jiangyu prove: gaps, overlaps and dead rules of a model, proved on the rules themselves, each with its witness; for pipelines. */
import { FINDING_KINDS, type ProofFinding } from '../contract/territory/proof.ts'
import { proveModel } from '../server/assignment/prove-model.ts'
import { readProof } from '../server/assignment/read-proof.ts'
import { asUser, open } from './database.ts'
import { localeOf, modelOf } from './model.ts'
import { type Command, say } from './options.ts'

/** Exit 1 when customers could be left over or two rules could claim one. */
export const proveCommand: Command = async options => {
  const name = options.positionals[0]
  if (!name) throw new Error('prove active|vN|ID --as LOGIN')
  const opened = await open(options)
  try {
    const { result, findings } = await asUser(opened.db, options.as, async (tx, actor) => {
      const reader = { ...actor, locale: localeOf(options) ?? actor.locale }
      const modelId = await modelOf(tx, actor, name)
      // Refused before anything is computed for who may not read the model.
      await readProof(tx, reader, modelId, {})
      await proveModel(tx, actor.tenantId, modelId)
      const all: ProofFinding[] = []
      for (const kind of FINDING_KINDS) all.push(...((await readProof(tx, reader, modelId, { kind })).rows as ProofFinding[]))
      return { result: (await readProof(tx, reader, modelId, {})).result!, findings: all }
    })
    const figure = (f: { total: number; more: boolean } | null) => (f === null ? '?' : `${f.total}${f.more ? '+' : ''}`)
    const { gaps, overlaps, dead, notProved, rules } = result
    const words = [
      `${rules} rules: gaps ${figure(gaps)}, overlaps ${figure(overlaps)}, dead rules ${figure(dead)}, not proved ${figure(notProved)}`,
      ...findings.map(
        f =>
          `  ${f.kind}${f.vague ? ' (vague)' : ''} ${f.combination.join(' × ') || f.words}${f.territories.length ? `  ${f.territories.map(t => t.code).join(', ')}` : ''}${f.account ? `  e.g. #${f.account.id} ${f.account.name}` : ''}`,
      ),
    ]
    say(options, words.join('\n'), { ...result, findings })
    const precise = (f: { total: number; vague: number } | null) => (f === null ? 0 : f.total - f.vague)
    return precise(gaps) + precise(overlaps) === 0 ? 0 : 1
  } finally {
    await opened.close()
  }
}
