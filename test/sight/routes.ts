/**
 * The authorisation matrix: every route of the product has its row here, or the test fails. A row says what the route is about and how to ask
 * it; whatever it answers, no name of a customer out of sight, of another company, and no masked phone may stand in it, and a refusal
 * changes nothing.
 */
import type { Random } from '../../src/core/kernel/random.ts'
import type { Account } from './oracle.ts'

/** Records that hang on accounts, by kind: id and account. */
export type Parts = Readonly<Record<PartKind, readonly { readonly id: string; readonly accountId: string }[]>>
export const PART_TABLES = {
  contact: 'contact',
  task: 'task',
  file: 'file',
  opportunity: 'opportunity',
  address: 'account_address',
  share: 'account_share',
  pin: 'territory_pin',
} as const
export type PartKind = keyof typeof PART_TABLES

export type Draw = {
  readonly random: Random
  /** The account asked about: hidden from the person half of the time. */
  readonly account: Account
  /** A part of that account, or an id that hangs on nothing. */
  readonly part: (kind: PartKind) => string
  readonly modelId: string
  readonly territoryId: string
  readonly typeId: string
  readonly userId: string
  readonly importId: string
  /** A change set that everybody may know, moving every customer. */
  readonly changeSetId: string
}
type Asked = { readonly url: string; readonly body?: object; readonly query?: string }

/**
 * account: about one account, which must be seen (GET) or editable (the others); a stranger's answer is 404, or 403 for want of a permission.
 * read: answers what the person may see. company: about the company itself; whoever lacks the permission changes nothing.
 * own: the person's own things, or open to everybody; asked as it stands, never with effect.
 */
export type Row =
  | { readonly about: 'account'; readonly ask: (d: Draw) => Asked; readonly sees?: true }
  | { readonly about: 'read'; readonly ask: (d: Draw) => Asked }
  | { readonly about: 'company' }
  | { readonly about: 'own'; readonly why: string }

const account = (suffix: string, body?: (d: Draw) => object): Row => ({
  about: 'account',
  ask: d => ({ url: `/api/accounts/${d.account.id}${suffix}`, ...(body ? { body: body(d) } : {}) }),
})
/** Reading one account, or doing what sight alone allows. */
const seen = (suffix: string): Row => ({ about: 'account', sees: true, ask: d => ({ url: `/api/accounts/${d.account.id}${suffix}` }) })
const part = (kind: PartKind, path: (d: Draw, id: string) => string, body?: object): Row => ({
  about: 'account',
  ask: d => ({ url: path(d, d.part(kind)), ...(body ? { body } : {}) }),
})
const under = (kind: PartKind, name: string, body?: object): Row => part(kind, (d, id) => `/api/accounts/${d.account.id}/${name}/${id}`, body)
const read = (url: string | ((d: Draw) => string), body?: (d: Draw) => object): Row => ({
  about: 'read',
  ask: d => ({ url: typeof url === 'string' ? url : url(d), ...(body ? { body: body(d) } : {}) }),
})
const company: Row = { about: 'company' }
const own = (why: string): Row => ({ about: 'own', why })

const LATER = '2099-01-01T00:00:00Z'
/** A day before the world was made, and this moment asked about as the past. */
const A_DAY = '2020-01-01'
const NOW = new Date().toISOString().slice(0, 10)
const model = (suffix: string) => (d: Draw) => `/api/models/${d.modelId}${suffix}`
const NOTHING_OWED = 'no customer in it'

