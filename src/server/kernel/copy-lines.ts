/**
 * COPY … TO STDOUT read where it lies: each line is one message of PostgreSQL's protocol, handed over as bytes inside what the socket gave.
 * pg and pg-copy-streams make an object or two of every line; for a million lines that is a fifth of what reading and deciding them costs
 * (docs/dependencies.md). The socket's listener is set aside for the length of the copy, as pg-copy-streams does.
 */
import type { Submittable } from 'pg'
import type { Tx } from './transaction.ts'

/** Reads the line that stands from `from` to `to`, its newline included. */
export type TakeLine = (bytes: Buffer, from: number, to: number) => void

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const HEAD = 5
const COPY_DATA = 'd'.charCodeAt(0)
const COPY_OUT_RESPONSE = 'H'.charCodeAt(0)
/** Notices, parameters and notifications may come between two lines. */
const BESIDE = new Set(['N', 'S', 'A'].map(c => c.charCodeAt(0)))

type Listener = (bytes: Buffer) => void
type Connection = {
  readonly stream: {
    listeners(event: 'data'): Listener[]
    on(event: 'data', listener: Listener): void
    removeListener(event: 'data', listener: Listener): void
  }
  query(text: string): void
}

/** Rejects with the database's error, or with what `take` threw; the connection can be used on in both cases. */
export const copyLines = (tx: Tx, copy: string, take: TakeLine): Promise<void> =>
  new Promise((resolve, reject) => {
    let failed: { readonly error: unknown } | null = null
    const line: TakeLine = (bytes, from, to) => {
      if (failed) return
      try {
        take(bytes, from, to)
      } catch (error) {
        // Thrown on, it would end the connection in the middle of a message.
        failed = { error }
      }
    }
    const query = {
      submit: (connection: Connection) => {
        listen(connection, line)
        connection.query(copy)
      },
      handleCommandComplete: () => undefined,
      handleError: reject,
      handleReadyForQuery: () => (failed ? reject(failed.error) : resolve()),
    }
    tx.query(query as unknown as Submittable)
  })

/** Takes the lines until a message says that there are no more; from that message on pg reads again. */
function listen({ stream }: Connection, line: TakeLine): void {
  const theirs = stream.listeners('data')[0]!
  stream.removeListener('data', theirs)
  let rest: Buffer | null = null
  const ours: Listener = piece => {
    const bytes: Buffer = rest === null ? piece : Buffer.concat([rest, piece])
    let at = 0
    while (bytes.length - at >= HEAD) {
      const code = bytes[at]!
      const end = at + 1 + bytes.readUInt32BE(at + 1)
      if (code !== COPY_DATA && code !== COPY_OUT_RESPONSE && !BESIDE.has(code)) {
        stream.removeListener('data', ours)
        stream.on('data', theirs)
        theirs(bytes.subarray(at))
        return
      }
      if (end > bytes.length) break
      if (code === COPY_DATA) line(bytes, at + HEAD, end)
      else if (code !== COPY_OUT_RESPONSE) theirs(bytes.subarray(at, end))
      at = end
    }
    rest = at === bytes.length ? null : bytes.subarray(at)
  }
  stream.on('data', ours)
}
