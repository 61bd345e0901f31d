/** Endpoints of models as files 规则即代码: export, import as a draft, dry run, tests. */
import { z } from 'zod'
import { MODEL_FORMAT } from '../../core/territory/model-file.ts'
import { condition } from '../condition/shape.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { id, idParams, labels, text } from '../kernel/shapes.ts'

const fileMember = z.strictObject({
  login: text(80),
  role: z.enum(['owner', 'collaborator', 'manager', 'viewer']),
  access: z.enum(['read', 'private', 'edit']).default('edit'),
  creditBp: z.number().int().min(0).max(10000).default(0),
})
const fileTerritory = z.strictObject({
  code: text(40),
  name: text(80),
  nameEn: text(80).nullable().optional(),
  type: z.string().max(41),
  inherit: z.boolean().optional(),
  priority: z.number().int().min(-1000).max(1000).optional(),
  rule: condition.optional(),
  members: z.array(fileMember).max(200).optional(),
  get children() {
    return z.array(fileTerritory).max(20_000).optional()
  },
})
const value = z.union([
  z.string().max(400),
  z.number(),
  z.boolean(),
  z.array(z.string().max(200)).max(200),
  z.tuple([z.number(), z.number()]),
  z.null(),
])
export const fileTest = z.strictObject({
  name: text(120),
  account: id.optional(),
  values: z.record(z.string().max(80), value).optional(),
  territory: z.string().max(40).nullable(),
  owner: z.string().max(80).optional(),
})
/** A tree deeper than this is an attack, not an organisation. */
const DEEPEST = 40
const depthOf = (value: unknown): number => {
  let level: unknown[] = [value]
  for (let depth = 0; ; depth += 1) {
    level = level.flatMap(v => (typeof v === 'object' && v !== null && 'children' in v && Array.isArray(v.children) ? v.children : []))
    if (level.length === 0 || depth > DEEPEST) return depth
  }
}
const shallow = z.custom<unknown>(v => depthOf({ children: (v as { territories?: unknown[] } | null)?.territories }) <= DEEPEST, 'nested too deep')
export const modelFile = shallow.pipe(
  z.strictObject({
    format: z.literal(MODEL_FORMAT),
    name: text(80),
    types: z
      .array(
        z.strictObject({
          key: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
          labels,
          layer: z.enum(['exclusive', 'overlay']),
          precedence: z.number().int().min(0).max(1000),
        }),
      )
      .min(1)
      .max(40),
    lists: z.record(z.string(), z.string().max(120)).optional(),
    territories: z.array(fileTerritory).max(20_000),
    tests: z.array(fileTest).max(2_000).optional(),
  }),
)

export const exportModel = endpoint({
  method: 'GET',
  path: '/api/models/:id/file',
  summary: 'A model as a readable file: types, tree, rules, members, tests',
  needs: 'territory.plan',
  params: idParams,
  reply: z.any(),
})
const summary = z.object({ added: z.number(), changed: z.number(), removed: z.number() })
export const importModel = endpoint({
  method: 'POST',
  path: '/api/models/file',
  summary: 'Make a draft on the active model that says what the file says; territories are known by their code',
  needs: 'territory.plan',
  body: z.object({ file: modelFile, name: text(80).optional() }),
  reply: z.object({ modelId: id, changeSetId: id, territories: summary }),
})
export const checkModel = endpoint({
  method: 'POST',
  path: '/api/models/file/check',
  summary: 'Dry run: what the file would change and move, and whether its tests hold; a job whose note carries the answer',
  needs: 'territory.plan',
  body: z.object({ file: modelFile }),
  reply: z.object({ jobId: id }),
})

const place = z.object({ code: z.string(), name: z.string() }).nullable()
export const testResult = z.object({
  id,
  name: z.string(),
  /** The customer it speaks of; its name only within the asker's sight. Null: it speaks of values. */
  account: z.object({ id, name: z.string().nullable() }).nullable(),
  /** Values by field, without those of fields that the asker's role hides; null: it speaks of a customer. */
  values: z.record(z.string(), value).nullable(),
  /** It names fields that the role hides: it may be kept or taken out, and not be changed. */
  hidden: z.boolean(),
  ownerLogin: z.string().nullable(),
  ok: z.boolean(),
  expected: z.object({ territory: z.string().nullable(), owner: z.string().nullable() }),
  actual: z.object({ territory: place, owner: z.string().nullable() }).nullable(),
  words: z.string(),
})
export type TestResult = z.infer<typeof testResult>
export const listTests = endpoint({
  method: 'GET',
  path: '/api/models/:id/tests',
  summary: 'Tests of a model, each with its result on today’s data',
  needs: 'territory.plan',
  params: idParams,
  reply: z.object({ rows: z.array(testResult), failed: z.number() }),
})
/** `tests` are added, those of `keep` stay as they are, all others go. `seen`: the ids on which this was decided; other ones by now are refused. */
export const saveTests = endpoint({
  method: 'PUT',
  path: '/api/models/:id/tests',
  summary: 'Set the tests of a draft; a model that fails its tests cannot be submitted or activated',
  needs: 'territory.plan',
  params: idParams,
  body: z.object({ tests: z.array(fileTest).max(2_000), keep: z.array(id).max(2_000).optional(), seen: z.array(id).max(2_000).optional() }),
  reply: z.object({ rows: z.array(testResult), failed: z.number() }),
})
