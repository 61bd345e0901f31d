import type { Row } from './rows.ts'

export const HANDOVER_ROUTES: Readonly<Record<string, Row>> = {}
