/**
 * Every page of the product, one entry each: where it is, what it is called, who may open it, and whether the rail leads to it. A new
 * page is one more entry here; router, rail, palette, breadcrumb and keys follow from it.
 */
import type { LucideIcon } from 'lucide-react'
import {
  ArrowRightLeft,
  Building2,
  Copy,
  FileUp,
  GitPullRequestArrow,
  House,
  Inbox,
  KeyRound,
  List,
  ListChecks,
  ListFilter,
  Map as MapIcon,
  Network,
  Route as RouteIcon,
  Scale,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  Stamp,
  Trash2,
  UserRound,
  Users,
  UsersRound,
  Waves,
  Waypoints,
} from 'lucide-react'
import type { ComponentType } from 'react'
import type { Permission } from '../../core/access/permissions.ts'
import { registerAccountParts } from '../account/account-parts.tsx'

export type PageEntry = {
  readonly path: string
  /** Loaded on first visit; the module's exported component. */
  readonly component: () => Promise<ComponentType>
  /** Catalogue key of its name, for breadcrumb, tab and palette. */
  readonly word: string
  /** It answers for the moment chosen in the top bar; others are about today and say so. */
  readonly asOf?: true
  /** It is there to write: elsewhere than now it says so instead. */
  readonly writes?: true
  /** Any one of several is enough. */
  readonly needs?: Permission | readonly Permission[]
  /** Without rail and top bar: pages of somebody who is not signed in. */
  readonly bare?: true
  /** In the rail; `key` is the letter after G. Listed in rail order. */
  readonly rail?: {
    readonly key: string
    readonly icon: LucideIcon
    readonly word: string
    /** What waits there. */
    readonly count?: () => Promise<ComponentType>
  }
  /** In the list of settings. */
  readonly settings?: { readonly icon: LucideIcon; readonly group: 'company' | 'people' | 'data' | 'mine' }
}

/** Each kind of record has a permission of its own; the page offers what one may. */
const IMPORTERS = ['account.import', 'user.manage', 'territory.plan'] as const

registerAccountParts({
  fact: () => import('../pool/clock-fact.tsx').then(m => m.ClockFact),
  acts: () => import('../pool/account-acts.tsx').then(m => m.AccountActs),
})
registerAccountParts({
  acts: () => import('../engagement/account-case.tsx').then(m => m.AccountCase),
  pair: () => import('../engagement/account-case.tsx').then(m => m.PairCase),
})

