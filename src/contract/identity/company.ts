/** Endpoints of the company's own settings 公司设置: name, currency, time zone, fiscal year, language, map review number. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { locale, optionalText, text } from '../kernel/shapes.ts'

const company = z.object({
  name: text(120),
  currency: z.string().regex(/^[A-Z]{3}$/),
  zone: text(60),
  fiscalStartMonth: z.number().int().min(1).max(12),
  locale,
  /** 审图号 of whoever publishes the map; shown in its corner. */
  mapReviewNumber: optionalText(60),
})
export const getCompany = endpoint({
  method: 'GET',
  path: '/api/company',
  summary: 'Settings of the company',
  needs: 'tenant.manage',
  reply: company.extend({
    demo: z.boolean(),
    rowVersion: z.number(),
    /** Money is recorded already: the currency stays. */ currencyFixed: z.boolean(),
  }),
})
export type Company = z.infer<typeof getCompany.reply>
export const updateCompany = endpoint({
  method: 'PATCH',
  path: '/api/company',
  summary: 'Change settings of the company',
  needs: 'tenant.manage',
  versioned: true,
  body: company.partial(),
  reply: z.object({ rowVersion: z.number() }),
})
