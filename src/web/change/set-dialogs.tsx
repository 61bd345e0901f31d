/** The dialogs of a change set: edit its words and plan, submit it with a reason, send it back with words, give it its instant. */
import { Button, Form, Input, InputNumber, Modal, Radio, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChangeSet, scheduleChangeSet, sendBackChangeSet, submitChangeSet, updateChangeSet } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { isoDay } from '../app/format.ts'
import { instantIn } from '../app/instant.ts'
import { useMe } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import { TOUCHED } from './use-change-set.ts'

type Props = { set: ChangeSet; onClose: () => void }
type When = { day?: string; time?: string }

const clock = (at: string, zone: string | undefined) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))
const planOf = (set: ChangeSet, zone: string | undefined): When =>
  set.effectiveAt ? { day: isoDay(new Date(set.effectiveAt), zone), time: clock(set.effectiveAt, zone) } : { day: '', time: '00:00' }
const toInstant = ({ day, time }: When, zone: string | undefined): string | null => (day ? instantIn(day, time || '00:00', zone) : null)

function WhenFields({ label, needed = false }: { label: string; needed?: boolean }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  return (
    <Form.Item label={label} extra={t('change:form.zone', { zone: zone ?? '' })}>
      <div className="jy-row">
        <Form.Item name="day" noStyle rules={needed ? [{ required: true, message: t('change:form.missing') }] : []}>
          <Input type="date" aria-label={t('change:form.day')} />
        </Form.Item>
        <Form.Item name="time" noStyle>
          <Input type="time" aria-label={t('change:form.time')} style={{ width: 150 }} />
        </Form.Item>
      </div>
    </Form.Item>
  )
}

/** What the server refused is said in the dialog, above its buttons. */
function useDialog<Given>(set: ChangeSet, run: (given: Given) => Promise<unknown>, said: string, onClose: () => void) {
  const say = useProblemText()
  const [refused, setRefused] = useState<string | null>(null)
  const change = useChange<Given>({
    run: given => {
      setRefused(null)
      return run(given)
    },
    touches: [...TOUCHED, ['change-set', set.id]],
    said,
    onDone: onClose,
    onRefused: error => {
      setRefused(say(error))
      return true
    },
  })
  return {
    change,
    refusal: refused && (
      <p className="jy-warn" role="alert">
        {refused}
      </p>
    ),
  }
}

export function EditDialog({ set, onClose }: Props) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  type Values = When & { title: string; why?: string; shared?: boolean; feedback?: boolean; holdoverDays: number }
  const [form] = Form.useForm<Values>()
  const { change, refusal } = useDialog<Values>(
    set,
    v => {
      const plan = toInstant(v, zone)
      return call(updateChangeSet, {
        params: { id: set.id },
        ifMatch: set.rowVersion,
        body: {
          title: v.title.trim(),
          why: v.why?.trim() || null,
          holdoverDays: v.holdoverDays ?? 0,
          ...(set.mine && v.shared !== set.shared ? { shared: v.shared === true } : {}),
          ...(set.mine && v.feedback !== set.feedback ? { feedback: v.feedback === true } : {}),
          ...(form.isFieldTouched('day') || form.isFieldTouched('time') ? { effectiveAt: plan } : {}),
        },
      })
    },
    t('shell:saved'),
    onClose,
  )
  return (
    <Modal
      open
      title={t('change:form.edit')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: change.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          ...planOf(set, zone),
          title: set.title,
          why: set.why ?? '',
          shared: set.shared,
          feedback: set.feedback,
          holdoverDays: set.holdoverDays,
        }}
        onFinish={v => change.mutate(v)}
      >
        <Form.Item name="title" label={t('change:form.title')} rules={[{ required: true, whitespace: true, message: t('change:form.missing') }]}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="why" label={t('change:form.why')}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        <WhenFields label={t('change:form.plan')} />
        <Form.Item name="holdoverDays" label={t('change:form.holdover')} extra={t('change:form.holdoverWhy')}>
          <InputNumber min={0} max={365} precision={0} style={{ width: 120 }} />
        </Form.Item>
        {set.mine && (
          <>
            <Form.Item name="shared" valuePropName="checked" label={t('change:form.shared')} extra={t('change:form.sharedWhy')}>
              <Switch />
            </Form.Item>
            <Form.Item name="feedback" valuePropName="checked" label={t('change:form.feedback')} extra={t('change:form.feedbackWhy')}>
              <Switch />
            </Form.Item>
          </>
        )}
      </Form>
      {refusal}
    </Modal>
  )
}

