/** What every command may be given. */
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
  readonly check: boolean
  readonly accounts?: string
  readonly people?: string
  readonly seed?: string
  readonly scale?: string
  readonly positionals: readonly string[]
}
/** Answers the exit code. */
export type Command = (options: Options) => Promise<number>

/** Words for people, JSON for pipelines. */
export function say(options: Pick<Options, 'json'>, words: string, data: unknown): void {
  console.log(options.json ? JSON.stringify(data) : words)
}
