/** Routes of import: parse, call, reply. */
import {
  encodeImport,
  getImport,
  inviteFile,
  listImports,
  listKept,
  listRejects,
  mapImport,
  rejectsFile,
  runImport,
  undoImport,
  uploadImport,
} from '../../contract/import/imports.ts'
import { importTemplate, listImportObjects } from '../../contract/import/objects.ts'
import { writeCsv } from '../files/write-table.ts'
import type { Api } from '../kernel/http.ts'
import { Reply } from '../kernel/request.ts'
import { inviteAll } from './invitations.ts'
import { findImports, upload as keepUpload, readImport, setEncoding, setMapping, startUndo, startWriting } from './jobs-of-import.ts'
import { findKept, findRejects, rejectsTable } from './rejects.ts'
import { importable, template } from './templates.ts'

const DONE = { done: true } as const

async function csv(name: string, headers: readonly string[], rows: AsyncIterable<readonly (readonly unknown[])[]>): Promise<Reply> {
  const pieces: Buffer[] = []
  for await (const piece of writeCsv(headers, rows)) pieces.push(piece)
  return new Reply(Buffer.concat(pieces), {
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}"` },
  })
}
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export function registerImportRoutes(api: Api): void {
  api.route(listImportObjects, ({ tx, actor }) => importable(tx, actor))
  api.route(importTemplate, async ({ tx, actor, params, query }) => {
    const body = await template(tx, actor, params.object, query.format)
    return new Reply(body, {
      headers: {
        'content-type': query.format === 'xlsx' ? XLSX : 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${params.object}.${query.format}"`,
      },
    })
  })
  api.route(listImports, ({ tx, actor, query }) => findImports(tx, actor, query.cursor))
  api.route(uploadImport, async ({ tx, actor, now, upload, query }) => ({
    id: await keepUpload(tx, actor, now, await upload(), query.object, query.encoding),
  }))
  api.route(getImport, ({ tx, actor, params }) => readImport(tx, actor, params.id))
  api.route(encodeImport, async ({ tx, actor, now, params, body }) => {
    await setEncoding(tx, actor, now, params.id, body.encoding)
    return DONE
  })
  api.route(mapImport, async ({ tx, actor, now, params, body }) => {
    await setMapping(tx, actor, now, params.id, body)
    return DONE
  })
  api.route(runImport, async ({ tx, actor, now, params }) => {
    await startWriting(tx, actor, now, params.id)
    return DONE
  })
  api.route(undoImport, async ({ tx, actor, now, params }) => {
    await startUndo(tx, actor, now, params.id)
    return DONE
  })
  api.route(listRejects, ({ tx, actor, params, query }) => findRejects(tx, actor, params.id, query.cursor))
  api.route(rejectsFile, async ({ tx, actor, params }) => {
    const table = await rejectsTable(tx, actor, params.id)
    return csv('rejects.csv', table.headers, table.rows)
  })
  api.route(listKept, ({ tx, actor, params, query }) => findKept(tx, actor, params.id, query.cursor))
  api.route(inviteFile, async ({ tx, actor, now, params }) => {
    const people = await inviteAll(tx, actor, now, params.id)
    async function* rows() {
      yield people.map(p => [p.name, p.login, `/ticket?ticket=${encodeURIComponent(p.ticket)}`])
    }
    return csv(
      'invitations.csv',
      actor.locale === 'en' ? ['Name', 'Login', 'Link'] : actor.locale === 'zh-TW' ? ['姓名', '登入名', '連結'] : ['姓名', '登录名', '链接'],
      rows(),
    )
  })
}
