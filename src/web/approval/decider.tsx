/** Who would decide what is about to be asked, or that nobody may; said before one asks. */
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { findApprover } from '../../contract/approval/approvals.ts'
import type { ReplyOf } from '../app/api.ts'
import { useProblemText } from '../app/states.tsx'

export function Decider({ found, error }: { found: ReplyOf<typeof findApprover> | undefined; error: unknown }) {
  const { t } = useTranslation()
  const say = useProblemText()
  if (error) return <Alert type="warning" showIcon title={say(error)} />
  if (!found) return null
  const { approver } = found
  return (
    <Alert
      type={approver ? 'info' : 'warning'}
      showIcon
      title={approver ? t('approval:decider', { name: approver.name, title: approver.title ?? '' }) : t('approval:noDecider')}
    />
  )
}
