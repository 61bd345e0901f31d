/** Endpoints of territory models 区域模型: drafts, territories, rules, members, activation. */
import { z } from 'zod'
import { asOfAnswer, asOfQuery } from '../account/as-of.ts'
import { condition } from '../condition/shape.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { created, done, id, idParams, labels, optionalText, text } from '../kernel/shapes.ts'

const model = z.object({
  id,
  name: z.string(),
  state: z.enum(['draft', 'materialising', 'ready', 'archived']),
  version: z.number().nullable(),
  baseModelId: id.nullable(),
  active: z.boolean(),
  createdAt: z.string(),
  createdBy: z.string().nullable(),
  readyAt: z.string().nullable(),
  effectiveAt: z.string().nullable(),
  territories: z.number(),
  /** Null where the reader may not know it: the private draft of somebody else, and models older than change sets. */
  changeSetId: id.nullable(),
  rowVersion: z.number(),
})
export type Model = z.infer<typeof model>
export const listModels = endpoint({
  method: 'GET',
  path: '/api/models',
  summary: 'Territory models, newest first',
  needs: 'territory.read',
  query: z.object({ cursor: z.string().max(40).optional() }),
  reply: z.object({ rows: z.array(model), next: z.string().nullable() }),
})
export const createModel = endpoint({
  method: 'POST',
  path: '/api/models',
  summary: 'Make a draft on the active model, or on another one',
  needs: 'territory.plan',
  body: z.object({ name: text(80), baseModelId: id.optional() }),
  reply: created,
})
export const discardModel = endpoint({
  method: 'DELETE',
  path: '/api/models/:id',
  summary: 'Discard a draft',
  needs: 'territory.plan',
  params: idParams,
  versioned: true,
  reply: done,
})

export const territoryType = z.object({ id, key: z.string(), labels, layer: z.enum(['exclusive', 'overlay']), precedence: z.number() })
export type TerritoryTypeRow = z.infer<typeof territoryType>
export const listTypes = endpoint({
  method: 'GET',
  path: '/api/models/:id/types',
  summary: 'Types of territories and their precedence',
  needs: 'territory.read',
  params: idParams,
  reply: z.object({ rows: z.array(territoryType) }),
})
export const typeList = z
  .array(
    z.object({
      id: id.optional(),
      key: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
      labels: z.object({ 'zh-CN': text(40), 'zh-TW': text(40), en: text(40) }),
      layer: z.enum(['exclusive', 'overlay']),
      precedence: z.number().int().min(0).max(1000),
    }),
  )
  .min(1)
  .max(40)
export const saveTypes = endpoint({
  method: 'PUT',
  path: '/api/models/:id/types',
  summary: 'Set the types and their precedence in a draft (lower goes first)',
  needs: 'territory.plan',
  params: idParams,
  versioned: true,
  body: z.object({ types: typeList }),
  reply: z.object({ rowVersion: z.number() }),
})

