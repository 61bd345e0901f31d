/** Routes of import: parse, call, reply. */
import { getImport, listImports, listRejects, mapImport, rejectsFile, runImport, undoImport, uploadImport } from '../../contract/import/imports.ts'
import { writeCsv } from '../files/write-table.ts'
import type { Api } from '../kernel/http.ts'
import { Reply } from '../kernel/request.ts'
import { findImports, findRejects, upload as keepUpload, readImport, setMapping, startUndo, startWriting } from './jobs-of-import.ts'

const DONE = { done: true } as const
const PAGE = 1000

export function registerImportRoutes(api: Api): void {
  api.route(listImports, ({ tx, actor, query }) => findImports(tx, actor, query.cursor))
  api.route(uploadImport, async ({ tx, actor, now, upload }) => ({ id: await keepUpload(tx, actor, now, await upload()) }))
  api.route(getImport, ({ tx, actor, params }) => readImport(tx, actor, params.id))
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
    const { headers } = await readImport(tx, actor, params.id)
    async function* rows(): AsyncGenerator<unknown[][]> {
      for (let cursor: string | undefined; ; ) {
        const page = await findRejects(tx, actor, params.id, cursor, PAGE)
        yield page.rows.map(r => [...headers.map((_, i) => r.cells[i] ?? ''), r.row, r.problems.map(p => `${p.field}: ${p.words}`).join('; ')])
        if (!page.next) return
        cursor = page.next
      }
    }
    const pieces: Buffer[] = []
    for await (const piece of writeCsv(
      [...headers, actor.locale === 'en' ? 'Row' : '行', actor.locale === 'en' ? 'Problems' : actor.locale === 'zh-TW' ? '問題' : '问题'],
      rows(),
    ))
      pieces.push(piece)
    return new Reply(Buffer.concat(pieces), {
      headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="rejects.csv"' },
    })
  })
}
