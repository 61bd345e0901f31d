/** One change set 变更集 as the page sees it: read again while a job works on it, and the words and figures that every part of the page shares. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { type ChangeSet, getChangeSet } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { queries } from '../app/queries.ts'

/** Everything of this set that is on show. */
export const setKey = (id: string) => ['change-set', id] as const
/** What an action on a change set may alter elsewhere: lists of sets, models, requests, and after an activation whose customers are whose. */
export const TOUCHED = [
  'change-set',
  'change-sets',
  'models',
  'approvals',
  'home',
  'me',
  'notifications',
  'territories',
  'territory',
  'accounts',
  'account',
].map(key => [key])

export const STATE_COLOURS: Readonly<Record<ChangeSet['state'], string | undefined>> = {
  draft: undefined,
  submitted: 'warning',
  approved: 'success',
  refused: 'error',
  scheduled: 'processing',
  active: 'success',
  undone: undefined,
  past: undefined,
}

export function useChangeSet(id: string) {
  const query = useQuery({
    queryKey: [...setKey(id), 'head'],
    queryFn: ({ signal }) => call(getChangeSet, { params: { id }, signal }),
    refetchInterval: asked => (asked.state.data?.job ? 700 : false),
  })
  const job = query.data?.job?.id ?? null
  const before = useRef(job)
  useEffect(() => {
    // A job that ended left new figures, lines and people to ask.
    if (before.current !== null && job === null) for (const queryKey of TOUCHED) void queries.invalidateQueries({ queryKey })
    before.current = job
  }, [job])
  return query
}

/** Written with its sign: a true minus, and 0 without one. */
export const signed = (n: number): string => (n === 0 ? '0' : `${n > 0 ? '+' : '−'}${Math.abs(n).toLocaleString('en-US')}`)
