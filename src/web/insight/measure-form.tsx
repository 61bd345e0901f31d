/** One measure: its name in three languages, how it is computed, its unit. Only what is wrong here is said here; the server judges the whole list. */
import { Button, Form, Input, InputNumber, Modal, Segmented, Select } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type MeasureInput, type MeasureSpec, UNITS_OF } from '../../contract/insight/health.ts'
import { useCatalogue } from '../account/use-catalogue.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { keyFrom } from './measure-key.ts'

const KINDS = ['count', 'sum', 'weighted', 'workload'] as const
type Kind = (typeof KINDS)[number]
type Visits = { visits: number; minutes: number }
type Values = {
  zh: string
  tw?: string
  en: string
  kind: Kind
  unit?: MeasureInput['unit']
  field?: string
  terms?: { field?: string; weight?: number }[]
  tiers?: Record<string, Partial<Visits>>
  other?: Partial<Visits>
}
/** Whatever has a column of numbers: the built-in ones and the company's own. */
const BUILT_IN = new Set(['size', 'revenue', 'potential'])
const MOST_TERMS = 20
const whole = (v: Partial<Visits> | undefined): Visits => ({ visits: v?.visits ?? 0, minutes: v?.minutes ?? 0 })

type Props = {
  readonly measure: MeasureInput | null
  readonly taken: ReadonlySet<string>
  readonly onDone: (measure: MeasureInput) => void
  readonly onClose: () => void
}

