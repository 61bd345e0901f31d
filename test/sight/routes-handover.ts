import { type Draw, own, type Row, read } from './rows.ts'

const handover = (d: Draw) => `/api/handovers/${d.random.pick(['1', '2'])}`
export const HANDOVER_ROUTES: Readonly<Record<string, Row>> = {
  'GET /api/handovers': read('/api/handovers'),
  'GET /api/handovers/left-behind': read('/api/handovers/left-behind'),
  'GET /api/handovers/:id': read(handover),
  'GET /api/handovers/:id/items': read(d => `${handover(d)}/items?limit=200&kind=${d.random.pick(['account', 'task', 'opportunity', 'share'])}`),
  'POST /api/handovers': own('moves nothing: a draft about one’s own people; handover.test.ts asks as a stranger'),
  'PATCH /api/handovers/:id': own('one’s own draft; handover.test.ts asks as a stranger'),
  'PUT /api/handovers/:id/items': own('one’s own draft; handover.test.ts asks as a stranger'),
  'POST /api/handovers/:id/start': own('one’s own draft, with the sight of who starts it; handover.test.ts asks as a stranger'),
  'POST /api/handovers/:id/cancel': own('one’s own draft; handover.test.ts asks as a stranger'),
  'POST /api/handovers/:id/return': own('what one handed over; handover.test.ts asks as a stranger'),
}
