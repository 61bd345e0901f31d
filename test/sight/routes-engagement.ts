import { company, own, type Row, read } from './rows.ts'

const CASE = own('a case carries tokens of its own: tested with the cases')
export const ENGAGEMENT_ROUTES: Readonly<Record<string, Row>> = {
  'GET /api/cases': read('/api/cases?box=all'),
  'GET /api/cases/waiting': read('/api/cases/waiting'),
  'GET /api/cases/:id': read('/api/cases/1'),
  'POST /api/accounts/:id/cases': {
    about: 'account',
    sees: true,
    ask: d => ({ url: `/api/accounts/${d.account.id}/cases`, body: { why: 'manual' } }),
  },
  'PUT /api/cases/:id/statement': CASE,
  'POST /api/cases/:id/evidence': CASE,
  'POST /api/cases/:id/questions': CASE,
  'POST /api/cases/:id/recusal': CASE,
  'POST /api/cases/:id/ruling-preview': CASE,
  'POST /api/cases/:id/ruling': CASE,
  'DELETE /api/cases/:id/ruling': CASE,
  'POST /api/cases/:id/appeal': CASE,
  'GET /api/engagement': company,
  'PUT /api/engagement': company,
  'POST /api/engagement/simulation': company,
  'GET /api/registrations': read('/api/registrations'),
  'POST /api/registrations': own('whoever may write customers may ask for one; what it names must be seen: tested with the registrations'),
  'PATCH /api/registrations/:id': company,
}
