import { company, own, type Row, read } from './rows.ts'

const LEAD = 'about a lead, which no row of an account fences: test/intake/sight.test.ts'

export const INTAKE_ROUTES: Readonly<Record<string, Row>> = {
  'POST /api/leads': company,
  'GET /api/leads': read(d => `/api/leads?sort=${d.random.pick(['created', 'due'])}&limit=${d.random.pick([5, 100])}`),
  'GET /api/leads/queue-counts': read('/api/leads/queue-counts'),
  'GET /api/leads/:id': own(LEAD),
  'PATCH /api/leads/:id': own(LEAD),
  'POST /api/leads/:id/notes': own(LEAD),
  'GET /api/leads/:id/owners': own(LEAD),
  'POST /api/leads/:id/convert': own(LEAD),
  'POST /api/leads/assign': own(LEAD),
  'POST /api/leads/route': own(LEAD),
  'POST /api/leads/close': own(LEAD),
  'GET /api/forms/:token': own('for anybody: says what a form is called'),
  'POST /api/forms/:token': own('for anybody: takes a lead in and tells nothing'),
  'POST /api/lead-forms': company,
  'PATCH /api/lead-forms/:id': company,
  'GET /api/intake-settings': company,
  'PUT /api/intake-rules/:territoryId': company,
  'DELETE /api/intake-rules/:territoryId': company,
  'PUT /api/intake-skills/:userId': company,
}
