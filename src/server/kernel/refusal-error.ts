/** Carries a refusal out of a transaction, so that nothing of it is kept. Not a bug: the HTTP layer turns it into words. */
import type { Refusal, Result } from '../../core/kernel/result.ts'

export class RefusalError extends Error {
  readonly refusal: Refusal
  readonly details: readonly Refusal[]
  constructor(refusal: Refusal, details: readonly Refusal[] = []) {
    super(refusal.code)
    this.refusal = refusal
    this.details = details
  }
}

export function stop(code: string, values?: Refusal['values'], field?: string): never {
  throw new RefusalError({ code, ...(values ? { values } : {}), ...(field ? { field } : {}) })
}

export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal)
  return result.value
}
