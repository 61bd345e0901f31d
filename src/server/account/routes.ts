/** Routes of accounts: parse, call, reply. */
import type { z } from 'zod'
import {
  createAccount as createEndpoint,
  deleteAccount,
  exportAccounts,
  getAccount,
  listAccounts,
  listRecycled,
  previewBulk,
  queryAccounts,
  restoreAccount,
  runBulk,
  undoBulk,
  updateAccount as updateEndpoint,
} from '../../contract/account/accounts.ts'
import { addAddress as addAddressEndpoint, removeAddress, updateAddress } from '../../contract/account/addresses.ts'
import {
  addContact,
  addFile,
  addNote,
  addOpportunity,
  addShare,
  addTask,
  deleteContact,
  deleteFile,
  deleteView,
  listFiles,
  listTasks,
  listViews,
  readFile,
  removeShare,
  saveView,
  timeline,
  updateContact,
  updateOpportunity,
  updateTask,
  updateView,
} from '../../contract/account/attached.ts'
import { condition } from '../../contract/condition/shape.ts'
import type { Condition } from '../../core/condition/condition.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Api } from '../kernel/http.ts'
import { stop } from '../kernel/refusal-error.ts'
import { Reply } from '../kernel/request.ts'
import type { Tx } from '../kernel/transaction.ts'
import { addAddress, changeAddress, dropAddress } from './addresses.ts'
import {
  changeContact,
  changeOpportunity,
  changeTask,
  findTasks,
  removeContact,
  share,
  unshare,
  writeContact,
  writeNote,
  writeOpportunity,
  writeTask,
} from './attached.ts'
import { previewBulkEdit, runBulkEdit } from './bulk.ts'
import { exportTable } from './export.ts'
import { attachFile, findFiles, readBytes, removeFile } from './files.ts'
import { findAccounts } from './find-accounts.ts'
import type { PlacedAs } from './placer.ts'
import { readAccount } from './read-account.ts'
import { findRecycled, restore } from './recycle.ts'
import { createAccount, recycleAccount, updateAccount } from './save-account.ts'
import { readTimeline } from './timeline.ts'
import { changeView, dropView, findViews, keepView } from './views.ts'
import { undoBulkEdit } from './write-rows.ts'

const DONE = { done: true } as const

function parseFilter(text: string | undefined): Condition | undefined {
  if (!text) return undefined
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return stop('filter.invalid', { problem: 'JSON' }, '/filter')
  }
  const parsed = (condition as z.ZodType<Condition>).safeParse(json)
  return parsed.success ? parsed.data : stop('filter.invalid', { problem: parsed.error.issues[0]?.path.join('.') ?? '' }, '/filter')
}

/** Where a written account came to stand: names, even when it left the writer's sight, for it was the writer who sent it there. */
async function standing(tx: Tx, actor: Actor, placed: PlacedAs) {
  const found = await tx.query<{
    territory: { id: string; code: string; name: string; colour: number } | null
    owner: { id: string; name: string } | null
  }>(
    `select (select json_build_object('id', t.id::text, 'code', t.code, 'name', t.name, 'colour', t.colour) from territory t where t.tenant_id = $1 and t.model_id = $2 and t.id = $3) as territory,
            (select json_build_object('id', u.id::text, 'name', u.name) from app_user u where u.tenant_id = $1 and u.id = $4) as owner`,
    [actor.tenantId, actor.modelId, placed.territoryId, placed.ownerId],
  )
  return found.rows[0]!
}

async function placedNow(tx: Tx, actor: Actor, accountId: string): Promise<PlacedAs> {
  const found = await tx.query<PlacedAs>(
    'select account_id::text as "accountId", territory_id::text as "territoryId", owner_id::text as "ownerId" from account_placement where tenant_id = $1 and model_id = $2 and account_id = $3',
    [actor.tenantId, actor.modelId, accountId],
  )
  return found.rows[0] ?? { accountId, territoryId: null, ownerId: null }
}

