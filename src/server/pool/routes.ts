/** Routes of the public pool: parse, call, reply. */
import { listClocks, moveEntry, protectAccount, readClock, readForecast, returnAccount, unprotectAccount } from '../../contract/pool/clocks.ts'
import { claimEntries, drawEntries, listEntries, listPools, readEntry, readQuota } from '../../contract/pool/entries.ts'
import {
  changePool as changePoolEndpoint,
  createPool,
  previewPolicies,
  readSettings,
  removePool,
  saveCompanyRules,
  savePolicies,
} from '../../contract/pool/settings.ts'
import type { Api } from '../kernel/http.ts'
import { RefusalError, stop } from '../kernel/refusal-error.ts'
import { giveBack, movePool } from './acts.ts'
import { claimAll, type Outcome } from './claim.ts'
import { countView } from './count-view.ts'
import { draw } from './draw.ts'
import { previewEffect } from './preview.ts'
import { protect, unprotect } from './protect.ts'
import { readQuotaCard } from './quota.ts'
import { findClocks, forecast, readOneClock } from './read-clocks.ts'
import { findEntries, findPools } from './read-entries.ts'
import { readPoolSettings } from './read-settings.ts'
import { addPool, changePool, dropPool, writeCompanyRules, writePolicies } from './settings.ts'
import { openPools, poolOf, whoAskAll, whoAsks } from './who.ts'
import { wordsOfRefusal } from './words.ts'

const DONE = { done: true } as const

export function registerPoolRoutes(api: Api): void {
  const answer = (actor: { locale: 'zh-CN' | 'zh-TW' | 'en'; zone: string }, outcomes: readonly Outcome[]) => ({
    outcomes: outcomes.map(o =>
      o.ok
        ? { id: o.id, ok: true, code: null, words: null, until: null }
        : { id: o.id, ok: false, code: o.code, words: wordsOfRefusal(actor, o), until: o.until === null ? null : new Date(o.until).toISOString() },
    ),
    claimed: outcomes.filter(o => o.ok).length,
  })

  api.route(listPools, async ({ tx, actor }) => {
    const who = await whoAsks(tx, actor)
    return findPools(tx, await openPools(tx, actor, who), who)
  })
  api.route(listEntries, async ({ tx, actor: asker, locale, params, query }) => {
    const actor = { ...asker, locale }
    const who = await whoAsks(tx, actor)
    const pool = poolOf(who, actor, params.id)
    return findEntries(tx, await openPools(tx, actor, who), who, pool, query)
  })
  api.route(readEntry, async ({ tx, actor: asker, locale, params }) => {
    const actor = { ...asker, locale }
    const who = await whoAsks(tx, actor)
    const pool = poolOf(who, actor, params.id)
    const { rows } = await findEntries(tx, await openPools(tx, actor, who), who, pool, { sort: 'entered', limit: 1, accountId: params.accountId })
    const row = rows[0] ?? stop('record.notFound')
    await countView(tx, actor, pool, params.accountId)
    return row
  })
  api.together(claimEntries, async ({ tx, alone }, asks) => {
    const whos = await whoAskAll(
      tx,
      asks.map(a => a.actor),
    )
    const most = Math.max(1, ...whos[0]!.stored.pools.map(p => p.rules.batch))
    const fits = asks.map(a => a.body.ids.length <= most)
    const asked = asks.flatMap((a, i) =>
      fits[i] ? [{ actor: { ...a.actor, locale: a.locale }, who: whos[i]!, ids: a.body.ids, how: 'claim' as const }] : [],
    )
    const outcomes = asked.length > 0 ? [...(await claimAll(tx, asked, alone))] : []
    return asks.map((_, i) => {
      if (!fits[i]) return { error: new RefusalError({ code: 'pool.batch', values: { most }, field: '/ids' }) }
      const mine = outcomes.shift()!
      return mine ? { answer: answer({ ...asks[i]!.actor, locale: asks[i]!.locale }, mine) } : { again: true }
    })
  })
  api.route(drawEntries, async ({ tx, actor: asker, locale, params }) => {
    const actor = { ...asker, locale }
    const who = await whoAsks(tx, actor)
    const pool = poolOf(who, actor, params.id)
    return answer(actor, await draw(tx, await openPools(tx, actor, who), who, pool))
  })
  api.route(readQuota, async ({ tx, actor, params }) => {
    const who = await whoAsks(tx, actor)
    return readQuotaCard(tx, await openPools(tx, actor, who), who, poolOf(who, actor, params.id))
  })

  api.route(listClocks, ({ tx, actor, query }) => findClocks(tx, actor, query))
  api.route(readClock, ({ tx, actor, params }) => readOneClock(tx, actor, params.id))
  api.route(readForecast, async ({ tx, actor, params }) => forecast(tx, actor, poolOf(await whoAsks(tx, actor), actor, params.id)))
  api.route(returnAccount, ({ tx, actor, params, body }) => giveBack(tx, actor, params.id, body))
  api.route(protectAccount, async ({ tx, actor, params, body }) => ({ id: await protect(tx, actor, params.id, body) }))
  api.route(unprotectAccount, async ({ tx, actor, params }) => {
    await unprotect(tx, actor, params.id, params.kind)
    return DONE
  })
  api.route(moveEntry, async ({ tx, actor, params, body }) => {
    poolOf(await whoAsks(tx, actor), actor, params.id)
    await movePool(tx, actor, params.accountId, params.id, body.poolId, body.reason)
    return DONE
  })

  api.route(readSettings, ({ tx, actor }) => readPoolSettings(tx, actor))
  api.route(createPool, async ({ tx, actor, now, body }) => ({ id: await addPool(tx, actor, now, body) }))
  api.route(changePoolEndpoint, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await changePool(tx, actor, now, params.id, ifMatch, body),
  }))
  api.route(removePool, async ({ tx, actor, now, params, ifMatch }) => {
    await dropPool(tx, actor, now, params.id, ifMatch)
    return DONE
  })
  api.route(previewPolicies, ({ tx, actor, now, body }) => previewEffect(tx, actor, now, body.policies))
  api.route(savePolicies, async ({ tx, actor, now, ifMatch, body }) => ({ rowVersion: await writePolicies(tx, actor, now, ifMatch, body.policies) }))
  api.route(saveCompanyRules, async ({ tx, actor, now, ifMatch, body }) => ({ rowVersion: await writeCompanyRules(tx, actor, now, ifMatch, body) }))
}
