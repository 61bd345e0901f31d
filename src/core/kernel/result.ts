/** A business refusal is a value, not an exception. `code` is looked up in the message catalogues; `values` fill its words. */
export type Refusal = { readonly code: string; readonly field?: string; readonly values?: Readonly<Record<string, string | number>> }
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const refuse = (code: string, values?: Refusal['values'], field?: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code, ...(field === undefined ? {} : { field }), ...(values === undefined ? {} : { values }) },
})