const territory = z.object({
  id,
  parentId: id.nullable(),
  typeId: id,
  code: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  colour: z.number(),
  inherit: z.boolean(),
  priority: z.number(),
  depth: z.number(),
  ruleVersion: z.number().nullable(),
  hasRule: z.boolean(),
  owners: z.array(z.object({ id, name: z.string() })),
  accounts: z.number(),
  children: z.number(),
  /** Codes of divisions that the effective rule names: the territory's shape on the map. */
  divisions: z.array(z.string()),
  changed: z.enum(['added', 'changed', 'same']),
  /** path: known only as the way to a territory one may see. */
  seen: z.enum(['whole', 'path']),
  rowVersion: z.number(),
})
export type TerritoryRow = z.infer<typeof territory>
export const listTerritories = endpoint({
  method: 'GET',
  path: '/api/models/:id/territories',
  summary: 'Territories of a model in tree order, with owners and counts of customers',
  needs: 'territory.read',
  params: idParams,
  query: z.object({
    search: z.string().max(80).optional(),
    cursor: z.string().max(40).optional(),
    limit: z.coerce.number().int().min(1).max(5000).default(2000),
    ...asOfQuery,
  }),
  /** Of another instant: owners and counts of then; overlaps and what could not be decided are not kept and are 0. */
  reply: z.object({
    rows: z.array(territory),
    next: z.string().nullable(),
    unassigned: z.number(),
    contested: z.number(),
    undecidable: z.number(),
    asOf: asOfAnswer.nullable(),
  }),
})
const territoryParams = z.object({ id, territoryId: id })
const territoryBody = z.object({
  parentId: id.nullable(),
  typeId: id,
  code: text(40),
  name: text(80),
  nameEn: optionalText(80).optional(),
  inherit: z.boolean(),
  priority: z.number().int().min(-1000).max(1000),
  condition: condition.optional(),
})
export const createTerritory = endpoint({
  method: 'POST',
  path: '/api/models/:id/territories',
  summary: 'Add a territory to a draft',
  needs: 'territory.plan',
  params: idParams,
  body: territoryBody.extend({ inherit: territoryBody.shape.inherit.default(true), priority: territoryBody.shape.priority.default(0) }),
  reply: created,
})
export const updateTerritory = endpoint({
  method: 'PATCH',
  path: '/api/models/:id/territories/:territoryId',
  summary: 'Change, move or re-rule a territory in a draft',
  needs: 'territory.plan',
  params: territoryParams,
  versioned: true,
  // No defaults here: what a change does not name stays as it is.
  body: territoryBody.partial().extend({ why: z.string().max(400).optional() }),
  reply: z.object({ rowVersion: z.number(), ruleVersion: z.number().nullable() }),
})
export const deleteTerritory = endpoint({
  method: 'DELETE',
  path: '/api/models/:id/territories/:territoryId',
  summary: 'Take a territory and all below it out of a draft',
  needs: 'territory.plan',
  params: territoryParams,
  versioned: true,
  reply: z.object({ removed: z.number() }),
})

const ruleLine = z.object({
  path: z.string(),
  words: z.string(),
  inheritedFrom: z.object({ id, name: z.string(), code: z.string() }).nullable(),
  /** Null where a field hidden from the reader would have been counted. */
  remaining: z.number().nullable(),
  missing: z.number().nullable(),
})
const member = z.object({
  id,
  territoryId: id,
  userId: id,
  name: z.string(),
  title: z.string().nullable(),
  role: z.enum(['owner', 'collaborator', 'manager', 'viewer']),
  access: z.enum(['read', 'private', 'edit']),
  creditBp: z.number(),
  startsAt: z.string(),
  endsAt: z.string().nullable(),
  modelId: id.nullable(),
  inheritedFrom: z.string().nullable(),
  rowVersion: z.number(),
})
export type MemberRow = z.infer<typeof member>
export const getTerritory = endpoint({
  method: 'GET',
  path: '/api/models/:id/territories/:territoryId',
  summary: 'One territory: its rule in words with the accounts left after each line, members, figures, versions',
  needs: 'territory.read',
  params: territoryParams,
  query: z.object(asOfQuery),
  reply: z.object({
    /** Of another instant: members and figures of then; the lines of the rule count the accounts as they are today. */
    asOf: asOfAnswer.nullable(),
    territory,
    ancestors: z.array(z.object({ id, code: z.string(), name: z.string() })),
    own: condition.nullable(),
    effective: condition,
    sentence: z.string(),
    lines: z.array(ruleLine),
    /** Labels of the rule's fields that are hidden from the reader, by key: their criteria stand in the conditions as masks without values. */
    hiddenFields: z.record(z.string(), z.string()),
    members: z.array(member),
    figures: z.object({ accounts: z.number(), potential: z.string(), revenue: z.string(), contested: z.number() }),
    versions: z.array(
      z.object({
        version: z.number(),
        createdAt: z.string(),
        createdBy: z.string().nullable(),
        why: z.string().nullable(),
        condition,
        /** The version's lines in words, for reading one against the other. */
        lines: z.array(z.string()),
      }),
    ),
  }),
})
const witness = z.object({
  id,
  name: z.string(),
  values: z.array(z.object({ field: z.string(), label: z.string(), value: z.string().nullable(), decides: z.boolean() })),
  now: z.object({ id, code: z.string(), name: z.string(), colour: z.number() }).nullable(),
})
export const previewRule = endpoint({
  method: 'POST',
  path: '/api/models/:id/preview',
  summary: 'What a rule would do to all customers: live counts, before anything is saved',
  needs: 'territory.read',
  params: idParams,
  reads: true,
  body: z.object({
    territoryId: id.nullable(),
    parentId: id.nullable().optional(),
    inherit: z.boolean().default(true),
    typeId: id.optional(),
    condition,
    languages: z.boolean().optional(),
  }),
  reply: z.object({
    problems: z.array(z.object({ path: z.string(), code: z.string(), words: z.string() })),
    matched: z.number(),
    kept: z.number(),
    added: z.number(),
    removed: z.number(),
    contested: z.number(),
    undecidable: z.number(),
    /** Accounts that hold what is inherited. */
    inherited: z.number().nullable(),
    /** Every criterion, inside groups too; an alternative says what it adds. */
    lines: z.array(
      z.object({ path: z.string(), remaining: z.number().nullable(), own: z.number().nullable(), missing: z.number().nullable(), adds: z.boolean() }),
    ),
    witnesses: z.object({ added: z.array(witness), removed: z.array(witness), contested: z.array(witness), undecidable: z.array(witness) }),
    /** The sentence in the three languages, where asked for. */
    sentences: z.object({ 'zh-CN': z.string(), 'zh-TW': z.string(), en: z.string() }).nullable(),
    sentence: z.string(),
    milliseconds: z.number(),
    accounts: z.number(),
  }),
})
export const checkModel = endpoint({
  method: 'POST',
  path: '/api/models/:id/check',
  summary: 'Everything that would stop a draft from being put to use',
  needs: 'territory.read',
  params: idParams,
  reads: true,
  reply: z.object({ problems: z.array(z.object({ territoryId: id.nullable(), code: z.string(), words: z.string() })) }),
})

