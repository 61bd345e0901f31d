/** A refused form says which field is wrong beside that field; what belongs to no field is said above the form. */
import type { FormInstance } from 'antd'
import { Problem } from './api.ts'

/** Marks the fields the server named; true when at least one of them is in the form. */
export function markFields(form: FormInstance, error: unknown): boolean {
  if (!(error instanceof Problem)) return false
  const known = error.errors
    .map(e => ({ name: e.field.split('/'), errors: [e.detail] }))
    .filter(e => form.getFieldInstance(e.name) !== undefined || form.getFieldValue(e.name) !== undefined)
  form.setFields(known)
  return known.length > 0
}