export function registerAccountRoutes(api: Api): void {
  api.route(listAccounts, async ({ tx, actor, query }) => {
    const { rows, next, asOf } = await findAccounts(tx, actor, { ...query, filter: parseFilter(query.filter) })
    return { rows, next, asOf }
  })
  api.route(queryAccounts, ({ tx, actor, body }) => findAccounts(tx, actor, body))
  api.route(getAccount, ({ tx, actor, params }) => readAccount(tx, actor, params.id))
  api.route(createEndpoint, async ({ tx, actor, body }) => {
    const placed = await createAccount(tx, actor, body.values, body.key)
    return { id: placed.accountId, ...(await standing(tx, actor, placed)) }
  })
  api.route(updateEndpoint, async ({ tx, actor, params, ifMatch, body }) => {
    const { rowVersion, placed } = await updateAccount(tx, actor, params.id, ifMatch, body.values)
    return { rowVersion, ...(await standing(tx, actor, placed)) }
  })
  api.route(deleteAccount, async ({ tx, actor, params, ifMatch }) => {
    await recycleAccount(tx, actor, params.id, ifMatch)
    return DONE
  })
  api.route(restoreAccount, async ({ tx, actor, params }) => {
    await restore(tx, actor, params.id)
    return DONE
  })
  api.route(listRecycled, ({ tx, actor, query }) => findRecycled(tx, actor, query.cursor))
  api.route(exportAccounts, async ({ tx, actor, now, body }) => {
    const file = await exportTable(tx, actor, now, body)
    return new Reply(file.bytes, {
      headers: { 'content-type': file.type, 'content-disposition': `attachment; filename="${file.name}"`, 'x-rows': String(file.rows) },
    })
  })
  api.route(previewBulk, ({ tx, actor, now, body }) => previewBulkEdit(tx, actor, now, body))
  api.route(runBulk, ({ tx, actor, body }) => runBulkEdit(tx, actor, body))
  api.route(undoBulk, async ({ tx, actor, params }) => {
    const { restored, kept, unseen } = await undoBulkEdit(tx, actor, params.id)
    return { restored, kept, unseen }
  })

  api.route(addAddressEndpoint, async ({ tx, actor, params, body }) => {
    const { id, placed } = await addAddress(tx, actor, params.id, body)
    return { id, ...(await standing(tx, actor, placed ?? (await placedNow(tx, actor, params.id)))) }
  })
  api.route(updateAddress, async ({ tx, actor, params, ifMatch, body }) => {
    const { rowVersion, placed } = await changeAddress(tx, actor, params.id, params.subId, ifMatch, body)
    return { rowVersion, ...(await standing(tx, actor, placed ?? (await placedNow(tx, actor, params.id)))) }
  })
  api.route(removeAddress, async ({ tx, actor, params, ifMatch }) => {
    await dropAddress(tx, actor, params.id, params.subId, ifMatch)
    return standing(tx, actor, await placedNow(tx, actor, params.id))
  })

  api.route(timeline, ({ tx, actor, params, query }) => readTimeline(tx, actor, params.id, query))
  api.route(addNote, async ({ tx, actor, params, body }) => ({ id: await writeNote(tx, actor, params.id, body) }))
  api.route(listTasks, ({ tx, actor, query }) => findTasks(tx, actor, query))
  api.route(addTask, async ({ tx, actor, params, body }) => ({ id: await writeTask(tx, actor, params.id, body) }))
  api.route(updateTask, async ({ tx, actor, params, ifMatch, body }) => ({ rowVersion: await changeTask(tx, actor, params.id, ifMatch, body) }))
  api.route(addContact, async ({ tx, actor, params, body }) => ({ id: await writeContact(tx, actor, params.id, body) }))
  api.route(updateContact, async ({ tx, actor, params, ifMatch, body }) => ({
    rowVersion: await changeContact(tx, actor, params.id, params.subId, ifMatch, body),
  }))
  api.route(deleteContact, async ({ tx, actor, params, ifMatch }) => {
    await removeContact(tx, actor, params.id, params.subId, ifMatch)
    return DONE
  })
  api.route(addShare, async ({ tx, actor, params, body }) => ({ id: await share(tx, actor, params.id, body) }))
  api.route(removeShare, async ({ tx, actor, params }) => {
    await unshare(tx, actor, params.id, params.subId)
    return DONE
  })
  api.route(addOpportunity, async ({ tx, actor, params, body }) => ({ id: await writeOpportunity(tx, actor, params.id, body) }))
  api.route(updateOpportunity, async ({ tx, actor, params, ifMatch, body }) => ({
    rowVersion: await changeOpportunity(tx, actor, params.id, params.subId, ifMatch, body),
  }))

  api.route(listFiles, ({ tx, actor, params }) => findFiles(tx, actor, params.id))
  api.route(addFile, async ({ tx, actor, params, upload }) => ({ id: await attachFile(tx, actor, params.id, await upload()) }))
  api.route(readFile, async ({ tx, actor, params }) => {
    const file = await readBytes(tx, actor, params.id)
    return new Reply(file.bytes, {
      headers: { 'content-type': file.type, 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}` },
    })
  })
  api.route(deleteFile, async ({ tx, actor, params }) => {
    await removeFile(tx, actor, params.id)
    return DONE
  })

  api.route(listViews, ({ tx, actor }) => findViews(tx, actor))
  api.route(saveView, async ({ tx, actor, body }) => ({ id: await keepView(tx, actor, body) }))
  api.route(updateView, async ({ tx, actor, params, ifMatch, body }) => ({ rowVersion: await changeView(tx, actor, params.id, ifMatch, body) }))
  api.route(deleteView, async ({ tx, actor, params, ifMatch }) => {
    await dropView(tx, actor, params.id, ifMatch)
    return DONE
  })
}
