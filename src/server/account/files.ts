/** Attachments: in PostgreSQL in pieces of 256 kB, up to 20 MB; seen through the account they hang on; always downloaded, never shown inline. */
import { createHash } from 'node:crypto'
import type { Actor } from '../kernel/actor.ts'
import { audit } from '../kernel/audit.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Upload } from '../kernel/request.ts'
import type { Tx } from '../kernel/transaction.ts'
import { enterWriters, writeInstant } from './facts.ts'
import { lockOne } from './save-account.ts'

const LIMIT = 20 * 1024 * 1024
const PIECE = 256 * 1024

const MAGIC: readonly (readonly [hex: string, type: string])[] = [
  ['25504446', 'application/pdf'],
  ['89504e47', 'image/png'],
  ['ffd8ff', 'image/jpeg'],
  ['47494638', 'image/gif'],
  ['504b0304', 'application/zip'],
]

/** By its first bytes, never by what the sender says. */
const sniff = (bytes: Buffer): string =>
  MAGIC.find(([hex]) => bytes.subarray(0, hex.length / 2).toString('hex') === hex)?.[1] ?? 'application/octet-stream'

export async function attachFile(tx: Tx, actor: Actor, accountId: string, upload: Upload | null): Promise<string> {
  if (!upload) return stop('file.missing')
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of upload.stream as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > LIMIT) stop('attachment.tooLarge')
    pieces.push(piece)
  }
  const bytes = Buffer.concat(pieces)
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  const at = await writeInstant(tx)
  const name = upload.fileName.replace(/[\p{Cc}/\\]/gu, '_').slice(0, 200) || 'file'
  const made = await tx.query<{ id: string }>(
    'insert into file (tenant_id, account_id, name, type, size, sha256, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id::text',
    [actor.tenantId, accountId, name, sniff(bytes), size, createHash('sha256').update(bytes).digest('hex'), actor.userId, at],
  )
  const id = made.rows[0]!.id
  for (let from = 0, position = 0; from < bytes.length; from += PIECE, position += 1) {
    await tx.query('insert into file_chunk (tenant_id, file_id, account_id, position, bytes) values ($1, $2, $3, $4, $5)', [
      actor.tenantId,
      id,
      accountId,
      position,
      bytes.subarray(from, from + PIECE),
    ])
  }
  await audit(tx, actor, at, { kind: 'file.create', recordKind: 'file', recordId: id, accountId, after: { size } })
  return id
}

export async function findFiles(tx: Tx, actor: Actor, accountId: string) {
  const seen = await tx.query('select 1 from account where tenant_id = $1 and id = $2', [actor.tenantId, accountId])
  if (seen.rowCount === 0) stop('record.notFound')
  const found = await tx.query<{ id: string; name: string; type: string; size: number; createdAt: string; by: string | null }>(
    `select f.id::text, f.name, f.type, f.size::float8 as size, to_char(f.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt", u.name as by
       from file f left join app_user u on u.tenant_id = $1 and u.id = f.created_by where f.tenant_id = $1 and f.account_id = $2 and f.deleted_at is null order by f.id desc limit 200`,
    [actor.tenantId, accountId],
  )
  return { rows: found.rows }
}

export async function readBytes(tx: Tx, actor: Actor, id: string): Promise<{ name: string; type: string; bytes: Buffer }> {
  const found = await tx.query<{ name: string; type: string }>(
    'select name, type from file where tenant_id = $1 and id = $2 and deleted_at is null',
    [actor.tenantId, id],
  )
  const file = found.rows[0]
  if (!file) return stop('record.notFound')
  const chunks = await tx.query<{ bytes: Buffer }>('select bytes from file_chunk where tenant_id = $1 and file_id = $2 order by position', [
    actor.tenantId,
    id,
  ])
  return { ...file, bytes: Buffer.concat(chunks.rows.map(r => r.bytes)) }
}

export async function removeFile(tx: Tx, actor: Actor, id: string): Promise<void> {
  const found = await tx.query<{ account_id: string }>('select account_id::text from file where tenant_id = $1 and id = $2 and deleted_at is null', [
    actor.tenantId,
    id,
  ])
  const accountId = found.rows[0]?.account_id
  if (!accountId) return stop('record.notFound')
  await enterWriters(tx, actor.tenantId)
  await lockOne(tx, actor, accountId, null)
  const at = await writeInstant(tx)
  await tx.query('update file set deleted_at = $3 where tenant_id = $1 and id = $2', [actor.tenantId, id, at])
  await audit(tx, actor, at, { kind: 'file.delete', recordKind: 'file', recordId: id, accountId })
}
