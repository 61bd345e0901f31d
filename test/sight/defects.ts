/** Holes that must be found, planted in the test's own database: name, what plants it, what mends it beside tokens. */
import { FENCED } from './requests.ts'

export type Defect = { readonly name: string; readonly plant: readonly string[]; readonly mend: readonly string[] }

const MEMBERS = `(select array_agg(u.id * 8 + 1) from app_user u where u.login like 'rep%')`

export async function makeDefects(policyOf: (table: string, command?: 'r' | 'w') => Promise<string>): Promise<readonly Defect[]> {
  const widened: Defect[] = []
  for (const [table] of FENCED)
    widened.push({
      name: `the fence of ${table} asks for the tenant only`,
      plant: [`alter policy ${table}_select on ${table} using (tenant_id = 1)`],
      mend: [await policyOf(table)],
    })
  return [
    ...widened,
    {
      name: 'placements lose the token of an ancestor',
      plant: ['update account_placement set tokens = tokens[1:cardinality(tokens) - 1] where cardinality(tokens) > 3'],
      mend: [],
    },
    {
      name: 'a stranger’s token stands on every third account',
      plant: [`update account_placement set tokens = tokens || ${MEMBERS} where account_id % 3 = 0`],
      mend: [],
    },
    { name: 'a reader by share sees what is masked', plant: ['update account_placement set private_tokens = tokens'], mend: [] },
    {
      name: 'who may see may change: the policy for changes asks for the tokens of reading',
      plant: [(await policyOf('account')).replace('account_select', 'account_update')],
      mend: [await policyOf('account', 'w')],
    },
    {
      name: 'a company meets the customers of another',
      plant: ['alter policy account_select on account using (true)', 'alter policy account_placement_select on account_placement using (true)'],
      mend: [await policyOf('account'), await policyOf('account_placement')],
    },
    {
      name: 'row security is switched off on notes',
      plant: ['alter table note disable row level security'],
      mend: ['alter table note enable row level security'],
    },
    {
      name: 'the fence is asked the wrong way round',
      plant: [
        `alter policy account_select on account using (tenant_id = 1 and not coalesce((select p.tokens && (select nullif(current_setting('app.tokens', true), '')::bigint[]) from account_placement p where p.tenant_id = 1 and p.account_id = account.id limit 1), false))`,
      ],
      mend: [await policyOf('account')],
    },
  ]
}
