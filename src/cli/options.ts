/** What every command may be given. */
import { instantOrDay } from '../contract/account/as-of.ts'

export type Options = {
  readonly json: boolean
  readonly data?: string
  readonly lang?: string
  readonly demo: boolean
  readonly port?: string
  readonly host?: string
  readonly 'no-build': boolean
  readonly as?: string
  readonly model?: string
  readonly territory?: string
  /** The instant an answer is for, or a day; and what was known at another. */
  readonly at?: string
  readonly known?: string
  readonly activate: boolean
  readonly undo: boolean
  readonly mapping?: string
  /** What kind of record a file holds. */
  readonly object?: string
  readonly encoding?: string
  /** Where the one-time links of imported people are written. */
  readonly invitations?: string
  readonly source?: string
  readonly mode?: string
  readonly duplicates?: string
  readonly check: boolean
  readonly accounts?: string
  readonly people?: string
  readonly seed?: string
  readonly scale?: string
  readonly why?: string
  /** Handing over: from whom, to whom, by which rules, on which day. */
  readonly from?: string
  readonly to?: string
  readonly rules?: string
  readonly date?: string
  /** Lists to compare, where the pairs go, and what is known to be true of them. */
  readonly in?: readonly string[]
  readonly out?: string
  readonly truth?: string
  /** Data check-up: run one, write the problems to a file, mend a kind (of a field). */
  readonly run: boolean
  readonly report?: string
  readonly fix?: string
  readonly field?: string
  readonly 'dry-run': boolean
  readonly positionals: readonly string[]
}
/** Answers the exit code. */
export type Command = (options: Options) => Promise<number>

/** --at and --known as the interface takes them: a day or an instant with its offset. */
export function instantsOf(options: Pick<Options, 'at' | 'known'>): { at?: string; known?: string } {
  const asked: { at?: string; known?: string } = {}
  for (const key of ['at', 'known'] as const) {
    const value = options[key]
    if (value === undefined) continue
    if (!instantOrDay.safeParse(value).success) throw new Error(`--${key} takes a day (2026-03-31) or an instant (2026-03-31T18:00:00+08:00)`)
    asked[key] = value
  }
  return asked
}

/** Words for people, JSON for pipelines. */
export function say(options: Pick<Options, 'json'>, words: string, data: unknown): void {
  console.log(options.json ? JSON.stringify(data) : words)
}
