/** What a sender said, checked and put into the spelling that is stored; a refusal names the field and the remedy. */
import { type LeadInput, leadInput } from '../../contract/intake/leads.ts'
import { readPhone } from '../../core/cleansing/phone.ts'
import { hardKeys } from '../../core/dedupe/record.ts'
import type { Refusal } from '../../core/kernel/result.ts'
import { loadOptions } from '../builder/catalogue.ts'
import { knownCodes, locateDivision } from '../geography/reference.ts'
import type { Tx } from '../kernel/transaction.ts'

export type CheckedLead = LeadInput & { readonly phoneKey: string | null; readonly emailKey: string | null }
export type LeadCheck = (
  row: unknown,
) => Promise<{ readonly ok: true; readonly lead: CheckedLead } | { readonly ok: false; readonly refusal: Refusal & { readonly field: string } }>

/** `lenient`: from a public form, where what is not understood is left out rather than refused. */
export async function makeLeadCheck(tx: Tx, tenantId: string, lenient = false): Promise<LeadCheck> {
  const { divisions, industries } = await knownCodes(tx)
  const channels = new Set((await loadOptions(tx, tenantId)).filter(o => o.list === 'source' && !o.retired).map(o => o.key))
  return async row => {
    const parsed = leadInput.safeParse(row)
    if (!parsed.success) return { ok: false, refusal: { code: 'input.invalid', field: String(parsed.error.issues[0]!.path[0] ?? 'leads') } }
    // Half a character cannot be stored.
    const lead = Object.fromEntries(Object.entries(parsed.data).map(([k, v]) => [k, typeof v === 'string' ? v.toWellFormed() : v])) as LeadInput
    const wrong = (field: 'division' | 'industry' | 'channel' | 'email' | 'phone') => ({
      code: `lead.${field}`,
      field,
      values: { value: lead[field] ?? '' },
    })
    for (const key of Object.keys(lead) as (keyof LeadInput)[]) if (lead[key] === '') Object.assign(lead, { [key]: null })
    const problems: ReturnType<typeof wrong>[] = []
    if (lead.division !== null) {
      const code = divisions.has(lead.division) ? lead.division : /^\d+$/.test(lead.division) ? null : await locateDivision(tx, lead.division)
      if (code === null) problems.push(wrong('division'))
      lead.division = code
    }
    if (lead.industry !== null && !industries.has(lead.industry)) problems.push(wrong('industry'))
    if (lead.channel !== null && !channels.has(lead.channel)) problems.push(wrong('channel'))
    if (lead.email !== null && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(lead.email)) problems.push(wrong('email'))
    if (lead.phone !== null && lead.phone.replace(/\D/g, '').length < 5) problems.push(wrong('phone'))
    if (problems.length > 0 && !lenient) return { ok: false, refusal: problems[0]! }
    for (const { field } of problems) lead[field] = null
    if (lead.phone !== null) lead.phone = readPhone(lead.phone).value
    return { ok: true, lead: { ...lead, phoneKey: hardKeys([lead.phone], [])[0] ?? null, emailKey: hardKeys([], [lead.email])[0] ?? null } }
  }
}
