/** One change a person makes: done is said, refused is said in the server's words, and what was on show is read again either way. */
import type { QueryKey, UseMutationResult } from '@tanstack/react-query'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { Problem } from './api.ts'
import { useProblemText } from './states.tsx'

type ChangeOptions<Given, Reply> = {
  readonly run: (given: Given) => Promise<Reply>
  /** What is read again afterwards. */
  readonly touches: readonly QueryKey[]
  /** Said after success; null says nothing (where the screen shows it anyway). */
  readonly said?: string | null
  readonly onDone?: (reply: Reply, given: Given) => void
  /** Changes of one name wait for each other: the last one asked for is the last one written. */
  readonly inTurn?: string
  /** True when the form itself shows the refusal. */
  readonly onRefused?: (error: unknown) => boolean
}

export function useChange<Given = void, Reply = unknown>(options: ChangeOptions<Given, Reply>): UseMutationResult<Reply, Error, Given> {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const client = useQueryClient()
  const readAgain = () => {
    for (const queryKey of options.touches) void client.invalidateQueries({ queryKey })
  }
  return useMutation<Reply, Error, Given>({
    mutationFn: options.run,
    ...(options.inTurn === undefined ? {} : { scope: { id: options.inTurn } }),
    onSuccess: (reply, given) => {
      readAgain()
      if (options.said !== null) void message.success(options.said ?? t('shell:saved'))
      options.onDone?.(reply, given)
    },
    onError: error => {
      const stale = error instanceof Problem && error.code === 'record.stale'
      if (stale) readAgain()
      if (options.onRefused?.(error)) return
      void message.error(stale ? t('shell:stale') : say(error), 6)
    },
  })
}
