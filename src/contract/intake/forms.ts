/** Public forms: a page anybody may open by its address, which takes a lead in and tells nothing in return. */
import { z } from 'zod'
import { endpoint } from '../kernel/endpoint.ts'
import { created, idParams, optionalText, text } from '../kernel/shapes.ts'

const token = z.object({ token: z.string().regex(/^[1-9]\d{0,18}\.[A-Za-z0-9_-]{20,60}$/) })
export const readForm = endpoint({
  method: 'GET',
  path: '/api/forms/:token',
  summary: 'What a public form is called',
  needs: 'public',
  params: token,
  reply: z.object({ name: z.string(), company: z.string() }),
})
export const sendForm = endpoint({
  method: 'POST',
  path: '/api/forms/:token',
  summary: 'A visitor sends a public form; the answer is the same whatever is known of him',
  needs: 'public',
  params: token,
  body: z.object({
    company: text(160),
    contact: text(60),
    phone: optionalText(40).default(null),
    email: optionalText(120).default(null),
    place: optionalText(200).default(null),
    need: optionalText(2000).default(null),
    /** No person sees this field: what fills it is a machine. */
    homepage: z.string().max(200).default(''),
  }),
  reply: z.object({ received: z.literal(true) }),
})
const formBody = z.object({ name: text(80), channel: optionalText(40).default(null), campaign: optionalText(120).default(null) })
export const createForm = endpoint({
  method: 'POST',
  path: '/api/lead-forms',
  summary: 'Make a public form; it acts for whoever made it',
  needs: 'intake.manage',
  body: formBody,
  reply: created,
})
export const changeForm = endpoint({
  method: 'PATCH',
  path: '/api/lead-forms/:id',
  summary: 'Rename a form, or close and open it',
  needs: 'intake.manage',
  params: idParams,
  versioned: true,
  body: z.object({ name: text(80).optional(), closed: z.boolean().optional() }),
  reply: z.object({ rowVersion: z.number() }),
})