export function MeasureForm({ measure, taken, onDone, onClose }: Props) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const catalogue = useCatalogue()
  const locale = currentLocale()
  const spec = measure?.spec
  const kind = Form.useWatch('kind', form) ?? spec?.kind ?? 'weighted'
  const numbers = (catalogue.data?.fields ?? [])
    .filter(f => f.type === 'number' && !f.retired && f.access !== 'hidden' && (BUILT_IN.has(f.key) || !f.builtIn))
    .map(f => ({ value: f.key, label: labelOf(f.labels, locale) }))
  const list = catalogue.data?.fields.find(f => f.key === 'tier')?.optionList
  const named = spec?.kind === 'workload' ? spec.tiers : {}
  const tiers = (catalogue.data?.options ?? []).filter(o => o.list === list && (!o.retired || Object.hasOwn(named, o.key)))
  const finish = (v: Values) => {
    const units = UNITS_OF[v.kind]
    onDone({
      key: measure?.key ?? keyFrom(v.en, taken),
      labels: { 'zh-CN': v.zh.trim(), 'zh-TW': v.tw?.trim() ?? '', en: v.en.trim() },
      unit: v.unit && units.includes(v.unit) ? v.unit : units[0]!,
      spec: specOf(v),
    })
  }
  const visits = (name: (string | number)[], label: string) => (
    <div className="jy-measure-tier" key={name.join('/')}>
      <span>{label}</span>
      <Form.Item name={[...name, 'visits']} noStyle>
        <InputNumber min={0} max={1_000_000} aria-label={t('insight:measure.visitsOf', { tier: label })} suffix={t('insight:measure.visits')} />
      </Form.Item>
      <span aria-hidden>×</span>
      <Form.Item name={[...name, 'minutes']} noStyle>
        <InputNumber min={0} max={1_000_000} aria-label={t('insight:measure.minutesOf', { tier: label })} suffix={t('insight:measure.minutes')} />
      </Form.Item>
    </div>
  )
  return (
    <Modal
      open
      title={t(measure ? 'insight:measure.edit' : 'insight:measure.add')}
      okText={t('insight:measure.take')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: !catalogue.data }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {catalogue.isError && <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />}
      {catalogue.isPending && <Skeleton lines={6} />}
      {catalogue.data && (
        <Form form={form} layout="vertical" initialValues={startOf(measure)} onFinish={finish}>
          <div className="jy-measure-names">
            <Form.Item
              name="zh"
              label={t('insight:measure.name.zh')}
              rules={[{ required: true, whitespace: true, message: t('insight:measure.nameMissing') }]}
            >
              <Input maxLength={40} />
            </Form.Item>
            <Form.Item name="tw" label={t('insight:measure.name.tw')}>
              <Input maxLength={40} placeholder={t('insight:measure.name.twWhy')} />
            </Form.Item>
            <Form.Item
              name="en"
              label={t('insight:measure.name.en')}
              rules={[{ required: true, whitespace: true, message: t('insight:measure.nameMissing') }]}
            >
              <Input maxLength={40} />
            </Form.Item>
          </div>
          <Form.Item name="kind" label={t('insight:measure.kind')} extra={t(`insight:kindWhy.${kind}`)}>
            <Segmented block options={KINDS.map(value => ({ value, label: t(`insight:kind.${value}`) }))} />
          </Form.Item>
          {kind === 'sum' && (
            <Form.Item name="field" label={t('insight:measure.field')} rules={[{ required: true, message: t('insight:measure.fieldMissing') }]}>
              <Select options={numbers} showSearch={{ optionFilterProp: 'label' }} />
            </Form.Item>
          )}
          {kind === 'weighted' && (
            <Form.List name="terms">
              {(terms, { add, remove }) => (
                <>
                  {terms.map(term => (
                    <div className="jy-measure-term" key={term.key}>
                      <Form.Item name={[term.name, 'field']} rules={[{ required: true, message: t('insight:measure.fieldMissing') }]}>
                        <Select options={numbers} showSearch={{ optionFilterProp: 'label' }} aria-label={t('insight:measure.field')} />
                      </Form.Item>
                      <span aria-hidden>×</span>
                      <Form.Item name={[term.name, 'weight']} rules={[{ required: true, message: t('insight:measure.weightMissing') }]}>
                        <InputNumber min={0} max={1_000_000} aria-label={t('insight:measure.weight')} />
                      </Form.Item>
                      <Button
                        type="text"
                        icon={<Trash2 size={13} />}
                        disabled={terms.length === 1}
                        aria-label={t('insight:measure.termRemove')}
                        onClick={() => remove(term.name)}
                      />
                    </div>
                  ))}
                  <Button size="small" icon={<Plus size={13} />} disabled={terms.length >= MOST_TERMS} onClick={() => add({ weight: 1 })}>
                    {t('insight:measure.termAdd')}
                  </Button>
                </>
              )}
            </Form.List>
          )}
          {kind === 'workload' && (
            <div className="jy-measure-tiers">
              {tiers.map(o => visits(['tiers', o.key], labelOf(o.labels, locale)))}
              {visits(['other'], t('insight:measure.other'))}
            </div>
          )}
          {UNITS_OF[kind].length > 1 && (
            <Form.Item name="unit" label={t('insight:measure.unit')} className="jy-measure-unit">
              <Segmented options={UNITS_OF[kind].map(value => ({ value, label: t(`insight:unit.${value}`) }))} />
            </Form.Item>
          )}
        </Form>
      )}
    </Modal>
  )
}

function startOf(measure: MeasureInput | null): Partial<Values> {
  const spec = measure?.spec
  return {
    zh: measure?.labels['zh-CN'] ?? '',
    tw: measure?.labels['zh-TW'] ?? '',
    en: measure?.labels.en ?? '',
    kind: spec?.kind ?? 'weighted',
    unit: measure?.unit ?? 'points',
    terms: spec?.kind === 'weighted' ? spec.terms.map(x => ({ ...x })) : [{ weight: 1 }],
    ...(spec?.kind === 'sum' ? { field: spec.field } : {}),
    ...(spec?.kind === 'workload' ? { tiers: spec.tiers, other: spec.other } : {}),
  }
}

/** A tier without both numbers is one of the others. */
function specOf(v: Values): MeasureSpec {
  if (v.kind === 'sum') return { kind: 'sum', field: v.field! }
  if (v.kind === 'weighted') return { kind: 'weighted', terms: (v.terms ?? []).map(x => ({ field: x.field!, weight: x.weight ?? 0 })) }
  if (v.kind === 'count') return { kind: 'count' }
  const given = Object.entries(v.tiers ?? {}).filter(([, x]) => typeof x?.visits === 'number' && typeof x.minutes === 'number')
  return { kind: 'workload', tiers: Object.fromEntries(given.map(([key, x]) => [key, whole(x)])), other: whole(v.other) }
}
