/** The company's rules of intake, territories that differ, and who can do what. */
import { z } from 'zod'
import { WAYS } from '../../core/intake/rotate.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { done, id, text } from '../kernel/shapes.ts'

const whole = (min: number, max: number) => z.number().int().min(min).max(max)
export const intakeRules = z.strictObject({
  way: z.enum(WAYS),
  weights: z.record(id, whole(1, 100)).refine(w => Object.keys(w).length <= 200, 'at most 200 people'),
  capacity: whole(1, 10_000).nullable(),
  newcomerDays: whole(0, 365),
  newcomerShare: whole(10, 100),
  slaHours: whole(1, 24 * 60),
  workingDays: z.boolean(),
  warnHours: whole(1, 24 * 30).nullable(),
  nextHours: whole(1, 24 * 60).nullable(),
})
export type IntakeRulesBody = z.infer<typeof intakeRules>
const ruleSet = z.object({ rules: intakeRules, rowVersion: z.number() })
const person = z.object({ id, name: z.string() })
export const intakeSettings = z.object({
  company: ruleSet,
  territories: z.array(ruleSet.extend({ id, code: z.string(), name: z.string(), colour: z.number() })),
  /** Everybody named in weights, by id. */
  names: z.record(z.string(), z.string()),
  skills: z.array(person.extend({ skills: z.array(z.string()) })),
  /** `path`: the page that anybody may open. */
  forms: z.array(
    z.object({
      id,
      name: z.string(),
      path: z.string(),
      campaign: z.string().nullable(),
      by: z.string(),
      closed: z.boolean(),
      leads: z.number(),
      rowVersion: z.number(),
    }),
  ),
})
export type IntakeSettings = z.infer<typeof intakeSettings>
export const readIntakeSettings = endpoint({
  method: 'GET',
  path: '/api/intake-settings',
  summary: 'How leads are given, of the company and of territories that differ; who has which skills',
  needs: 'intake.manage',
  reply: intakeSettings,
})
const place = z.object({ territoryId: z.string().regex(/^(0|[1-9]\d{0,18})$/) })
export const saveIntakeRules = endpoint({
  method: 'PUT',
  path: '/api/intake-rules/:territoryId',
  summary: 'Rules of the company (0) or of one territory and all below it; If-Match 0 where none are stored',
  needs: 'intake.manage',
  params: place,
  versioned: true,
  body: intakeRules,
  reply: z.object({ rowVersion: z.number() }),
})
export const removeIntakeRules = endpoint({
  method: 'DELETE',
  path: '/api/intake-rules/:territoryId',
  summary: 'The territory follows the one above it again',
  needs: 'intake.manage',
  params: place,
  versioned: true,
  reply: done,
})
export const saveSkills = endpoint({
  method: 'PUT',
  path: '/api/intake-skills/:userId',
  summary: 'What a person can do: codes of industries, words of needs',
  needs: 'intake.manage',
  params: z.object({ userId: id }),
  body: z.object({ skills: z.array(text(40)).max(20) }),
  reply: done,
})
