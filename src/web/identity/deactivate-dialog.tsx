/** Taking a person out: he may no longer sign in, and what he owned goes to a successor, so that no customer is left to nobody. */
import { Alert, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../contract/identity/people.ts'
import { deactivateUser } from '../../contract/identity/people.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useProblemText } from '../app/states.tsx'
import type { Person } from './person-select.tsx'
import { PersonSelect } from './person-select.tsx'

export function DeactivateDialog({ user, open, onClose }: { user: User; open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const [successor, setSuccessor] = useState<Person | null>(null)
  const leave = useChange<void, { accounts: number; territories: number }>({
    run: () => call(deactivateUser, { params: { id: user.id }, body: { successorId: successor?.id ?? null } }),
    touches: [['users'], ['departments'], ['teams']],
    said: t('identity:people.deactivated', { name: user.name }),
    onDone: onClose,
    onRefused: () => true,
  })
  return (
    <Modal
      open={open}
      onCancel={onClose}
      title={t('identity:people.deactivateAsk', { name: user.name })}
      okText={t('identity:people.deactivate')}
      okButtonProps={{ danger: true, loading: leave.isPending }}
      onOk={() => leave.mutate()}
      destroyOnHidden
    >
      <div style={{ display: 'grid', gap: 12 }}>
        <p>{t('identity:people.deactivateWhy')}</p>
        {leave.isError && <Alert type="error" showIcon title={say(leave.error)} />}
        <label htmlFor="jy-successor">{t('identity:people.successor')}</label>
        <PersonSelect id="jy-successor" value={successor} onChange={setSuccessor} exclude={user.id} />
      </div>
    </Modal>
  )
}
