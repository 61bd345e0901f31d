/** One handover 交接 as its page sees it: read again while a job works on it; every change carries the version last seen. */
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { type ChangedHandover, changeHandover, type HandoverDetail, readHandover } from '../../contract/assignment/handover.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'

export const handoverKey = (id: string) => ['handover', id] as const
export const TOUCHED = ['handover', 'handovers', 'left-behind', 'accounts', 'account', 'notifications', 'me', 'home', 'people'].map(key => [key])

export const STATE_COLOURS: Readonly<Record<HandoverDetail['state'], string | undefined>> = {
  draft: undefined,
  scheduled: 'processing',
  running: 'processing',
  done: 'success',
  returning: 'processing',
  returned: undefined,
  cancelled: undefined,
}

export const useHandover = (id: string) =>
  useQuery({
    queryKey: [...handoverKey(id), 'head'],
    queryFn: ({ signal }) => call(readHandover, { params: { id }, signal }),
    refetchInterval: asked => (['running', 'returning'].includes(asked.state.data?.state ?? '') && !asked.state.data?.stopped ? 700 : false),
  })

/** Written at once and in turn: the preview beside it follows. */
export function useDraftChange(handover: HandoverDetail) {
  const version = useRef(handover.rowVersion)
  version.current = Math.max(version.current, handover.rowVersion)
  return useChange<ChangedHandover, { rowVersion: number }>({
    run: async body => {
      const done = await call(changeHandover, { params: { id: handover.id }, ifMatch: version.current, body })
      version.current = done.rowVersion
      return done
    },
    touches: [handoverKey(handover.id)],
    said: null,
    inTurn: `handover-${handover.id}`,
  })
}
