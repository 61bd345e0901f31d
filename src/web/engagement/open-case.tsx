/** Asking for a ruling from where the quarrel is seen: a customer's page, or a pair of duplicates. */
import { useNavigate } from '@tanstack/react-router'
import { Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { openCase } from '../../contract/engagement/cases.ts'
import type { Why } from '../../core/engagement/policy.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useMay } from '../app/me.ts'
import { type Person, PersonSelect } from '../identity/person-select.tsx'

const BY_HAND: readonly Why[] = ['manual', 'overlap', 'crossRegion', 'group', 'registration']

type Props = {
  account: { id: string; name: string }
  otherId?: string
  contested?: boolean /** My own: I must say who claims it. */
  mine?: boolean
  onClose: () => void
}
export function OpenCase({ account, otherId, contested = false, mine = false, onClose }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [why, setWhy] = useState<Why>(otherId ? 'duplicate' : contested ? 'overlap' : 'manual')
  const [claimant, setClaimant] = useState<Person | null>(null)
  const assigns = useMay('account.assign')
  const [statement, setStatement] = useState('')
  const send = useChange({
    run: () =>
      call(openCase, {
        params: { id: account.id },
        body: {
          why,
          ...(otherId ? { otherId } : {}),
          ...(claimant ? { claimantId: claimant.id } : {}),
          ...(statement.trim() ? { statement: statement.trim() } : {}),
        },
      }),
    touches: [['cases'], ['home']],
    said: null,
    onDone: made => void navigate({ to: '/cases/$id', params: { id: made.id } } as never),
  })
  return (
    <Modal
      open
      title={t('engagement:open.title', { name: account.name })}
      okText={t('engagement:open.send')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: mine && why !== 'overlap' && claimant === null }}
      confirmLoading={send.isPending}
      onOk={() => send.mutate()}
      onCancel={onClose}
    >
      <Form layout="vertical">
        {!otherId && (
          <Form.Item label={t('engagement:open.why')}>
            <Select
              aria-label={t('engagement:open.why')}
              value={why}
              onChange={setWhy}
              options={BY_HAND.filter(w => w !== 'overlap' || contested).map(w => ({ value: w, label: t(`engagement:why.${w}`) }))}
            />
          </Form.Item>
        )}
        {why !== 'overlap' && !otherId && (assigns || mine) && (
          <Form.Item label={t('engagement:open.claimant')}>
            <PersonSelect
              value={claimant}
              onChange={setClaimant}
              placeholder={t(mine ? 'engagement:open.claimantMust' : 'engagement:open.claimantMe')}
              aria-label={t('engagement:open.claimant')}
            />
          </Form.Item>
        )}
        <Form.Item label={t('engagement:open.statement')}>
          <Input.TextArea
            aria-label={t('engagement:open.statement')}
            rows={3}
            maxLength={500}
            value={statement}
            onChange={event => setStatement(event.target.value)}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