export function SubmitDialog({ set, onClose }: Props) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  type Values = When & { why: string }
  const [form] = Form.useForm<Values>()
  const { change, refusal } = useDialog<Values>(
    set,
    v => {
      const plan = toInstant(v, zone)
      return call(submitChangeSet, { params: { id: set.id }, body: { why: v.why.trim(), ...(plan ? { effectiveAt: plan } : {}) } })
    },
    t('change:did.submit'),
    onClose,
  )
  return (
    <Modal
      open
      title={t('change:do.submit')}
      okText={t('change:do.submit')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: change.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p className="jy-muted">{t('change:form.submitWhy')}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ ...planOf(set, zone), why: set.why ?? '' }}
        onFinish={v => change.mutate(v)}
      >
        <Form.Item name="why" label={t('change:form.why')} rules={[{ required: true, whitespace: true, message: t('change:form.missing') }]}>
          <Input.TextArea autoFocus rows={3} maxLength={2000} placeholder={t('change:form.whyHint')} />
        </Form.Item>
        <WhenFields label={t('change:form.plan')} />
      </Form>
      {refusal}
    </Modal>
  )
}

export function SendBackDialog({ set, onClose }: Props) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const { change, refusal } = useDialog<boolean>(
    set,
    refuse => call(sendBackChangeSet, { params: { id: set.id }, body: { refuse, answer: words.trim() } }),
    t('change:did.sendBack'),
    onClose,
  )
  return (
    <Modal
      open
      title={t('change:do.sendBack')}
      onCancel={onClose}
      footer={
        <div className="jy-row jy-wrap" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('shell:cancel')}</Button>
          <Button danger disabled={!words.trim()} loading={change.isPending && change.variables} onClick={() => change.mutate(true)}>
            {t('change:do.refuse')}
          </Button>
          <Button type="primary" disabled={!words.trim()} loading={change.isPending && !change.variables} onClick={() => change.mutate(false)}>
            {t('change:do.sendBack')}
          </Button>
        </div>
      }
    >
      <p className="jy-muted">{t('change:form.sendBackWhy')}</p>
      <Input.TextArea
        autoFocus
        rows={3}
        maxLength={2000}
        value={words}
        aria-label={t('change:form.words')}
        placeholder={t('change:form.words')}
        onChange={event => setWords(event.target.value)}
      />
      {refusal}
    </Modal>
  )
}

export function ScheduleDialog({ set, onClose }: Props) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  type Values = When & { kind: 'now' | 'at'; why?: string }
  const [form] = Form.useForm<Values>()
  const planned = set.effectiveAt !== null && Date.parse(set.effectiveAt) > Date.now()
  const kind = Form.useWatch('kind', form) ?? (planned ? 'at' : 'now')
  const { change, refusal } = useDialog<Values>(
    set,
    v => {
      const at = toInstant(v, zone)
      return call(scheduleChangeSet, {
        params: { id: set.id },
        body: { ...(v.kind === 'now' ? { now: true } : at ? { effectiveAt: at } : {}), ...(v.why?.trim() ? { why: v.why.trim() } : {}) },
      })
    },
    t('change:did.schedule'),
    onClose,
  )
  return (
    <Modal
      open
      title={t('change:do.schedule')}
      okText={t(kind === 'now' ? 'change:form.now' : 'change:do.schedule')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: change.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ ...planOf(set, zone), kind: planned ? 'at' : 'now' }}
        onFinish={v => change.mutate(v)}
      >
        <Form.Item name="kind">
          <Radio.Group options={['now', 'at'].map(value => ({ value, label: t(`change:form.${value}`) }))} />
        </Form.Item>
        {kind === 'at' && <WhenFields needed label={t('change:form.instant')} />}
        <Form.Item name="why" label={t('change:form.note')}>
          <Input maxLength={400} />
        </Form.Item>
      </Form>
      <p className="jy-muted">{t('change:form.scheduleWhy')}</p>
      {refusal}
    </Modal>
  )
}
