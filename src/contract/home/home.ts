/** Endpoints of the first page 首页: one a card, so that a card that fails leaves the others standing. */
import { z } from 'zod'
import { taskRow } from '../account/attached.ts'
import { approvalRow } from '../approval/approvals.ts'
import { caseRow } from '../engagement/cases.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { done, flag, id, text } from '../kernel/shapes.ts'

const territoryRef = z.object({ id, code: z.string(), name: z.string(), colour: z.number() })
const person = z.object({ id, name: z.string() })
/** Sums of money as text: they may exceed what a JSON number holds. Null where the role hides the field. */
const sum = z.string().nullable()

export const homeFigures = endpoint({
  method: 'GET',
  path: '/api/home/figures',
  summary: 'Figures of what I see: my customers, those without owner, contested, undecidable, follow-up, deals, tasks',
  needs: 'account.read',
  reply: z.object({
    /** Whose page it is: a person with customers, one who leads, one who sees everything, or a company that has yet to begin. */
    view: z.enum(['rep', 'manager', 'all', 'new']),
    accounts: z.number(),
    mine: z.number(),
    unowned: z.number(),
    unassigned: z.number(),
    contested: z.number(),
    undecidable: z.number(),
    potential: sum,
    /** Of the customers that this page is about (mine, or all I see): how many had a follow-up within 90 days. */
    about: z.number(),
    reached: z.number(),
    openDeals: z.number(),
    openAmount: z.string(),
    tasksDue: z.number(),
    tasksLate: z.number(),
  }),
})
export type HomeFigures = z.infer<typeof homeFigures.reply>

const FLAGS = ['noOwner', 'unowned', 'contested', 'undecidable', 'silent'] as const
export type TerritoryFlag = (typeof FLAGS)[number]
const territoryLine = z.object({
  territory: territoryRef,
  owners: z.array(person),
  accounts: z.number(),
  potential: sum,
  revenue: sum,
  openAmount: z.string(),
  unowned: z.number(),
  contested: z.number(),
  undecidable: z.number(),
  /** Customers without a follow-up in 90 days. */
  silent: z.number(),
  /** Why it wants attention; empty when it does not. */
  flags: z.array(z.enum(FLAGS)),
})
export type TerritoryLine = z.infer<typeof territoryLine>
export const homeTerritories = endpoint({
  method: 'GET',
  path: '/api/home/territories',
  summary: 'My territories with figures, those that want attention first; regions for those who see everything',
  needs: 'territory.read',
  reply: z.object({ rows: z.array(territoryLine), regions: z.boolean() }),
})

/** The name of a row of the decision list, by which it is put off. */
export const subjectOf = {
  approval: (requestId: string) => `approval:${requestId}`,
  task: (taskId: string) => `task:${taskId}`,
  case: (caseId: string) => `case:${caseId}`,
  contested: (territoryIds: readonly string[]) => `contested:${territoryIds.join()}`,
  unowned: (territoryId: string | null) => `unowned:${territoryId ?? 'none'}`,
  undecidable: 'undecidable',
}
const subject = z
  .string()
  .max(2000)
  .regex(/^((approval|task|case|unowned):\d{1,18}|contested:\d{1,18}(,\d{1,18})*|unowned:none|undecidable)$/)
const snooze = z.object({ subject: z.string(), reason: z.string(), until: z.string() })
export type Snooze = z.infer<typeof snooze>
/** A row may be put off so far and no further: what nobody looks at for a season is not decided but forgotten. */
export const SNOOZE_DAYS = 90

export const homeDecisions = endpoint({
  method: 'GET',
  path: '/api/home/decisions',
  summary:
    'What waits for me: requests, cases to rule, tasks due within a week, quarrels between territories, customers without owner, undecidable ones',
  needs: 'account.read',
  query: z.object({ show: z.enum(['waiting', 'snoozed']).default('waiting') }),
  reply: z.object({
    approvals: z.array(approvalRow),
    /** Conflict cases that wait for my ruling, the nearest end first. */
    cases: z.array(caseRow),
    tasks: z.array(taskRow),
    contested: z.array(z.object({ subject: z.string(), territories: z.array(territoryRef), accounts: z.number() })),
    unowned: z.array(z.object({ subject: z.string(), territory: territoryRef.nullable(), accounts: z.number() })),
    undecidable: z.number(),
    /** What I put off and still exists: why, and the day on which it comes back. */
    snoozed: z.array(snooze),
  }),
})
export const snoozeDecision = endpoint({
  method: 'PUT',
  path: '/api/home/snoozes',
  summary: 'Put off a row of the decision list until the morning of a day, with a reason; for me alone',
  needs: 'account.read',
  body: z.object({ subject, until: z.iso.date(), reason: text(200) }),
  reply: done,
})
export const wakeDecision = endpoint({
  method: 'POST',
  path: '/api/home/snoozes/wake',
  summary: 'Bring a row that I put off back at once',
  needs: 'account.read',
  body: z.object({ subject }),
  reply: done,
})

export const homeFollowUp = endpoint({
  method: 'GET',
  path: '/api/home/follow-up',
  summary: 'Customers without a follow-up for so many days, the most promising first',
  needs: 'account.read',
  query: z.object({ days: z.coerce.number().int().min(1).max(1000).default(30), mine: flag.default(true) }),
  reply: z.object({
    /** How many at 30, 60 and 90 days. */
    counts: z.object({ d30: z.number(), d60: z.number(), d90: z.number() }),
    rows: z.array(
      z.object({
        id,
        name: z.string(),
        tier: z.string().nullable(),
        potential: z.number().nullable(),
        lastAt: z.string().nullable(),
        owner: person.nullable(),
        territory: territoryRef.nullable(),
        next: z.object({ text: z.string(), dueOn: z.string().nullable() }).nullable(),
      }),
    ),
  }),
})
