/** Putting a row off: until which morning, and why; two choices at hand, any other day in the calendar. */
import { App, Button, DatePicker, Form, Input, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SNOOZE_DAYS, snoozeDecision } from '../../contract/home/home.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { isoDay } from '../app/format.ts'
import { useMe } from '../app/me.ts'

const CHOICES = [1, 3, 7] as const
const DAY_MS = 86_400_000
export const inDays = (days: number, zone: string | undefined): string => isoDay(new Date(Date.now() + days * DAY_MS), zone)

type Props = { subject: string; onWake: (subject: string) => void; onClose: () => void }
export function SnoozeDialog({ subject, onWake, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const zone = me?.tenant.zone
  const [form] = Form.useForm<{ reason: string }>()
  const [until, setUntil] = useState(inDays(1, zone))
  const [picking, setPicking] = useState(false)
  const save = useChange<{ reason: string }>({
    run: v => call(snoozeDecision, { body: { subject, until, reason: v.reason } }),
    touches: [['home', 'decisions']],
    said: null,
    onDone: () => {
      void message.success({
        duration: 6,
        content: (
          <>
            {t('home:snooze.done', { day: until.slice(5) })}{' '}
            <Button type="link" size="small" onClick={() => onWake(subject)}>
              {t('home:snooze.undo')}
            </Button>
          </>
        ),
      })
      onClose()
    },
  })
  const chosen = picking ? 'pick' : (CHOICES.find(n => inDays(n, zone) === until) ?? 'pick')
  return (
    <Modal
      open
      title={t('home:snooze.title')}
      okText={t('home:snooze.do')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p className="jy-muted">{t('home:snooze.lead')}</p>
      <Form form={form} layout="vertical" onFinish={v => save.mutate(v)}>
        <Form.Item label={t('home:snooze.when')}>
          <span className="jy-row jy-wrap">
            <Segmented
              value={chosen}
              onChange={value => {
                setPicking(value === 'pick')
                if (value !== 'pick') setUntil(inDays(Number(value), zone))
              }}
              options={[
                ...CHOICES.map(n => ({ value: n as number | 'pick', label: t(`home:snooze.in${n}`) })),
                { value: 'pick', label: t('home:snooze.pick') },
              ]}
            />
            {chosen === 'pick' && (
              <DatePicker
                aria-label={t('home:snooze.pick')}
                allowClear={false}
                disabledDate={d => {
                  const asked = d.format('YYYY-MM-DD')
                  return asked < inDays(1, zone) || asked > inDays(SNOOZE_DAYS, zone)
                }}
                onChange={value => value && setUntil(value.format('YYYY-MM-DD'))}
              />
            )}
            <small className="jy-muted">{t('home:snooze.back', { day: until })}</small>
          </span>
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('home:snooze.reason')}
          rules={[{ required: true, whitespace: true, max: 200, message: t('home:snooze.reasonMissing') }]}
        >
          <Input.TextArea rows={2} maxLength={200} autoFocus placeholder={t('home:snooze.reasonHint')} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