export const ROUTES: Readonly<Record<string, Row>> = {
  'GET /api/accounts': read(
    d =>
      `/api/accounts?sort=${d.random.pick(['name', 'updated', 'revenue', 'owner'])}&limit=${d.random.pick([5, 200])}${d.random.pick(['', `&at=${A_DAY}`, `&at=${NOW}`, `&at=${NOW}&ownerId=${d.userId}`])}`,
  ),
  'POST /api/accounts': company,
  'GET /api/accounts/:id': seen(''),
  'PATCH /api/accounts/:id': account('', () => ({ values: { source: 'web' } })),
  'DELETE /api/accounts/:id': account(''),
  'POST /api/accounts/:id/restore': own('about an account in the recycle bin: the hunt asks for it apart'),
  'POST /api/accounts/:id/addresses': account('/addresses', () => ({ kind: 'site', text: '测试路 1 号' })),
  'PATCH /api/accounts/:id/addresses/:subId': under('address', 'addresses', { text: '测试路 2 号' }),
  'DELETE /api/accounts/:id/addresses/:subId': under('address', 'addresses'),
  'POST /api/accounts/:id/assign': account('/assign', d => ({ ownerId: d.userId, reason: 'x' })),
  'GET /api/accounts/:id/standing': {
    about: 'account',
    sees: true,
    ask: d => ({ url: `/api/accounts/${d.account.id}/standing?${d.random.pick(['', `at=${A_DAY}`, `at=${A_DAY}&known=${A_DAY}`])}` }),
  },
  'POST /api/accounts/:id/corrections': account('/corrections', d => ({
    from: '2026-01-01',
    to: '2026-01-02',
    ownerId: d.userId,
    territoryId: null,
    reason: 'x',
  })),
  'POST /api/accounts/:id/contacts': account('/contacts', () => ({ name: '测试' })),
  'PATCH /api/accounts/:id/contacts/:subId': under('contact', 'contacts', { name: '测试' }),
  'DELETE /api/accounts/:id/contacts/:subId': under('contact', 'contacts'),
  'GET /api/accounts/:id/files': seen('/files'),
  'POST /api/accounts/:id/files': own('takes a form with a file: attached files are tested beside it'),
  'GET /api/files/:id': { about: 'account', sees: true, ask: d => ({ url: `/api/files/${d.part('file')}` }) },
  'DELETE /api/files/:id': part('file', (_d, id) => `/api/files/${id}`),
  'POST /api/accounts/:id/notes': account('/notes', () => ({ text: 'x' })),
  'POST /api/accounts/:id/opportunities': account('/opportunities', () => ({ name: 'x', amount: null, closeOn: null })),
  'PATCH /api/accounts/:id/opportunities/:subId': under('opportunity', 'opportunities', { name: 'x' }),
  'GET /api/accounts/:id/owners': seen('/owners?search=a'),
  'GET /api/accounts/:id/ownership': seen('/ownership'),
  'POST /api/accounts/:id/pins': account('/pins', d => ({ territoryId: d.territoryId, until: LATER, reason: 'x' })),
  'DELETE /api/pins/:id': part('pin', (_d, id) => `/api/pins/${id}`),
  'POST /api/accounts/:id/shares': account('/shares', d => ({ userId: d.userId, access: 'edit' })),
  'DELETE /api/accounts/:id/shares/:subId': under('share', 'shares'),
  'POST /api/accounts/:id/tasks': account('/tasks', () => ({ text: 'x', dueOn: null })),
  'PATCH /api/tasks/:id': part('task', (_d, id) => `/api/tasks/${id}`, { done: true }),
  'GET /api/tasks': read(d => (d.random.next() < 0.5 ? '/api/tasks' : `/api/tasks?accountId=${d.account.id}`)),
  'GET /api/accounts/:id/timeline': seen('/timeline'),
  'GET /api/why/account/:id': {
    about: 'account',
    sees: true,
    ask: d => ({ url: `/api/why/account/${d.account.id}?territoryId=${d.territoryId}${d.random.pick(['', `&at=${NOW}`])}` }),
  },
  'POST /api/accounts/query': read('/api/accounts/query', d => ({
    ...(d.random.next() < 0.3 ? { importId: d.importId } : { search: d.account.name.slice(0, 3) }),
    count: true,
  })),
  'POST /api/accounts/export': read('/api/accounts/export', () => ({ format: 'csv' })),
  'POST /api/accounts/bulk/preview': read('/api/accounts/bulk/preview', d => ({ ids: [d.account.id], values: { tier: 'B' } })),
  'POST /api/accounts/bulk': own('changes what one may edit: the hunt asks for it apart'),
  'POST /api/accounts/bulk/:id/undo': company,
  'POST /api/assignments/preview': read('/api/assignments/preview', d => ({ ids: [d.account.id], ownerId: d.userId })),
  'POST /api/assignments': own('changes what one may edit: the hunt asks for it apart'),
  'GET /api/cleansing': read('/api/cleansing'),
  'GET /api/cleansing/check-ups': read('/api/cleansing/check-ups'),
  'POST /api/cleansing/check-ups': own('a job about the whole company, refused to who does not see it: tested with cleansing'),
  'GET /api/cleansing/matrix': read(d => `/api/cleansing/matrix?dimension=${d.random.pick(['source', 'department', 'owner'])}`),
  'PUT /api/cleansing/settings': company,
  'GET /api/cleansing/problems': read(
    d =>
      `/api/cleansing/problems?field=${d.random.pick(['phone', 'creditCode', 'name', 'division', 'contacts', 'point'])}${d.random.pick(['', '&kind=missing', '&skipped=true', `&dimension=owner&value=${d.userId}`])}&limit=200`,
  ),
  'POST /api/cleansing/problems/export': read('/api/cleansing/problems/export', d => ({ field: d.random.pick(['phone', 'point', 'division']) })),
  'POST /api/cleansing/fixes/preview': read('/api/cleansing/fixes/preview', d => ({
    rows: [{ accountId: d.account.id, rowVersion: 1, field: 'source', kind: 'missing', value: 'web' }],
  })),
  'POST /api/cleansing/fixes': own('changes what one may edit: tested with cleansing'),
  'POST /api/cleansing/fixes/:id/undo': own('takes back one’s own fixes: tested with cleansing'),
  'POST /api/cleansing/skips': {
    about: 'account',
    ask: d => ({ url: '/api/cleansing/skips', body: { rows: [{ accountId: d.account.id, rowVersion: 1, field: 'name', kind: 'name.form' }] } }),
  },
  'POST /api/cleansing/skips/undo': {
    about: 'account',
    ask: d => ({ url: '/api/cleansing/skips/undo', body: { rows: [{ accountId: d.account.id, rowVersion: 1, field: 'name', kind: 'name.form' }] } }),
  },
  'POST /api/cleansing/check': read('/api/cleansing/check', () => ({ values: { phone: '138 0000 0000' } })),
  'GET /api/cleansing/edition': read('/api/cleansing/edition'),
  'POST /api/cleansing/edition/preview': read('/api/cleansing/edition/preview', () => ({ choices: [{ code: '320502', to: 'evidence' }] })),
  'POST /api/cleansing/edition/remap': own('changes what one may edit: tested with cleansing'),
  'POST /api/cleansing/edition/draft': company,
  'GET /api/recycle-bin': read('/api/recycle-bin'),
  'GET /api/approvals': read(
    d => `/api/approvals?box=${d.random.pick(['decide', 'asked', 'done'])}${d.random.next() < 0.5 ? `&accountId=${d.account.id}` : ''}`,
  ),
  'POST /api/approvals': {
    about: 'account',
    sees: true,
    ask: d => ({ url: '/api/approvals', body: { kind: 'account.share', recordId: d.account.id, payload: { access: 'read' }, why: 'x' } }),
  },
  'POST /api/approvals/approver': {
    about: 'account',
    sees: true,
    ask: d => ({ url: '/api/approvals/approver', body: { kind: 'account.transfer', recordId: d.account.id, payload: { ownerId: d.userId } } }),
  },
  'POST /api/approvals/:id/decide': own('has its effect for those named in the request: tested with approvals'),
  'POST /api/approvals/:id/withdraw': own('has its effect for who asked: tested with approvals'),
  'GET /api/home/figures': read('/api/home/figures'),
  'GET /api/home/territories': read('/api/home/territories'),
  'GET /api/home/decisions': read(d => `/api/home/decisions?show=${d.random.pick(['waiting', 'snoozed'])}`),
  'GET /api/home/follow-up': read(d => `/api/home/follow-up?days=30&mine=${d.random.pick(['true', 'false'])}`),
  'GET /api/audit': read(d => `/api/audit?recordKind=account&recordId=${d.account.id}`),
  'GET /api/notifications': read('/api/notifications'),
  'POST /api/notifications/read': own('the person’s own'),
  'GET /api/models': read('/api/models'),
  'GET /api/models/:id/territories': read(model('/territories')),
  'GET /api/models/:id/territories/:territoryId': read(d => `/api/models/${d.modelId}/territories/${d.territoryId}`),
  'GET /api/models/:id/map': read(d => `/api/models/${d.modelId}/map${d.random.pick(['', `?at=${NOW}`])}`),
  'GET /api/models/active': read(() => `/api/models/active?at=${NOW}`),
  'GET /api/activations': read('/api/activations'),
  'GET /api/models/:id/members': read(d => `/api/models/${d.modelId}/members?at=${NOW}&limit=1000`),
  'GET /api/models/:id/types': read(model('/types')),
  'GET /api/models/:id/types/:typeId/grid': read(d => `/api/models/${d.modelId}/types/${d.typeId}/grid`),
  'GET /api/models/:id/coverage': read(model('/coverage')),
  'GET /api/models/:id/witnesses': read(d => `/api/models/${d.modelId}/witnesses?kind=${d.random.pick(['unassigned', 'contested', 'undecidable'])}`),
  'GET /api/models/:id/proof': read(d => `/api/models/${d.modelId}/proof?kind=${d.random.pick(['gap', 'overlap', 'dead', 'notProved'])}`),
  'POST /api/models/:id/proof': read(model('/proof'), d => ({
    territoryId: d.territoryId,
    condition: { field: 'tier', op: 'in', values: [d.random.pick(['KA', 'A', 'SMB'])] },
  })),
  'POST /api/models/:id/check': read(model('/check')),
  'POST /api/models/:id/preview': read(model('/preview'), d => ({
    territoryId: d.territoryId,
    condition: { field: 'tier', op: 'in', values: [d.random.pick(['KA', 'A', 'SMB'])] },
  })),
  'POST /api/models/:id/types/preview': company,
  'POST /api/value-lists/resolve': read('/api/value-lists/resolve', d => ({ field: 'id', lines: [d.account.id] })),
  'GET /api/value-lists': read('/api/value-lists'),
  'GET /api/value-lists/:id': read('/api/value-lists/1'),
  'GET /api/value-lists/:id/values': read('/api/value-lists/1/values'),
  'GET /api/territories/:id/pins': read(d => `/api/territories/${d.territoryId}/pins`),
  'GET /api/views': read('/api/views'),
  'POST /api/wizard/suggest': read('/api/wizard/suggest', d => ({ userIds: [d.userId], level: 'province' })),
  'GET /api/imports': read('/api/imports'),
  'GET /api/imports/:id': read(d => `/api/imports/${d.importId}`),
  'GET /api/imports/:id/kept': read(d => `/api/imports/${d.importId}/kept`),
  'GET /api/imports/:id/rejects': read(d => `/api/imports/${d.importId}/rejects`),
  'GET /api/imports/:id/rejects.csv': read(d => `/api/imports/${d.importId}/rejects.csv`),
  'GET /api/models/:id/health': read(d => `/api/models/${d.modelId}/health?by=${d.random.pick(['territory', 'owner', 'branch'])}`),
  'GET /api/models/:id/health/map': read(d => `/api/models/${d.modelId}/health/map`),
  'GET /api/models/:id/health/export': read(d => `/api/models/${d.modelId}/health/export?by=${d.random.pick(['territory', 'owner', 'branch'])}`),
  'GET /api/models/compare': read(d => `/api/models/compare?a=${d.modelId}&b=${d.modelId}`),
  'GET /api/models/compare/members': read(d => `/api/models/compare/members?a=${d.modelId}&b=${d.modelId}`),
  'GET /api/models/compare/numbers': read(d => `/api/models/compare/numbers?a=${d.modelId}&b=${d.modelId}`),
  'GET /api/models/compare/export': read(d => `/api/models/compare/export?a=${d.modelId}&b=${d.modelId}`),
  'GET /api/change-sets': read(d => `/api/change-sets?box=${d.random.pick(['open', 'done', 'all'])}`),
  'GET /api/change-sets/:id': read(d => `/api/change-sets/${d.changeSetId}`),
  'GET /api/change-sets/:id/lines': read(d => `/api/change-sets/${d.changeSetId}/lines?by=${d.random.pick(['territory', 'owner', 'sight'])}`),
  'GET /api/change-sets/:id/moves': read(
    d =>
      `/api/change-sets/${d.changeSetId}/moves?limit=200${d.random.next() < 0.3 ? `&territoryId=${d.territoryId}` : ''}${d.random.next() < 0.3 ? `&ownerId=${d.userId}` : ''}`,
  ),
  'GET /api/change-sets/:id/export': read(d => `/api/change-sets/${d.changeSetId}/export`),
  'GET /api/change-sets/:id/rules': read(d => `/api/change-sets/${d.changeSetId}/rules`),
  'GET /api/change-sets/:id/work': read(d => `/api/change-sets/${d.changeSetId}/work?of=${d.random.pick(['deals', 'tasks', 'requests'])}`),
  'GET /api/change-sets/:id/people/:userId/accounts': read(
    d => `/api/change-sets/78/people/${d.userId}/accounts?limit=200${d.random.pick(['', '&mark=kept', '&mark=lost', '&search=a'])}`,
  ),
  'GET /api/change-sets/:id/comments': read(d => `/api/change-sets/${d.changeSetId}/comments`),
  'POST /api/change-sets/:id/comments': own('whoever may know the set may speak; of a customer only within sight: tested with change sets'),
  'POST /api/change-sets/:id/send-back': own('only for who must approve: tested with change sets'),
  'POST /api/duplicates/check': read('/api/duplicates/check', d => ({ names: [d.account.name], phones: ['13800000000'] })),
  'GET /api/duplicates': read(
    d => `/api/duplicates?state=${d.random.pick(['open', 'different'])}${d.random.next() < 0.3 ? `&accountId=${d.account.id}` : ''}`,
  ),
  'GET /api/duplicates/:id': read(d => `/api/duplicates/${1 + d.random.int(60)}`),
  'GET /api/duplicates/merges': read('/api/duplicates/merges'),
  'POST /api/duplicates/:id/different': own('who sees both customers decides: tested with duplicates'),
  'POST /api/duplicates/:id/reopen': own('who sees both customers decides: tested with duplicates'),
  'GET /api/accounts/:id/clock': seen('/clock'),
  'POST /api/accounts/:id/return': account('/return', () => ({ reason: 'other', remark: null, poolId: null })),
  'POST /api/accounts/:id/protections': account('/protections', () => ({ kind: 'protect', until: LATER, reason: 'x' })),
  'DELETE /api/accounts/:id/protections/:kind': account('/protections/protect'),
  'GET /api/pools': read('/api/pools'),
  'GET /api/pools/:id/entries': read(
    d =>
      `/api/pools/1/entries?limit=100&sort=${d.random.pick(['fit', 'entered', 'potential'])}${d.random.next() < 0.5 ? `&search=${encodeURIComponent(d.account.name.slice(0, 3))}` : ''}`,
  ),
  'GET /api/pools/:id/entries/:accountId': read(d => `/api/pools/1/entries/${d.account.id}`),
  'GET /api/pools/:id/quota': read('/api/pools/1/quota'),
  'GET /api/pools/:id/forecast': read('/api/pools/1/forecast'),
  'GET /api/pool-clocks': read(d => `/api/pool-clocks?of=${d.random.pick(['mine', 'all'])}`),
  'POST /api/pools/claims': own('claims what a pool opens, answers row by row: tested with the pool'),
  'POST /api/pools/:id/draws': own('claims what a pool opens: tested with the pool'),
  'POST /api/pools/:id/entries/:accountId/move': own('for who looks after the pool: tested with the pool'),
  'GET /api/users': read('/api/users?limit=200'),
  'GET /api/jobs/:id': read('/api/jobs/1'),
}

