/** How many cases wait for me, beside the word in the rail. */
import { useQuery } from '@tanstack/react-query'
import { Badge } from 'antd'
import { countCases } from '../../contract/engagement/cases.ts'
import { call } from '../app/api.ts'
import './engagement.css'

export function CaseCount() {
  const waiting = useQuery({ queryKey: ['cases', 'waiting'], queryFn: ({ signal }) => call(countCases, { signal }), refetchInterval: 120_000 })
  return <Badge className="jy-rail-count" count={waiting.data?.n ?? 0} size="small" overflowCount={99} />
}
