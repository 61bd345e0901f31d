/** The company's thresholds: from where on a score is good or bad, and which fields are looked at at all. */
import { Button, Drawer, Form, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CheckUp, type CleansingSpec, saveSettings } from '../../contract/cleansing/check-ups.ts'
import { MEASURES } from '../../core/cleansing/problem.ts'
import { useCatalogue } from '../account/use-catalogue.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'

export function SpecDrawer({ report, onClose }: { report: CheckUp; onClose: () => void }) {
  const { t } = useTranslation()
  const [spec, setSpec] = useState<CleansingSpec>(report.spec)
  const catalogue = useCatalogue()
  const contacts = report.fields.find(f => f.key === 'contacts')
  const save = useChange({
    run: () => call(saveSettings, { body: { spec, rowVersion: report.rowVersion } }),
    touches: [['cleansing']],
    onDone: onClose,
  })
  const wrong = MEASURES.some(m => spec[m].ochre > spec[m].green) || spec.fields.length === 0
  const options = [
    ...(catalogue.data?.fields ?? [])
      .filter(f => !f.retired && f.key !== 'id' && f.access !== 'hidden')
      .map(f => ({ value: f.key, label: labelOf(f.labels, currentLocale()) })),
    { value: 'contacts', label: contacts?.label ?? t('cleansing:contactsField') },
  ]
  const put = (m: (typeof MEASURES)[number], key: 'green' | 'ochre', value: number | null) => {
    if (value !== null) setSpec({ ...spec, [m]: { ...spec[m], [key]: value / 100 } })
  }
  return (
    <Drawer
      open
      size={560}
      title={t('cleansing:spec.title')}
      onClose={onClose}
      footer={
        <div className="jy-row">
          <Button type="primary" disabled={wrong} loading={save.isPending} onClick={() => save.mutate()}>
            {t('shell:save')}
          </Button>
          <Button onClick={onClose}>{t('shell:cancel')}</Button>
        </div>
      }
    >
      <p className="jy-muted">{t('cleansing:spec.why')}</p>
      <table className="jy-plain-table jy-spec">
        <thead>
          <tr>
            <th />
            <th>{t('cleansing:spec.good')}</th>
            <th>{t('cleansing:spec.bad')}</th>
          </tr>
        </thead>
        <tbody>
          {MEASURES.map(m => (
            <tr key={m}>
              <th scope="row">{t(`cleansing:measure.${m}`)}</th>
              {(['green', 'ochre'] as const).map(key => (
                <td key={key}>
                  <InputNumber
                    min={0}
                    max={100}
                    step={1}
                    suffix="%"
                    aria-label={`${t(`cleansing:measure.${m}`)}: ${t(key === 'green' ? 'cleansing:spec.good' : 'cleansing:spec.bad')}`}
                    value={Math.round(spec[m][key] * 1000) / 10}
                    onChange={value => put(m, key, value)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {MEASURES.some(m => spec[m].ochre > spec[m].green) && (
        <p className="jy-warn" role="alert">
          {t('cleansing:spec.order')}
        </p>
      )}
      <Form layout="vertical">
        <Form.Item label={t('cleansing:spec.fields')} htmlFor="jy-spec-fields">
          <Select
            id="jy-spec-fields"
            mode="multiple"
            loading={catalogue.isPending}
            showSearch={{ optionFilterProp: 'label' }}
            value={spec.fields}
            options={options}
            onChange={fields => setSpec({ ...spec, fields })}
          />
        </Form.Item>
        <Form.Item label={t('cleansing:spec.shared')} htmlFor="jy-spec-shared">
          <InputNumber
            id="jy-spec-shared"
            min={2}
            max={10_000}
            precision={0}
            suffix={t('cleansing:spec.sharedUnit')}
            value={spec.sharedPhone}
            onChange={value => value !== null && setSpec({ ...spec, sharedPhone: value })}
          />
        </Form.Item>
      </Form>
    </Drawer>
  )
}
