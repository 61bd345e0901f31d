/** An import's file: kept in pieces in the database, so that any server process may go on where another stopped. */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Pool } from 'pg'
import type { Encoding } from '../files/detect-text.ts'
import { openTable } from '../files/read-table.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Upload } from '../kernel/request.ts'
import type { Tx } from '../kernel/transaction.ts'

const PIECE = 1024 * 1024
const LIMIT = 1024 * 1024 * 1024

/** Answers its size, and its line ends as a first idea of how many rows there are. */
export async function keepFile(tx: Tx, tenantId: string, jobId: string, upload: Upload): Promise<{ size: number; lines: number; quoted: boolean }> {
  let position = 0
  let size = 0
  let lines = 0
  let quoted = false
  let held: Buffer[] = []
  let heldSize = 0
  const flush = async () => {
    if (heldSize === 0) return
    await tx.query('insert into import_chunk (tenant_id, job_id, position, bytes) values ($1, $2, $3, $4)', [
      tenantId,
      jobId,
      position,
      Buffer.concat(held),
    ])
    position += 1
    held = []
    heldSize = 0
  }
  for await (const piece of upload.stream as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > LIMIT) stop('input.tooLarge', { limit: '1 GB' })
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines += 1
    quoted ||= piece.includes(34)
    held.push(piece)
    heldSize += piece.length
    if (heldSize >= PIECE) await flush()
  }
  await flush()
  return { size, lines, quoted }
}

type Table = Awaited<ReturnType<typeof openTable>>

/** Writes the file to a private temporary folder while `work` reads it. */
export async function withFile<T>(db: Pool | Tx, tenantId: string, jobId: string, work: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'jiangyu-import-'))
  try {
    const file = path.join(folder, 'file')
    await pipeline(Readable.from(chunks(db, tenantId, jobId)), createWriteStream(file, { mode: 0o600 }))
    return await work(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const withTable = <T>(
  db: Pool | Tx,
  tenantId: string,
  jobId: string,
  fileName: string,
  work: (table: Table) => Promise<T>,
  encoding?: Encoding,
): Promise<T> => withFile(db, tenantId, jobId, async file => work(await openTable({ path: file, name: fileName }, encoding)))

async function* chunks(db: Pool | Tx, tenantId: string, jobId: string): AsyncGenerator<Buffer> {
  for (let position = 0; ; position += 1) {
    // As base64: the driver would have it in hexadecimal, which is half as much again.
    const found = await db.query<{ bytes: string }>(
      `select encode(bytes, 'base64') as bytes from import_chunk where tenant_id = $1 and job_id = $2 and position = $3`,
      [tenantId, jobId, position],
    )
    if (!found.rows[0]) return
    yield Buffer.from(found.rows[0].bytes, 'base64')
  }
}
