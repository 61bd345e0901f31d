/** The one place where capabilities meet: each registers its routes, its refusals' words, its jobs and its hooks. */
import type { Pool } from 'pg'
import { ACCOUNT_REFUSALS } from '../contract/account/refusals.ts'
import { APPROVAL_REFUSALS } from '../contract/approval/refusals.ts'
import { HANDOVER_REFUSALS } from '../contract/assignment/handover-refusals.ts'
import { CLEANSING_REFUSALS } from '../contract/cleansing/refusals.ts'
import { DUPLICATE_REFUSALS } from '../contract/dedupe/refusals.ts'
import { ENGAGEMENT_REFUSALS } from '../contract/engagement/refusals.ts'
import { BOUNDARY_REFUSALS } from '../contract/geography/boundary-refusals.ts'
import { HOME_REFUSALS } from '../contract/home/refusals.ts'
import { FILE_REFUSALS } from '../contract/import/file-refusals.ts'
import { IMPORT_REFUSALS } from '../contract/import/refusals.ts'
import { INSIGHT_REFUSALS } from '../contract/insight/refusals.ts'
import { INTAKE_REFUSALS } from '../contract/intake/refusals.ts'
import { POOL_REFUSALS } from '../contract/pool/refusals.ts'
import { TERRITORY_REFUSALS } from '../contract/territory/refusals.ts'
import { registerListener } from './account/events.ts'
import { OPPORTUNITY_HANDOVER, SHARE_HANDOVER, TASK_HANDOVER, VIEW_HANDOVER } from './account/handover.ts'
import { registerPlacer } from './account/placer.ts'
import { registerAccountRoutes } from './account/routes.ts'
import { APPROVAL_HANDOVER, REQUEST_HANDOVER } from './approval/handover.ts'
import { registerApprovalKind, registerRequestListener } from './approval/kinds.ts'
import { registerApprovalRoutes } from './approval/routes.ts'
import { ACCOUNT_SHARE, ACCOUNT_TRANSFER } from './assignment/account-requests.ts'
import { DIVISION_USER } from './assignment/change-set/division-codes.ts'
import { registerChangeSetJobs } from './assignment/change-set/jobs.ts'
import { CHANGE_SET_APPROVAL } from './assignment/change-set/request-kind.ts'
import { registerChangeSetRoutes } from './assignment/change-set/routes.ts'
import { absentAt } from './assignment/handover/absence.ts'
import { ACCOUNT_HANDOVER, SUBSTITUTE_HANDOVER } from './assignment/handover/accounts.ts'
import { registerAbsentClocks } from './assignment/handover/clocks.ts'
import { registerHandoverJobs, registerHandoverRoutes } from './assignment/handover/routes.ts'
import { registerAssignmentJobs } from './assignment/jobs.ts'
import { registerModelFileJobs, registerModelFileRoutes } from './assignment/model-file/routes.ts'
import { PLACER } from './assignment/place-accounts.ts'
import { registerPlacingPart } from './assignment/placing-parts.ts'
import { registerAssignmentRoutes } from './assignment/routes.ts'
import { registerCatalogueRoutes } from './builder/routes.ts'
import { registerDivisionUser } from './cleansing/edition-users.ts'
import { registerCleansingJobs } from './cleansing/jobs.ts'
import { registerCleansingRoutes } from './cleansing/routes.ts'
import { registerDuplicateRoutes } from './dedupe/routes.ts'
import { registerDuplicateJobs } from './dedupe/run.ts'
import { registerWhereabouts } from './dedupe/whereabouts.ts'
import { CASE_HANDOVER } from './engagement/handover.ts'
import { registerEngagementRoutes } from './engagement/routes.ts'
import { registerGeographyRoutes } from './geography/routes.ts'
import { registerHomeRoutes } from './home/routes.ts'
import { registerCompanyRoutes } from './identity/company-routes.ts'
import { registerHandover } from './identity/handover.ts'
import { DEPARTMENT_HANDOVER, TEAM_HANDOVER } from './identity/handover-people.ts'
import { registerPeopleRoutes } from './identity/people-routes.ts'
import { registerSessionRoutes } from './identity/session-routes.ts'
import { registerImportJobs } from './import/jobs.ts'
import { registerImportRoutes } from './import/routes.ts'
import { registerInsightRoutes } from './insight/routes.ts'
import { registerAbsence } from './intake/absence.ts'
import { LEAD_HANDOVER } from './intake/handover.ts'
import { registerIntakeRoutes } from './intake/routes.ts'
import type { Api } from './kernel/http.ts'
import { addRefusals } from './kernel/words.ts'
import { ABSENT_CLOCKS } from './pool/absence.ts'
import { onHappened } from './pool/events.ts'
import { PROTECTION_HANDOVER } from './pool/handover.ts'
import { registerPoolJobs } from './pool/jobs.ts'
import { POOL_PLACING } from './pool/placing.ts'
import { POOL_EXTENSION } from './pool/protect.ts'
import { registerPoolRoutes } from './pool/routes.ts'
import { POOL_WHEREABOUTS } from './pool/whereabouts.ts'
import { DRAFT_HANDOVER, MEMBER_HANDOVER } from './territory/handover.ts'
import { registerTerritoryRoutes } from './territory/routes.ts'

