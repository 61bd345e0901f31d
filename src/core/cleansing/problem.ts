/**
 * What can be wrong with a customer's data 数据问题: each kind says by which measure it counts, so that a score and the list behind it are one
 * thing. A hint is shown and counts nowhere: it may well be right, and nobody is blamed for it.
 */
export const MEASURES = ['completeness', 'accuracy', 'consistency'] as const
export type Measure = (typeof MEASURES)[number]

/**
 * `across`: seen only beside other records, so that one record alone cannot tell whether it still holds. `reads`: another field that it was
 * told by; who may not see that one may not know of the problem either.
 */
type Kind = { readonly measure: Measure | 'hint'; readonly across?: true; readonly reads?: string }

export const KINDS = {
  missing: { measure: 'completeness' },
  'code.length': { measure: 'accuracy' },
  'code.form': { measure: 'consistency' },
  'code.misread': { measure: 'accuracy' },
  'code.checkDigit': { measure: 'accuracy' },
  'phone.form': { measure: 'consistency' },
  'phone.short': { measure: 'accuracy' },
  'phone.noAreaCode': { measure: 'accuracy' },
  'phone.service': { measure: 'hint' },
  'phone.placeholder': { measure: 'accuracy' },
  'phone.invalid': { measure: 'accuracy' },
  'phone.shared': { measure: 'consistency', across: true },
  'email.form': { measure: 'consistency' },
  'email.syntax': { measure: 'accuracy' },
  'email.free': { measure: 'hint' },
  'website.syntax': { measure: 'accuracy' },
  'website.freeMail': { measure: 'accuracy' },
  'name.placeholder': { measure: 'accuracy' },
  'name.person': { measure: 'accuracy' },
  'name.form': { measure: 'consistency' },
  'name.brackets': { measure: 'consistency' },
  'name.noLegalForm': { measure: 'hint' },
  'division.retired': { measure: 'accuracy' },
  'division.split': { measure: 'accuracy' },
  'division.unknown': { measure: 'accuracy' },
  'division.contradicts': { measure: 'consistency', reads: 'address' },
  'division.fromAddress': { measure: 'hint', reads: 'address' },
  'division.finer': { measure: 'hint', reads: 'address' },
  'address.oldName': { measure: 'hint' },
  'industry.earlier': { measure: 'accuracy' },
  'industry.unknown': { measure: 'accuracy' },
  'option.unknown': { measure: 'accuracy' },
  'number.negative': { measure: 'accuracy' },
  'number.placeholder': { measure: 'accuracy' },
  'number.outlier': { measure: 'hint' },
  'point.zero': { measure: 'accuracy' },
  'point.swapped': { measure: 'accuracy' },
  'point.abroad': { measure: 'accuracy', reads: 'division' },
  'point.elsewhere': { measure: 'consistency', reads: 'division' },
  'point.nextDoor': { measure: 'hint', reads: 'division' },
  'point.gcj02': { measure: 'hint', reads: 'division' },
  'point.bd09': { measure: 'hint', reads: 'division' },
  'parent.missing': { measure: 'consistency', across: true },
  'parent.loop': { measure: 'consistency', across: true },
  'contact.left': { measure: 'accuracy', across: true },
} as const satisfies Record<string, Kind>

export type ProblemKind = keyof typeof KINDS
export const KIND_NAMES = Object.keys(KINDS) as ProblemKind[]
export const measureOf = (kind: ProblemKind): Measure | 'hint' => KINDS[kind].measure
export const isAcross = (kind: ProblemKind): boolean => 'across' in KINDS[kind]
/** Kinds that somebody may know of from whom these fields are hidden. */
export const kindsWithout = (hides: (field: string) => boolean): readonly ProblemKind[] =>
  KIND_NAMES.filter(k => {
    const kind: Kind = KINDS[k]
    return kind.reads === undefined || !hides(kind.reads)
  })
export const isKind = (text: string): text is ProblemKind => Object.hasOwn(KINDS, text)

/**
 * One problem of one field. `proposal`: what the field should say, as the form writes it (a point is `lng,lat`); null empties the field, and
 * where it is absent nobody but a person can tell. `values` fill the words; never anything of another record.
 */
export type Problem = {
  readonly field: string
  readonly kind: ProblemKind
  readonly proposal?: string | null
  readonly values?: Readonly<Record<string, string | number>>
}
