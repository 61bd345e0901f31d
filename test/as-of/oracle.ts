/**
 * What a person with a notebook would know: after every event the notebook keeps what the screens showed at that moment under every model,
 * which model was switched on from when, who was a member and when that was said, and what was corrected later. It answers about the past from
 * these notes alone, and shares no code with the product.
 */
export type Row = { readonly owner: string | null; readonly territory: string | null; readonly source: string; readonly rule: string | null }
type Shown = { readonly before: string; readonly after: string; readonly row: Row }
type Switched = { readonly seq: number; readonly model: string; readonly effective: string; readonly made: string; readonly cancelled?: string }
export type Corrected = {
  readonly account: string
  readonly from: string
  readonly to: string
  readonly owner: string | null
  readonly territory: string | null
  readonly made: string
}
export type MemberNote = {
  readonly id: string
  readonly territory: string
  readonly user: string
  readonly role: string
  readonly starts: string
  readonly ends: string | null
  /** Holds everywhere, or only under this model and those based on it. */
  readonly lineage: readonly string[] | null
}
type MemberSaid = { readonly said: string; readonly note: MemberNote | null }

export function makeOracle() {
  const shown = new Map<string, Map<string, Shown[]>>()
  const switched: Switched[] = []
  const corrected: Corrected[] = []
  const members = new Map<string, MemberSaid[]>()

  /** The model in use at an instant, by what had been switched on until `known`. */
  const modelAt = (at: string, known: string): string | null => {
    const inForce = switched.filter(s => s.effective <= at && s.made <= known && !(s.cancelled !== undefined && s.cancelled <= known))
    inForce.sort((a, b) => (a.effective === b.effective ? a.seq - b.seq : a.effective < b.effective ? -1 : 1))
    return inForce.at(-1)?.model ?? null
  }
  /** 'moving': an event was under way at that instant; the notebook does not say at which microsecond of it. */
  const rowAt = (model: string, account: string, at: string): Row | null | 'moving' => {
    let answer: Row | null = null
    for (const s of shown.get(model)?.get(account) ?? []) {
      if (s.before < at && at < s.after) return 'moving'
      if (s.after <= at) answer = s.row
    }
    return answer
  }
  const standingAt = (account: string, at: string, known: string, now: string): Row | null | 'moving' => {
    // Nobody keeps what was believed of a time that lay ahead.
    const instant = known < now && at > known ? known : at
    const last = corrected.filter(c => c.account === account && c.from <= instant && instant < c.to && c.made <= known).at(-1)
    if (last) return { owner: last.owner, territory: last.territory, source: 'corrected:act', rule: null }
    const model = modelAt(instant, known)
    return model === null ? null : rowAt(model, account, instant)
  }
  return {
    show: (model: string, account: string, before: string, after: string, row: Row): void => {
      const accounts = shown.get(model) ?? new Map<string, Shown[]>()
      shown.set(model, accounts)
      const list = accounts.get(account) ?? []
      accounts.set(account, list)
      const last = list.at(-1)?.row
      if (last && last.owner === row.owner && last.territory === row.territory && last.source === row.source && last.rule === row.rule) return
      list.push({ before, after, row })
    },
    switchOn: (s: Switched): unknown => switched.push(s),
    correct: (c: Corrected): unknown => corrected.push(c),
    say: (id: string, said: string, note: MemberNote | null): unknown => members.set(id, [...(members.get(id) ?? []), { said, note }]),
    note: (id: string): MemberNote | null => members.get(id)?.at(-1)?.note ?? null,
    modelAt,
    standingAt,
    membersAt: (model: string, at: string, known: string): readonly MemberNote[] =>
      [...members.values()].flatMap(said => {
        const note = said.filter(s => s.said <= known).at(-1)?.note
        return note && note.starts <= at && (note.ends === null || note.ends > at) && (note.lineage === null || note.lineage.includes(model))
          ? [note]
          : []
      }),
    switched,
    /** An instant that was taken back before it came. */
    cancel: (seq: number, cancelled: string): void => {
      const at = switched.findIndex(s => s.seq === seq)
      switched[at] = { ...switched[at]!, cancelled }
    },
    corrected,
  }
}
export type Oracle = ReturnType<typeof makeOracle>
