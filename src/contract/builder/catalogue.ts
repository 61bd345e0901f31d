/** Endpoints of the catalogue: fields and options, built-in and custom. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { created, id, idParams, labels, text } from '../kernel/shapes.ts'

export const CUSTOM_TYPES = ['text', 'number', 'date', 'option', 'options', 'flag'] as const
const field = z.object({
  id,
  key: z.string(),
  type: z.string(),
  labels,
  optionList: z.string().nullable(),
  builtIn: z.boolean(),
  personal: z.boolean(),
  inRules: z.boolean(),
  maskable: z.boolean(),
  retired: z.boolean(),
  access: z.enum(['hidden', 'read', 'edit']),
  rowVersion: z.number(),
})
export type FieldRow = z.infer<typeof field>
const option = z.object({ id, list: z.string(), key: z.string(), labels, retired: z.boolean(), rowVersion: z.number() })
export type OptionRow = z.infer<typeof option>
export const getCatalogue = endpoint({
  method: 'GET',
  path: '/api/catalogue',
  summary: 'Fields of accounts and the options of each list, as far as I may see them',
  needs: 'person',
  /** hiddenInRules: how many fields that rules may read are hidden from me, and so are not listed. */
  reply: z.object({ fields: z.array(field), options: z.array(option), hiddenInRules: z.number() }),
})
export const createField = endpoint({
  method: 'POST',
  path: '/api/fields',
  summary: 'Add a custom field',
  needs: 'field.manage',
  body: z.object({ type: z.enum(CUSTOM_TYPES), labels, options: z.array(labels).max(500).optional(), personal: z.boolean().default(false) }),
  reply: created,
})
export const updateField = endpoint({
  method: 'PATCH',
  path: '/api/fields/:id',
  summary: 'Rename, move or retire a field; a rename touches no record',
  needs: 'field.manage',
  params: idParams,
  versioned: true,
  body: z.object({ labels: labels.optional(), position: z.number().int().min(0).max(10_000).optional(), retired: z.boolean().optional() }),
  reply: z.object({ rowVersion: z.number() }),
})
export const createOption = endpoint({
  method: 'POST',
  path: '/api/options',
  summary: 'Add an option to a list',
  needs: 'field.manage',
  body: z.object({
    list: z.string().min(1).max(60),
    key: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,40}$/)
      .optional(),
    labels,
  }),
  reply: created.extend({ key: z.string() }),
})
export const updateOption = endpoint({
  method: 'PATCH',
  path: '/api/options/:id',
  summary: 'Rename, move or retire an option',
  needs: 'field.manage',
  params: idParams,
  versioned: true,
  body: z.object({ labels: labels.optional(), position: z.number().int().min(0).max(10_000).optional(), retired: z.boolean().optional() }),
  reply: z.object({ rowVersion: z.number() }),
})
const order = z.array(id).min(1).max(1000)
export const orderOptions = endpoint({
  method: 'PUT',
  path: '/api/options/order',
  summary: 'Put the options of a list in order: all of them, first to last',
  needs: 'field.manage',
  body: z.object({ list: z.string().min(1).max(60), ids: order }),
  reply: z.object({ done: z.literal(true) }),
})
export const orderFields = endpoint({
  method: 'PUT',
  path: '/api/fields/order',
  summary: 'Put the fields in order: all of them, first to last; forms, lists and exports follow',
  needs: 'field.manage',
  body: z.object({ ids: order }),
  reply: z.object({ done: z.literal(true) }),
})
export const listDivisions = endpoint({
  method: 'GET',
  path: '/api/divisions',
  summary: 'Divisions below a code, or by name',
  needs: 'person',
  query: z.object({
    parent: z
      .string()
      .regex(/^\d{6}$/)
      .optional(),
    search: z.string().max(40).optional(),
    codes: z.string().max(8000).optional(),
  }),
  reply: z.object({
    rows: z.array(z.object({ code: z.string(), name: z.string(), level: z.string(), parentCode: z.string().nullable(), path: z.string() })),
  }),
})
const industry = z.object({
  code: z.string(),
  parentCode: z.string().nullable(),
  labels,
  /** The words of the classification. */
  standard: labels,
  /** The company has words of its own for it. */
  own: z.boolean(),
  rowVersion: z.number(),
})
export type IndustryRow = z.infer<typeof industry>
const ownLabels = z.object({ 'zh-CN': text(60), 'zh-TW': text(60), en: text(60) })
export const listIndustries = endpoint({
  method: 'GET',
  path: '/api/industries',
  summary: 'The industry classification (GB/T 4754: sections and divisions), in the words of the company where it has its own',
  needs: 'person',
  reply: z.object({ rows: z.array(industry) }),
})
export const renameIndustry = endpoint({
  method: 'PATCH',
  path: '/api/industries/:code',
  summary: 'Call an industry by words of our own, or (null) by those of the classification again; its code stays. If-Match 0 where it has none yet',
  needs: 'field.manage',
  params: z.object({ code: z.string().regex(/^[A-Z]\d{0,4}$/) }),
  versioned: true,
  body: z.object({ labels: ownLabels.nullable() }),
  reply: z.object({ rowVersion: z.number() }),
})
export const listDivisionGroups = endpoint({
  method: 'GET',
  path: '/api/division-groups',
  summary: 'Named groups of divisions, such as economic belts 经济带',
  needs: 'person',
  reply: z.object({ rows: z.array(z.object({ key: z.string(), labels, codes: z.array(z.string()) })) }),
})
