/** The one place where capabilities meet: each registers its routes, its refusals' words and its hooks. */
import { registerPeopleRoutes } from './identity/people-routes.ts'
import { registerSessionRoutes } from './identity/session-routes.ts'
import type { Api } from './kernel/http.ts'

export function registerCapabilities(api: Api): void {
  registerSessionRoutes(api)
  registerPeopleRoutes(api)
}
