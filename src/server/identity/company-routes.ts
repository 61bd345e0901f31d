/** Routes of the company's settings: parse, call, reply. */
import { getCompany, updateCompany } from '../../contract/identity/company.ts'
import type { Api } from '../kernel/http.ts'
import { changeCompany, readCompany } from './company.ts'

export function registerCompanyRoutes(api: Api): void {
  api.route(getCompany, ({ tx, actor }) => readCompany(tx, actor))
  api.route(updateCompany, async ({ tx, actor, now, ifMatch, body }) => ({ rowVersion: await changeCompany(tx, actor, now, ifMatch, body) }))
}
