/** Endpoints of addresses 地址: the registered seat, the main place of business, sites; where they are, and whether somebody checked. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { created, id, idParams, optionalText } from '../kernel/shapes.ts'

export const ADDRESS_KINDS = ['business', 'registered', 'site'] as const
export type AddressKind = (typeof ADDRESS_KINDS)[number]
const territoryRef = z.object({ id, code: z.string(), name: z.string(), colour: z.number() })

export const address = z.object({
  id,
  kind: z.enum(ADDRESS_KINDS),
  name: z.string().nullable(),
  text: z.string().nullable(),
  division: z.string().nullable(),
  divisionPath: z.string().nullable(),
  /** WGS-84. */
  lng: z.number().nullable(),
  lat: z.number().nullable(),
  /** The system the coordinates were given in; they are kept in WGS-84. */
  crs: z.string().nullable(),
  verifiedAt: z.string().nullable(),
  verifiedBy: z.string().nullable(),
  rowVersion: z.number(),
})
export type AddressRow = z.infer<typeof address>

export const addressBody = z.object({
  kind: z.enum(ADDRESS_KINDS),
  /** What people call a site. */
  name: optionalText(80).optional(),
  text: optionalText(400).optional(),
  /** Left out: read from the text. */
  division: z
    .string()
    .regex(/^\d{6}$/)
    .nullable()
    .optional(),
  point: z
    .object({ lng: z.number().min(-180).max(180), lat: z.number().min(-90).max(90), crs: z.enum(['WGS84', 'GCJ02', 'BD09']) })
    .nullable()
    .optional(),
  verified: z.boolean().optional(),
})
export type AddressInput = z.output<typeof addressBody>

const standing = { territory: territoryRef.nullable(), owner: z.object({ id, name: z.string() }).nullable() }
const subParams = z.object({ id, subId: id })
export const addAddress = endpoint({
  method: 'POST',
  path: '/api/accounts/:id/addresses',
  summary: 'Add an address; its division is read from the text when none is given, and the account is placed again',
  needs: 'account.edit',
  params: idParams,
  body: addressBody,
  reply: created.extend(standing),
})
export const updateAddress = endpoint({
  method: 'PATCH',
  path: '/api/accounts/:id/addresses/:subId',
  summary: 'Change an address, or say that it was checked',
  needs: 'account.edit',
  params: subParams,
  versioned: true,
  body: addressBody.omit({ kind: true }).partial(),
  reply: z.object({ rowVersion: z.number(), ...standing }),
})
export const removeAddress = endpoint({
  method: 'DELETE',
  path: '/api/accounts/:id/addresses/:subId',
  summary: 'Remove an address',
  needs: 'account.edit',
  params: subParams,
  versioned: true,
  reply: z.object(standing),
})