const memberShape = z.object({
  userId: id,
  role: z.enum(['owner', 'collaborator', 'manager', 'viewer']),
  access: z.enum(['read', 'private', 'edit']),
  creditBp: z.number().int().min(0).max(10000),
  startsAt: z.iso.datetime({ offset: true }).optional(),
  endsAt: z.iso.datetime({ offset: true }).nullable().optional(),
})
const memberBody = memberShape.extend({ access: memberShape.shape.access.default('edit'), creditBp: memberShape.shape.creditBp.default(0) })
export const addMember = endpoint({
  method: 'POST',
  path: '/api/models/:id/territories/:territoryId/members',
  summary: 'Add a person: in a draft for that model, in the active model at once',
  needs: 'territory.plan',
  params: territoryParams,
  body: memberBody,
  reply: created,
})
export const updateMember = endpoint({
  method: 'PATCH',
  path: '/api/members/:id',
  summary: 'Change role, access, dates or credit; inside a draft (modelId) only there',
  needs: 'territory.plan',
  params: idParams,
  query: z.object({ modelId: id.optional() }),
  versioned: true,
  body: memberShape.omit({ userId: true }).partial(),
  reply: z.object({ rowVersion: z.number() }),
})
export const removeMember = endpoint({
  method: 'DELETE',
  path: '/api/members/:id',
  summary: 'End a membership now; inside a draft (modelId) only there',
  needs: 'territory.plan',
  params: idParams,
  query: z.object({ modelId: id.optional() }),
  versioned: true,
  reply: done,
})

export const runModel = endpoint({
  method: 'POST',
  path: '/api/models/:id/run',
  summary: 'Compute every placement of a draft beside the live ones; nobody waits',
  needs: 'territory.plan',
  params: idParams,
  reply: z.object({ jobId: id }),
})
export const activateModel = endpoint({
  method: 'POST',
  path: '/api/models/:id/activate',
  summary: 'Switch a ready model on: one row, one instant',
  needs: 'territory.activate',
  params: idParams,
  body: z.object({ effectiveAt: z.iso.datetime({ offset: true }).optional(), why: z.string().max(400).optional() }),
  reply: z.object({ seq: id, effectiveAt: z.string() }),
})
export const undoActivation = endpoint({
  method: 'POST',
  path: '/api/activations/undo',
  summary: 'Go back to the model that was active before',
  needs: 'territory.activate',
  body: z.object({ why: z.string().max(400).optional() }),
  reply: z.object({ modelId: id }),
})
export const getJob = endpoint({
  method: 'GET',
  path: '/api/jobs/:id',
  summary: 'Progress of a job',
  needs: 'person',
  params: idParams,
  reply: z.object({
    id,
    kind: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    done: z.number(),
    total: z.number().nullable(),
    note: z.record(z.string(), z.unknown()).nullable(),
  }),
})
