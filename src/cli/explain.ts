/** jiangyu explain: why a customer stands where it stands, or stood at another instant, as the person named may read it. */
import { explainAccount } from '../server/assignment/why.ts'
import { asUser, open } from './database.ts'
import { type Command, instantsOf, say } from './options.ts'

export const explainCommand: Command = async options => {
  const id = options.positionals[0]
  if (!id || !/^\d+$/.test(id)) throw new Error('explain ACCOUNT-ID --as LOGIN [--at DAY] [--known DAY]')
  const asked = instantsOf(options)
  const opened = await open(options)
  try {
    const locale = options.lang === 'en' || options.lang === 'zh-TW' || options.lang === 'zh-CN' ? options.lang : undefined
    const why = await asUser(opened.db, options.as, (tx, actor) =>
      explainAccount(tx, locale ? { ...actor, locale } : actor, id, { modelId: options.model, territoryId: options.territory, ...asked }),
    )
    const marks = { yes: '+', no: '-', unknown: '?' } as const
    const lines = [
      why.asOf ? `${why.account.name}  @ ${why.asOf.at}${asked.known ? `, as known ${why.asOf.known}` : ''}` : why.account.name,
      why.sentence,
      why.ownerSentence,
      ...why.criteria.map(c => `  ${marks[c.holds]} ${c.words}${c.seen ? `  (${c.seen})` : ''}${c.inheritedFrom ? `  ← ${c.inheritedFrom}` : ''}`),
      ...why.losers.map(l => `  × ${l.territory.code} ${l.territory.name}: ${l.words}`),
      ...why.counterfactuals.map(c => `  → ${c.words}`),
    ]
    say(options, lines.join('\n'), why)
    return 0
  } finally {
    await opened.close()
  }
}
