/**
 * COPY … TO STDOUT line by line: the database sends each line as one message, and pg hands it over as bytes (its interface for queries of
 * one's own). A stream that puts the lines together first made two or three objects of each.
 */
import type { Submittable } from 'pg'
import type { Tx } from './transaction.ts'

/** Reads one line, its newline included. */
export type TakeLine = (line: Buffer) => void

/** Rejects with the database's error, or with what `take` threw; the connection can be used on in both cases. */
export const copyLines = (tx: Tx, copy: string, take: TakeLine): Promise<void> =>
  new Promise((resolve, reject) => {
    let failed: { readonly error: unknown } | null = null
    const query = {
      submit: (connection: { query(text: string): void }) => connection.query(copy),
      handleCopyData({ chunk }: { readonly chunk: Buffer }) {
        if (failed) return
        try {
          take(chunk)
        } catch (error) {
          // Thrown on, it would end the connection in the middle of a message.
          failed = { error }
        }
      },
      handleCommandComplete: () => undefined,
      handleError: reject,
      handleReadyForQuery: () => (failed ? reject(failed.error) : resolve()),
    }
    tx.query(query as unknown as Submittable)
  })
