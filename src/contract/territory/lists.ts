/**
 * Endpoints of value lists 名单 and named groups of divisions 经济带: immutable versions, who uses them, resolving pasted lines. A list of type
 * `division` is a group: a province in it stands for everything below.
 */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams, optionalText, text } from '../kernel/shapes.ts'

export const LIST_TYPES = ['division', 'industry', 'account', 'text'] as const
const rejected = z.array(z.object({ line: z.number(), value: z.string(), words: z.string() }))
const lines = z.array(z.string().max(200)).max(100_000)

const valueList = z.object({
  id,
  name: z.string(),
  type: z.enum(LIST_TYPES),
  count: z.number(),
  version: z.number(),
  retired: z.boolean(),
  updatedAt: z.string(),
  rowVersion: z.number(),
})
export type ValueListRow = z.infer<typeof valueList>
export const listValueLists = endpoint({
  method: 'GET',
  path: '/api/value-lists',
  summary: 'Named lists of values and groups of divisions that rules may use',
  needs: 'territory.read',
  query: z.object({ search: z.string().max(80).optional(), cursor: z.string().max(200).optional() }),
  reply: z.object({ rows: z.array(valueList), next: z.string().nullable() }),
})
export const createValueList = endpoint({
  method: 'POST',
  path: '/api/value-lists',
  summary: 'Make a named list from pasted lines; the rejected ones are answered',
  needs: 'territory.plan',
  body: z.object({ name: text(80), type: z.enum(LIST_TYPES), values: lines }),
  reply: z.object({ id, accepted: z.number(), rejected }),
})
export const getValueList = endpoint({
  method: 'GET',
  path: '/api/value-lists/:id',
  summary: 'One list: its versions, and the models and territories whose rules use it',
  needs: 'territory.read',
  params: idParams,
  reply: z.object({
    list: valueList,
    versions: z.array(
      z.object({ version: z.number(), count: z.number(), why: z.string().nullable(), createdBy: z.string().nullable(), createdAt: z.string() }),
    ),
    uses: z.array(
      z.object({
        modelId: id,
        modelName: z.string(),
        state: z.string(),
        active: z.boolean(),
        /** The version this model reads. */
        version: z.number(),
        territories: z.array(z.object({ id, code: z.string(), name: z.string() })),
      }),
    ),
  }),
})
export const readValueList = endpoint({
  method: 'GET',
  path: '/api/value-lists/:id/values',
  summary: 'Values of a list with their names, of the newest or of an earlier version',
  needs: 'territory.read',
  params: idParams,
  query: z.object({
    version: z.coerce.number().int().min(1).optional(),
    search: z.string().max(80).optional(),
    cursor: z.string().max(200).optional(),
  }),
  reply: z.object({ rows: z.array(z.object({ value: z.string(), label: z.string() })), next: z.string().nullable() }),
})
export const changeValueList = endpoint({
  method: 'POST',
  path: '/api/value-lists/:id/versions',
  summary: 'Add and take out values as a new version: drafts read it at once, computed models keep theirs',
  needs: 'territory.plan',
  params: idParams,
  versioned: true,
  body: z.object({ add: lines.default([]), remove: lines.default([]), why: optionalText(400).optional() }),
  reply: z.object({ version: z.number(), accepted: z.number(), removed: z.number(), rejected }),
})
export const updateValueList = endpoint({
  method: 'PATCH',
  path: '/api/value-lists/:id',
  summary: 'Rename a list, retire it (no new rule may use it), or take it back into use',
  needs: 'territory.plan',
  params: idParams,
  versioned: true,
  body: z.object({ name: text(80).optional(), retired: z.boolean().optional() }),
  reply: z.object({ rowVersion: z.number() }),
})
export const resolveValues = endpoint({
  method: 'POST',
  path: '/api/value-lists/resolve',
  summary: 'Turn pasted lines into values of a field: codes or names of divisions, industries, options, accounts',
  needs: 'territory.read',
  reads: true,
  body: z.object({ field: z.string().max(80), lines: z.array(z.string().max(200)).max(20_000) }),
  reply: z.object({
    values: z.array(z.object({ value: z.string(), label: z.string() })),
    rejected: z.array(z.object({ line: z.number(), value: z.string(), words: z.string() })),
  }),
})
