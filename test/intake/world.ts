/** A company that takes in leads, for tests that speak to it as people and machines do. */
import { type Company, makeCompany } from '../support/company.ts'

export async function makeIntakeCompany(size: { accounts?: number; people?: number; seed?: number } = {}) {
  return withIntake(await makeCompany(size))
}
export function withIntake(company: Company) {
  const must = async (answer: Promise<{ status: number; body: unknown; text: string }>) => {
    const got = await answer
    if (got.status !== 200) throw new Error(`${got.status} ${got.text}`)
    return got.body as never
  }
  return {
    ...company,
    must,
    take: async (leads: object | readonly object[], login = 'ops') =>
      (
        (await must(company.send(login, 'POST', '/api/leads', { leads: Array.isArray(leads) ? leads : [leads] }))) as {
          outcomes: { outcome: string; id: string; field: string | null; words: string | null }[]
        }
      ).outcomes,
    /** Where a lead stands, past every fence. */
    standing: (id: string) =>
      company.one<{ owner: string | null; territory: string | null; reason: string; hint: string | null; account: string | null; state: string }>(
        `select p.owner_id::text as owner, p.territory_id::text as territory, p.reason, p.hint, l.account_id::text as account, l.state from lead l join lead_placement p on p.lead_id = l.id where l.id = $1`,
        [id],
      ),
    model: async () =>
      (
        await company.one<{ id: string }>(
          'select model_id::text as id from activation where cancelled_at is null order by effective_at desc, seq desc limit 1',
        )
      ).id,
  }
}
export type IntakeCompany = ReturnType<typeof withIntake>
