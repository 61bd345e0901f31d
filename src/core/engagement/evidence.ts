/** Evidence 证据: what a trace of work weighs and why, which side it speaks for, and what of a text may be shown to both sides. */
import type { TouchKind } from './clauses.ts'

export const EVIDENCE_KINDS = [
  'created',
  'visit',
  'call',
  'note',
  'taskDone',
  'opportunity',
  'won',
  'duplicate',
  'owned',
  'registration',
  'address',
  'signed',
] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** 3: others can prove it; 2: written down at the time by who did it; 1: says little of work done. */
const WEIGHT: Readonly<Record<EvidenceKind, 1 | 2 | 3>> = {
  created: 2,
  visit: 3,
  call: 2,
  note: 1,
  taskDone: 1,
  opportunity: 2,
  won: 3,
  duplicate: 3,
  owned: 2,
  registration: 3,
  address: 3,
  signed: 1,
}
export const weightOf = (kind: EvidenceKind): 1 | 2 | 3 => WEIGHT[kind]

const VISIT = /拜访|上门|到厂|现场|走访|面谈|试用|visit|on site/i
const CALL = /电话|通话|微信|联系上|回访|邮件|call|phone|mail/i
/** What a note tells of, by its words; it has no kind of its own. */
export const noteKind = (text: string): Extract<TouchKind, 'visit' | 'call' | 'note'> =>
  VISIT.test(text) ? 'visit' : CALL.test(text) ? 'call' : 'note'

export const touchOf = (kind: EvidenceKind): TouchKind | null =>
  kind === 'created'
    ? 'creation'
    : kind === 'taskDone'
      ? 'task'
      : kind === 'visit' || kind === 'call' || kind === 'note' || kind === 'opportunity'
        ? kind
        : null

/** Both sides read the same line: numbers and mail addresses in it stay with those who may see the contact. */
export const redact = (text: string): string =>
  text
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '***@***')
    .replace(/\+?\d[\d\s-]{5,}\d/g, found => (/^\d{4}-\d\d-\d\d$/.test(found) || found.replace(/\D/g, '').length < 7 ? found : '***'))
