/** The kinds of record that can be imported, by name. */
import type { ImportObjectKey } from '../../contract/import/objects.ts'
import { ACCOUNT_OBJECT } from './account-object.ts'
import { CONTACT_OBJECT } from './contact-object.ts'
import { MEMBER_OBJECT } from './member-object.ts'
import type { ImportObject } from './object.ts'
import { OWNER_OBJECT } from './owner-object.ts'
import { TERRITORY_OBJECT } from './territory-object.ts'
import { USER_OBJECT } from './user-object.ts'

const OBJECTS: Readonly<Record<ImportObjectKey, ImportObject>> = {
  account: ACCOUNT_OBJECT,
  contact: CONTACT_OBJECT,
  user: USER_OBJECT,
  territory: TERRITORY_OBJECT,
  member: MEMBER_OBJECT,
  owner: OWNER_OBJECT,
}
export const objectOf = (key: ImportObjectKey): ImportObject => OBJECTS[key]
