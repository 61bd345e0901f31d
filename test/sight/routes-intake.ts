import type { Row } from './rows.ts'

export const INTAKE_ROUTES: Readonly<Record<string, Row>> = {}