/** Routes that hold no customer: whoever lacks the permission changes nothing; and what is one's own. */
for (const route of [
  'PUT /api/health-measures',
  'POST /api/duplicates/run',
  'POST /api/duplicates/merge',
  'POST /api/duplicates/merge-sure',
  'POST /api/duplicates/merges/:id/undo',
  'PATCH /api/duplicates/policy',
  'POST /api/duplicates/aliases',
  'DELETE /api/duplicates/aliases/:id',
  'GET /api/pool-settings',
  'PUT /api/pool-settings',
  'PUT /api/pool-policies',
  'POST /api/pool-policies/preview',
  'POST /api/pools',
  'PATCH /api/pools/:id',
  'DELETE /api/pools/:id',
  'GET /api/models/:id/file',
  'POST /api/models/file',
  'POST /api/models/file/check',
  'GET /api/models/:id/tests',
  'PUT /api/models/:id/tests',
  'PATCH /api/change-sets/:id',
  'POST /api/change-sets/:id/compute',
  'POST /api/change-sets/:id/submit',
  'POST /api/change-sets/:id/withdraw',
  'POST /api/change-sets/:id/merge/preview',
  'POST /api/change-sets/:id/merge',
  'POST /api/change-sets/:id/copy',
  'POST /api/change-sets/:id/schedule',
  'DELETE /api/change-sets/:id/schedule',
  'POST /api/change-sets/:id/comments/:commentId/answer',
  'PUT /api/change-sets/:id/holdover',
  'PUT /api/change-sets/:id/holdover/deals',
  'GET /api/change-policy',
  'PUT /api/change-policy',
  'POST /api/boundary-sets',
  'DELETE /api/boundary-sets/:id',
  'POST /api/activations/undo',
  'GET /api/company',
  'PATCH /api/company',
  'POST /api/departments',
  'PATCH /api/departments/:id',
  'DELETE /api/departments/:id',
  'POST /api/fields',
  'PATCH /api/fields/:id',
  'PUT /api/fields/order',
  'POST /api/options',
  'PATCH /api/options/:id',
  'PUT /api/options/order',
  'PATCH /api/industries/:code',
  'POST /api/imports/:id/invitations.csv',
  'PATCH /api/members/:id',
  'DELETE /api/members/:id',
  'POST /api/models',
  'DELETE /api/models/:id',
  'POST /api/models/:id/activate',
  'POST /api/models/:id/run',
  'POST /api/models/:id/territories',
  'PATCH /api/models/:id/territories/:territoryId',
  'DELETE /api/models/:id/territories/:territoryId',
  'POST /api/models/:id/territories/:territoryId/members',
  'PUT /api/models/:id/types',
  'POST /api/roles',
  'PATCH /api/roles/:id',
  'DELETE /api/roles/:id',
  'POST /api/teams',
  'PATCH /api/teams/:id',
  'DELETE /api/teams/:id',
  'POST /api/users',
  'PATCH /api/users/:id',
  'POST /api/users/:id/activate',
  'POST /api/users/:id/deactivate',
  'POST /api/users/:id/reset',
  'POST /api/value-lists',
  'PATCH /api/value-lists/:id',
  'POST /api/value-lists/:id/versions',
  'POST /api/wizard/geography',
])
  Object.assign(ROUTES, { [route]: company })