let hooked = false

/** Hooks and words that the command line needs as well as the server. */
export function registerHooks(): void {
  if (hooked) return
  hooked = true
  for (const words of [
    ACCOUNT_REFUSALS,
    APPROVAL_REFUSALS,
    DUPLICATE_REFUSALS,
    CLEANSING_REFUSALS,
    TERRITORY_REFUSALS,
    BOUNDARY_REFUSALS,
    FILE_REFUSALS,
    IMPORT_REFUSALS,
    INSIGHT_REFUSALS,
    HOME_REFUSALS,
    ENGAGEMENT_REFUSALS,
    POOL_REFUSALS,
    HANDOVER_REFUSALS,
    INTAKE_REFUSALS,
  ])
    addRefusals(words)
  registerPlacer(PLACER)
  registerWhereabouts(POOL_WHEREABOUTS)
  registerDivisionUser(DIVISION_USER)
  registerPlacingPart(POOL_PLACING)
  registerListener(onHappened)
  registerRequestListener((tx, tenantId, at, accountId) => onHappened(tx, tenantId, at, { kind: 'request', accountId }))
  // Customers first: they go by an act made for the territory as it stands; what hangs on them follows; then the memberships move.
  for (const handover of [
    ACCOUNT_HANDOVER,
    OPPORTUNITY_HANDOVER,
    TASK_HANDOVER,
    APPROVAL_HANDOVER,
    REQUEST_HANDOVER,
    PROTECTION_HANDOVER,
    CASE_HANDOVER,
    LEAD_HANDOVER,
    SHARE_HANDOVER,
    MEMBER_HANDOVER,
    DEPARTMENT_HANDOVER,
    TEAM_HANDOVER,
    DRAFT_HANDOVER,
    VIEW_HANDOVER,
    SUBSTITUTE_HANDOVER,
  ])
    registerHandover(handover)
  registerAbsentClocks(ABSENT_CLOCKS)
  registerAbsence(absentAt)
  for (const kind of [ACCOUNT_TRANSFER, ACCOUNT_SHARE, POOL_EXTENSION, CHANGE_SET_APPROVAL]) registerApprovalKind(kind)
}

export function registerCapabilities(api: Api): void {
  registerHooks()
  registerSessionRoutes(api)
  registerPeopleRoutes(api)
  registerCompanyRoutes(api)
  registerCatalogueRoutes(api)
  registerGeographyRoutes(api)
  registerAccountRoutes(api)
  registerCleansingRoutes(api)
  registerApprovalRoutes(api)
  registerDuplicateRoutes(api)
  registerTerritoryRoutes(api)
  registerAssignmentRoutes(api)
  registerHandoverRoutes(api)
  registerChangeSetRoutes(api)
  registerModelFileRoutes(api)
  registerImportRoutes(api)
  registerEngagementRoutes(api)
  registerPoolRoutes(api)
  registerIntakeRoutes(api)
  registerInsightRoutes(api)
  registerHomeRoutes(api)
}

export function registerJobs(bulk: Pool): void {
  registerHooks()
  registerCleansingJobs(bulk)
  registerAssignmentJobs(bulk)
  registerHandoverJobs(bulk)
  registerDuplicateJobs(bulk)
  registerChangeSetJobs(bulk)
  registerModelFileJobs(bulk)
  registerImportJobs(bulk)
  registerPoolJobs(bulk)
}
