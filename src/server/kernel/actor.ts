/**
 * Who asks. Read once per request, in the transaction that uses it, with the active model of that instant.
 */

import type { Locale } from '../../contract/kernel/shapes.ts'
import type { FieldAccess, Permission } from '../../core/access/permissions.ts'

export type Actor = {
  readonly tenantId: string
  /** The person whose sight and permissions apply. */
  readonly userId: string
  readonly userName: string
  /** Set while an administrator views as somebody else: the administrator. Nothing may be changed then. */
  readonly viewerId: string | null
  readonly permissions: ReadonlySet<Permission>
  readonly fieldAccess: ReadonlyMap<string, FieldAccess>
  readonly seesAll: boolean
  readonly tokens: readonly string[]
  readonly modelId: string
  readonly locale: Locale
  readonly zone: string
  readonly currency: string
  /** How the person came: a browser session, an API key, or the command line. */
  readonly via: 'session' | 'key' | 'cli'
  readonly sessionId: string | null
}