for (const route of [
  'GET /api/health-measures',
  'GET /api/duplicates/policy',
  'GET /api/boundary-sets',
  'GET /api/boundary-sets/:id/areas',
  'GET /api/boundary-sets/:id/areas/:areaId',
  'GET /api/boundary-sets/:id/shapes',
  'GET /api/catalogue',
  'GET /api/departments',
  'GET /api/division-groups',
  'GET /api/divisions',
  'POST /api/divisions/locate',
  'GET /api/industries',
  'GET /api/roles',
  'GET /api/teams',
  'GET /api/me',
  'GET /api/setup',
  'GET /api/import-objects',
  'GET /api/import-objects/:object/template',
])
  Object.assign(ROUTES, { [route]: own(NOTHING_OWED) })
for (const route of [
  'POST /api/imports',
  'PUT /api/imports/:id/encoding',
  'PUT /api/imports/:id/mapping',
  'POST /api/imports/:id/run',
  'POST /api/imports/:id/undo',
])
  Object.assign(ROUTES, { [route]: own('an import belongs to a permission of its object: tested with the import') })
for (const route of [
  'PATCH /api/me',
  'GET /api/keys',
  'POST /api/keys',
  'DELETE /api/keys/:id',
  'POST /api/session',
  'DELETE /api/session',
  'PUT /api/session/view-as',
  'POST /api/setup',
  'POST /api/tickets',
  'POST /api/views',
  'PATCH /api/views/:id',
  'DELETE /api/views/:id',
  'PUT /api/home/snoozes',
  'POST /api/home/snoozes/wake',
])
  Object.assign(ROUTES, { [route]: own('the person’s own') })
