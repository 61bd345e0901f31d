/** Endpoints that move a draft onto another model 并入新版图, and that open an old change set again as a copy 再开一份. */
import { z } from 'zod'
import { MERGE_FIELDS } from '../../core/territory/merge.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, id, idParams, text } from '../kernel/shapes.ts'

const side = z.enum(['mine', 'theirs'])
const choices = z.record(z.string().max(60), side).default({})
const model = z.object({ id, name: z.string(), version: z.number().nullable(), /** When it takes or took effect. */ effectiveAt: z.string() })
export const CONFLICT_FIELDS = [...MERGE_FIELDS, 'exists', 'people', 'types'] as const
const conflict = z.object({
  /** To be named in `choices`. */
  key: z.string(),
  territory: z.object({ id, code: z.string(), name: z.string(), colour: z.number() }).nullable(),
  field: z.enum(CONFLICT_FIELDS),
  /** In words; null: not there. */
  base: z.string().nullable(),
  mine: z.string().nullable(),
  theirs: z.string().nullable(),
  chosen: side.nullable(),
})
export type MergeConflict = z.infer<typeof conflict>

export const readMerge = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/merge/preview',
  summary: 'What moving the draft onto another model would meet: how much each side changed, and where both changed the same',
  needs: 'territory.plan',
  params: idParams,
  /** With the choices made so far: one of them may bring up another question. */
  body: z.object({ ontoModelId: id.optional(), choices }),
  reply: z.object({
    base: z.object({ id, name: z.string(), version: z.number().nullable() }),
    onto: model,
    /** The model in use and those scheduled after it: a draft may be made on any of them. */
    targets: z.array(model),
    /** Territories that the draft changed, that the other model changed, and that both changed. */
    mine: z.number(),
    theirs: z.number(),
    both: z.number(),
    conflicts: z.array(conflict),
  }),
})
export type MergePreview = z.infer<typeof readMerge.reply>

export const applyMerge = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/merge',
  summary: 'Move the draft onto another model; every conflict needs a choice',
  needs: 'territory.plan',
  params: idParams,
  body: z.object({ ontoModelId: id, choices }),
  reply: z.object({ territories: z.number(), merged: z.number() }),
})

export const copyChangeSet = endpoint({
  method: 'POST',
  path: '/api/change-sets/:id/copy',
  summary: 'Open a change set again as a new draft with the same differences, on the model it was made on',
  needs: 'territory.plan',
  params: idParams,
  body: z.object({ title: text(80) }),
  reply: created,
})
