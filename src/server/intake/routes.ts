/** Routes of intake: parse, call, reply. */

import { changeForm as changeFormEndpoint, createForm, readForm, sendForm } from '../../contract/intake/forms.ts'
import {
  assignLeads,
  changeLead,
  closeLeads,
  convertLead,
  countQueue,
  findLeadOwners as findOwnersEndpoint,
  type IntakeOutcome,
  listLeads,
  noteLead,
  readLead,
  routeLeads,
  sendLeads,
} from '../../contract/intake/leads.ts'
import { readIntakeSettings, removeIntakeRules, saveIntakeRules, saveSkills } from '../../contract/intake/settings.ts'
import type { Api } from '../kernel/http.ts'
import { actAs } from '../kernel/transaction.ts'
import { assignByHand, change, close, findLeadOwners, note, routeAgain } from './acts.ts'
import { convert } from './convert.ts'
import { addForm, changeForm, makeFormDoor, readPublicForm } from './forms.ts'
import { findLead } from './read-lead.ts'
import { countWaiting, findLeads } from './read-leads.ts'
import { dropRules, readSettings, writeRules, writeSkills } from './settings.ts'
import { answerOf, takeIn } from './take-in.ts'

const DONE = { done: true } as const

export function registerIntakeRoutes(api: Api): void {
  // Those of one sender are taken in together, as he; several senders follow one another in one transaction.
  api.together(sendLeads, async ({ tx, db }, asks) => {
    const answers = new Map<(typeof asks)[number], IntakeOutcome[]>()
    for (const userId of new Set(asks.map(a => a.actor.userId))) {
      const mine = asks.filter(a => a.actor.userId === userId)
      const { actor } = mine[0]!
      await actAs(tx, actor)
      const taken = [
        ...(await takeIn(
          tx,
          db.bulk,
          actor,
          mine.flatMap(a => a.body.leads),
        )),
      ]
      for (const a of mine)
        answers.set(
          a,
          taken.splice(0, a.body.leads.length).map(t => answerOf(t, a.locale)),
        )
    }
    return asks.map(a => ({ answer: { outcomes: answers.get(a)! } }))
  })
  api.route(listLeads, ({ tx, actor, query }) => findLeads(tx, actor, query))
  api.route(countQueue, ({ tx, actor }) => countWaiting(tx, actor))
  api.route(readLead, ({ tx, actor: asker, locale, params }) => findLead(tx, { ...asker, locale }, params.id))
  api.route(changeLead, async ({ tx, actor, params, ifMatch, body }) => ({ rowVersion: await change(tx, actor, params.id, ifMatch, body) }))
  api.route(noteLead, async ({ tx, actor, params, body }) => ({ id: await note(tx, actor, params.id, body) }))
  api.route(convertLead, ({ tx, actor, params, body }) => convert(tx, actor, params.id, body))
  api.route(findOwnersEndpoint, ({ tx, actor, params, query }) => findLeadOwners(tx, actor, params.id, query.search))
  api.route(assignLeads, ({ tx, actor: asker, locale, body }) => assignByHand(tx, { ...asker, locale }, body.ids, body.ownerId, body.reason))
  api.route(routeLeads, ({ tx, actor: asker, locale, body, db }) => routeAgain(tx, db.bulk, { ...asker, locale }, body.ids))
  api.route(closeLeads, ({ tx, actor: asker, locale, body }) => close(tx, { ...asker, locale }, body.ids, body.reason, body.remark))

  api.route(readIntakeSettings, ({ tx, actor }) => readSettings(tx, actor))
  api.route(saveIntakeRules, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await writeRules(tx, actor, now, params.territoryId, ifMatch, body),
  }))
  api.route(removeIntakeRules, async ({ tx, actor, now, params, ifMatch }) => {
    await dropRules(tx, actor, now, params.territoryId, ifMatch)
    return DONE
  })
  api.route(saveSkills, async ({ tx, actor, now, params, body }) => {
    await writeSkills(tx, actor, now, params.userId, body.skills)
    return DONE
  })

  const door = makeFormDoor(api.db)
  api.open(readForm, (ask, db) => readPublicForm(db, ask.params.token))
  api.open(sendForm, async ask => {
    await door(ask.params.token, ask.ip, ask.body)
    return { received: true } as const
  })
  api.route(createForm, async ({ tx, actor, now, body }) => ({ id: await addForm(tx, actor, now, body) }))
  api.route(changeFormEndpoint, async ({ tx, actor, now, params, ifMatch, body }) => ({
    rowVersion: await changeForm(tx, actor, now, params.id, ifMatch, body),
  }))
}
