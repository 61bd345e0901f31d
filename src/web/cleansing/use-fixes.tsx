/** Mending from the screen: written, said with a way back, and everything that shows customers is asked anew. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ProblemRow } from '../../contract/cleansing/check-ups.ts'
import { type FixBody, runFixes, skipProblems, undoFixes, unskipProblems } from '../../contract/cleansing/fixes.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useProblemText } from '../app/states.tsx'

export const keyOf = (r: Pick<ProblemRow, 'accountId' | 'kind'>): string => `${r.accountId}/${r.kind}`
const named = (rows: readonly ProblemRow[]) => rows.map(({ accountId, rowVersion, field, kind }) => ({ accountId, rowVersion, field, kind }))

/** Says what was changed, with the way back. */
export function useUndo(): (id: string, title: string, stale: number) => void {
  const { t } = useTranslation()
  const { message, notification } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const undo = useMutation({
    mutationFn: (id: string) => call(undoFixes, { params: { id } }),
    onSuccess: async done => {
      await queries.invalidateQueries()
      const said = t('cleansing:undone', { n: count(done.restored), kept: count(done.kept) })
      if (done.unseen === 0) void message.success(said)
      else void message.warning(`${said} ${t('cleansing:unseen', { n: count(done.unseen) })}`, 10)
    },
    onError: error => void message.error(say(error)),
  })
  return (id, title, stale) => {
    const key = `fix-${id}`
    notification.success({
      key,
      title,
      description: stale > 0 ? t('cleansing:stale', { n: count(stale) }) : undefined,
      duration: 30,
      actions: (
        <Button
          onClick={() => {
            notification.destroy(key)
            undo.mutate(id)
          }}
        >
          {t('cleansing:undo')}
        </Button>
      ),
    })
  }
}

export function useFixes(onDone?: () => void) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const offer = useUndo()
  const fail = (error: unknown) => void message.error(say(error))
  const fix = useMutation({
    mutationFn: (body: FixBody) => call(runFixes, { body }),
    onSuccess: async done => {
      await queries.invalidateQueries()
      offer(done.id, t('cleansing:done', { n: count(done.changed) }), done.stale)
      onDone?.()
    },
    onError: async error => {
      await queries.invalidateQueries({ queryKey: ['cleansing'] })
      fail(error)
    },
  })
  const skip = useMutation({
    mutationFn: ({ rows, back }: { rows: readonly ProblemRow[]; back: boolean }) =>
      call(back ? unskipProblems : skipProblems, { body: { rows: named(rows) } }),
    onSuccess: async (_, { back }) => {
      await queries.invalidateQueries({ queryKey: ['cleansing'] })
      void message.success(t(back ? 'cleansing:counted' : 'cleansing:left'))
      onDone?.()
    },
    onError: fail,
  })
  return {
    busy: fix.isPending || skip.isPending,
    accept: (rows: readonly ProblemRow[]) => fix.mutate({ rows: named(rows) }),
    write: (row: ProblemRow, value: string) => fix.mutate({ rows: [{ ...named([row])[0]!, value }] }),
    all: (body: FixBody) => fix.mutate(body),
    skip: (rows: readonly ProblemRow[]) => skip.mutate({ rows, back: false }),
    unskip: (rows: readonly ProblemRow[]) => skip.mutate({ rows, back: true }),
  }
}
