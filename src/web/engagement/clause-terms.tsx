/** The terms of one clause, where it has any. */
import { InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { ADDRESS_KINDS, type Clause, GROUP_SCOPES, TOUCH_KINDS } from '../../core/engagement/clauses.ts'

export function ClauseTerms({ clause, onChange }: { clause: Clause; onChange: (clause: Clause) => void }) {
  const { t } = useTranslation()
  if (clause.kind === 'group')
    return (
      <Select
        aria-label={t('engagement:rules.scope')}
        style={{ width: 150 }}
        value={clause.scope}
        onChange={scope => onChange({ ...clause, scope })}
        options={GROUP_SCOPES.map(value => ({ value, label: t(`engagement:rules.scopes.${value}`) }))}
      />
    )
  if (clause.kind === 'headquarters')
    return (
      <Select
        aria-label={t('engagement:rules.address')}
        style={{ width: 150 }}
        value={clause.address}
        onChange={address => onChange({ ...clause, address })}
        options={ADDRESS_KINDS.map(value => ({ value, label: t(`engagement:evidence.address.${value}`) }))}
      />
    )
  if (clause.kind === 'firstTouch')
    return (
      <span className="jy-row jy-wrap">
        <InputNumber
          aria-label={t('engagement:rules.days')}
          min={1}
          max={1095}
          style={{ width: 96 }}
          suffix={t('engagement:rules.day')}
          value={clause.days}
          onChange={days => onChange({ ...clause, days: days ?? 90 })}
        />
        <Select
          mode="multiple"
          aria-label={t('engagement:rules.touches')}
          style={{ minWidth: 240 }}
          value={[...clause.touches]}
          onChange={touches => touches.length > 0 && onChange({ ...clause, touches })}
          options={TOUCH_KINDS.map(value => ({ value, label: t(`engagement:rules.touch.${value}`) }))}
        />
        <span className="jy-row jy-tight">
          <Switch
            size="small"
            aria-label={t('engagement:rules.renews')}
            checked={clause.renews}
            onChange={renews => onChange({ ...clause, renews })}
          />
          <small className="jy-muted">{t('engagement:rules.renews')}</small>
        </span>
      </span>
    )
  return null
}
