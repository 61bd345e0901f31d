/** What the browser keeps of the server's answers: fresh for half a minute, asked again when the window comes back; refusals are final. */
import { QueryClient } from '@tanstack/react-query'
import { Problem } from './api.ts'

/** A refusal is an answer, not an accident: only a missing answer or a busy database is worth asking again. */
export const worthRetrying = (error: unknown): boolean => error instanceof Problem && (error.status === 0 || error.status === 503)

export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: (failures, error) => failures < 2 && worthRetrying(error) }, mutations: { retry: false } },
})
