/** The tests of a model with their result on today's data, and the one way to change them: what one saw stays, unless one changes it. */
import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { type fileTest, listTests, saveTests, type TestResult } from '../../../contract/territory/model-file.ts'
import { call } from '../../app/api.ts'
import { useChange } from '../../app/change.ts'

export type TestBody = z.input<typeof fileTest>
/** `instead`: the test that goes, null where one is only added; `test`: the one that comes, null where one is only taken out. */
export type TestChange = { readonly instead: string | null; readonly test: TestBody | null }

const keyOf = (modelId: string) => ['model-tests', modelId] as const

export function useTests(modelId: string) {
  return useQuery({ queryKey: keyOf(modelId), queryFn: ({ signal }) => call(listTests, { params: { id: modelId }, signal }) })
}

export function useSaveTests(
  modelId: string,
  rows: readonly TestResult[],
  rest: { onDone?: () => void; onRefused?: (error: unknown) => boolean } = {},
) {
  return useChange({
    run: ({ instead, test }: TestChange) =>
      call(saveTests, {
        params: { id: modelId },
        body: { tests: test ? [test] : [], keep: rows.flatMap(r => (r.id === instead ? [] : [r.id])), seen: rows.map(r => r.id) },
      }),
    // A model's tests are part of what its change set is computed and judged by.
    touches: [keyOf(modelId), ['change-set']],
    ...rest,
  })
}
