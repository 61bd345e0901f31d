import type { Row } from './rows.ts'

export const ENGAGEMENT_ROUTES: Readonly<Record<string, Row>> = {}