export const pages: readonly PageEntry[] = [
  {
    path: '/',
    word: 'home:title',
    rail: { key: 'h', icon: House, word: 'shell:rail.home' },
    component: () => import('../home/home-page.tsx').then(m => m.HomePage),
  },
  { path: '/login', word: 'identity:login.title', bare: true, component: () => import('../identity/login.tsx').then(m => m.LoginPage) },
  { path: '/setup', word: 'identity:setup.title', bare: true, component: () => import('../identity/setup.tsx').then(m => m.SetupPage) },
  { path: '/ticket', word: 'identity:ticket.title', bare: true, component: () => import('../identity/ticket.tsx').then(m => m.TicketPage) },
  { path: '/form/$token', word: 'intake:form.title', bare: true, component: () => import('../intake/form-page.tsx').then(m => m.FormPage) },
  {
    path: '/map',
    asOf: true,
    word: 'territory:map.title',
    needs: 'territory.read',
    rail: { key: 'm', icon: MapIcon, word: 'shell:rail.map' },
    component: () => import('../territory/map-page.tsx').then(m => m.MapPage),
  },
  { path: '/health', word: 'insight:title', needs: 'territory.read', component: () => import('../insight/health-page.tsx').then(m => m.HealthPage) },
  {
    path: '/territory/compare',
    word: 'compare:title',
    needs: 'territory.plan',
    component: () => import('../territory/compare/compare-page.tsx').then(m => m.ComparePage),
  },
  {
    path: '/map/rule/$modelId/$territoryId',
    writes: true,
    word: 'territory:rule.title',
    needs: 'territory.read',
    component: () => import('../territory/rule-editor.tsx').then(m => m.RuleEditor),
  },
  {
    path: '/changes',
    word: 'change:title',
    needs: 'territory.read',
    rail: { key: 'c', icon: GitPullRequestArrow, word: 'shell:rail.changes' },
    component: () => import('../change/changes-page.tsx').then(m => m.ChangesPage),
  },
  {
    path: '/changes/$id',
    word: 'change:title',
    needs: 'territory.read',
    component: () => import('../change/change-page.tsx').then(m => m.ChangePage),
  },
  {
    path: '/accounts',
    asOf: true,
    word: 'account:title',
    needs: 'account.read',
    rail: { key: 'a', icon: Building2, word: 'shell:rail.accounts' },
    component: () => import('../account/accounts-page.tsx').then(m => m.AccountsPage),
  },
  {
    path: '/accounts/check-up',
    word: 'cleansing:title',
    needs: 'account.read',
    component: () => import('../cleansing/cleansing-page.tsx').then(m => m.CleansingPage),
  },
  {
    path: '/accounts/divisions',
    word: 'cleansing:edition.title',
    needs: 'territory.plan',
    component: () => import('../cleansing/edition-page.tsx').then(m => m.EditionPage),
  },
  {
    path: '/accounts/$id',
    asOf: true,
    word: 'account:title',
    needs: 'account.read',
    component: () => import('../account/account-page.tsx').then(m => m.AccountPage),
  },
  {
    path: '/duplicates',
    word: 'dedupe:title',
    needs: 'account.read',
    component: () => import('../dedupe/duplicates-page.tsx').then(m => m.DuplicatesPage),
  },
  {
    path: '/pool',
    word: 'pool:title',
    needs: 'account.read',
    rail: { key: 'p', icon: Waves, word: 'shell:rail.pool' },
    component: () => import('../pool/pool-page.tsx').then(m => m.PoolPage),
  },
  {
    path: '/cases',
    word: 'engagement:title',
    needs: 'account.read',
    rail: { key: 'r', icon: Scale, word: 'shell:rail.cases', count: () => import('../engagement/case-count.tsx').then(m => m.CaseCount) },
    component: () => import('../engagement/cases-page.tsx').then(m => m.CasesPage),
  },
  {
    path: '/cases/$id',
    word: 'engagement:title',
    needs: 'account.read',
    component: () => import('../engagement/case-page.tsx').then(m => m.CasePage),
  },
  {
    path: '/leads',
    word: 'intake:title',
    needs: 'account.read',
    rail: { key: 'l', icon: Inbox, word: 'shell:rail.leads' },
    component: () => import('../intake/leads-page.tsx').then(m => m.LeadsPage),
  },
  {
    path: '/leads/queue',
    word: 'intake:queue.title',
    needs: 'account.read',
    component: () => import('../intake/queue-page.tsx').then(m => m.QueuePage),
  },
  {
    path: '/import',
    writes: true,
    word: 'import:title',
    needs: IMPORTERS,
    rail: { key: 'i', icon: FileUp, word: 'shell:rail.import' },
    component: () => import('../import/imports-page.tsx').then(m => m.ImportsPage),
  },
  {
    path: '/import/$id',
    writes: true,
    word: 'import:title',
    needs: IMPORTERS,
    component: () => import('../import/import-page.tsx').then(m => m.ImportPage),
  },
  {
    path: '/start',
    writes: true,
    word: 'wizard:title',
    needs: 'territory.plan',
    component: () => import('../wizard/start-page.tsx').then(m => m.StartPage),
  },
  { path: '/approvals', word: 'approval:title', component: () => import('../approval/approvals-page.tsx').then(m => m.ApprovalsPage) },
  {
    path: '/settings',
    word: 'shell:rail.settings',
    rail: { key: 's', icon: SlidersHorizontal, word: 'shell:rail.settings' },
    component: () => import('../shell/settings-home.tsx').then(m => m.SettingsHome),
  },
  {
    path: '/settings/company',
    word: 'identity:company.title',
    needs: 'tenant.manage',
    settings: { icon: Building2, group: 'company' },
    component: () => import('../identity/company.tsx').then(m => m.CompanyPage),
  },
  {
    path: '/settings/approval',
    word: 'change:policy.title',
    needs: 'territory.plan',
    settings: { icon: Stamp, group: 'company' },
    component: () => import('../change/policy-page.tsx').then(m => m.PolicyPage),
  },
  {
    path: '/settings/pool',
    word: 'pool:settings.title',
    needs: 'pool.manage',
    settings: { icon: Waves, group: 'company' },
    component: () => import('../pool/settings-page.tsx').then(m => m.PoolSettingsPage),
  },
  {
    path: '/settings/engagement',
    word: 'engagement:settings',
    needs: 'engagement.manage',
    settings: { icon: Scale, group: 'company' },
    component: () => import('../engagement/settings-page.tsx').then(m => m.EngagementPage),
  },
  {
    path: '/settings/intake',
    word: 'intake:settings.title',
    needs: 'intake.manage',
    settings: { icon: RouteIcon, group: 'company' },
    component: () => import('../intake/settings-page.tsx').then(m => m.IntakeSettingsPage),
  },
  {
    path: '/settings/people',
    word: 'identity:people.title',
    settings: { icon: Users, group: 'people' },
    component: () => import('../identity/people.tsx').then(m => m.PeoplePage),
  },
  {
    path: '/handovers',
    word: 'handover:title',
    needs: 'account.read',
    settings: { icon: ArrowRightLeft, group: 'people' },
    component: () => import('../handover/handovers-page.tsx').then(m => m.HandoversPage),
  },
  {
    path: '/handovers/new',
    word: 'handover:new',
    needs: 'account.assign',
    writes: true,
    component: () => import('../handover/new-page.tsx').then(m => m.NewHandoverPage),
  },
  {
    path: '/handovers/$id',
    word: 'handover:title',
    needs: 'account.read',
    component: () => import('../handover/handover-page.tsx').then(m => m.HandoverPage),
  },
  {
    path: '/settings/roles',
    word: 'identity:roles.title',
    settings: { icon: ShieldCheck, group: 'people' },
    component: () => import('../identity/roles.tsx').then(m => m.RolesPage),
  },
  {
    path: '/settings/departments',
    word: 'identity:departments.title',
    settings: { icon: Network, group: 'people' },
    component: () => import('../identity/departments.tsx').then(m => m.DepartmentsPage),
  },
  {
    path: '/settings/teams',
    word: 'identity:teams.title',
    settings: { icon: UsersRound, group: 'people' },
    component: () => import('../identity/teams.tsx').then(m => m.TeamsPage),
  },
  {
    path: '/settings/audit',
    word: 'identity:audit.title',
    needs: 'audit.read',
    settings: { icon: ScrollText, group: 'company' },
    component: () => import('../identity/audit.tsx').then(m => m.AuditPage),
  },
  {
    path: '/settings/fields',
    word: 'builder:fields.title',
    settings: { icon: ListChecks, group: 'data' },
    component: () => import('../builder/fields-page.tsx').then(m => m.FieldsPage),
  },
  {
    path: '/settings/options',
    word: 'builder:options.title',
    settings: { icon: List, group: 'data' },
    component: () => import('../builder/options-page.tsx').then(m => m.OptionsPage),
  },
  {
    path: '/settings/lists',
    word: 'territory:lists.title',
    needs: 'territory.read',
    settings: { icon: ListFilter, group: 'data' },
    component: () => import('../territory/lists-page.tsx').then(m => m.ListsPage),
  },
  {
    path: '/settings/boundaries',
    word: 'territory:boundaries.title',
    needs: 'territory.read',
    settings: { icon: Waypoints, group: 'data' },
    component: () => import('../territory/boundaries-page.tsx').then(m => m.BoundariesPage),
  },
  {
    path: '/settings/duplicates',
    word: 'dedupe:policy.title',
    needs: 'account.read',
    settings: { icon: Copy, group: 'data' },
    component: () => import('../dedupe/policy-page.tsx').then(m => m.DuplicatePolicyPage),
  },
  {
    path: '/settings/recycle',
    word: 'account:bin.title',
    needs: 'account.delete',
    settings: { icon: Trash2, group: 'data' },
    component: () => import('../account/recycle-page.tsx').then(m => m.RecyclePage),
  },
  {
    path: '/settings/me',
    word: 'identity:profile.title',
    settings: { icon: UserRound, group: 'mine' },
    component: () => import('../identity/profile.tsx').then(m => m.ProfilePage),
  },
  {
    path: '/settings/keys',
    word: 'identity:keys.title',
    settings: { icon: KeyRound, group: 'mine' },
    component: () => import('../identity/keys.tsx').then(m => m.KeysPage),
  },
]

/** What '/' leads to while nothing is at '/': the accounts, else the first thing in the rail. */
export function firstPage(list: readonly PageEntry[]): string {
  return (list.find(p => p.path === '/accounts') ?? list.find(p => p.rail))?.path ?? '/login'
}

/** The page an address belongs to: `/accounts/:id` matches its entry `/accounts/$id`; a fixed word beats a parameter. */
export function pageAt(list: readonly PageEntry[], address: string): PageEntry | undefined {
  const parts = address.replace(/\/+$/, '').split('/')
  const fits = (p: PageEntry) => {
    const own = p.path.split('/')
    return own.length === parts.length && own.every((word, i) => word.startsWith('$') || word === parts[i])
  }
  return list.find(p => p.path === address) ?? list.find(fits)
}
