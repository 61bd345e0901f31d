/** Who gets the customers of one rule: one person, the territory's owner, or several evenly. */
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ReceiverBody } from '../../contract/assignment/handover.ts'
import { MEASURES } from '../../core/assignment/handover.ts'
import { PeopleSelect, type Person, PersonSelect } from '../identity/person-select.tsx'

type Mode = 'person' | 'lead' | (typeof MEASURES)[number]
const MODES: readonly Mode[] = ['person', 'lead', ...MEASURES]
type Props = {
  value: ReceiverBody | null
  people: ReadonlyMap<string, string>
  exclude: string
  label: string
  onChange: (value: ReceiverBody | null, known: readonly Person[]) => void
  mode: Mode
  onMode: (mode: Mode) => void
}
export const modeOf = (value: ReceiverBody | null): Mode => (value === null ? 'person' : value.to === 'spread' ? value.by : value.to)
export type { Mode as ReceiverMode }

export function ReceiverField({ value, people, exclude, label, onChange, mode, onMode }: Props) {
  const { t } = useTranslation()
  const person = (id: string): Person => ({ id, name: people.get(id) ?? id })
  const choose = (next: Mode) => {
    onMode(next)
    if (next === 'lead') onChange({ to: 'lead' }, [])
    else if (next !== 'person' && value?.to === 'spread') onChange({ ...value, by: next }, [])
    else if (next !== 'person' && value?.to === 'person') onChange({ to: 'spread', userIds: [value.userId], by: next }, [])
    else if (next === 'person' && value?.to === 'spread') onChange({ to: 'person', userId: value.userIds[0]! }, [])
  }
  return (
    <span className="jy-handover-receiver">
      <Select
        aria-label={t('handover:receiver.how', { what: label })}
        value={mode}
        onChange={choose}
        options={MODES.map(m => ({ value: m, label: t(`handover:receiver.${m}`) }))}
      />
      {mode === 'person' && (
        <PersonSelect
          aria-label={label}
          placeholder={t('handover:receiver.pick')}
          exclude={exclude}
          value={value?.to === 'person' ? person(value.userId) : null}
          onChange={p => onChange(p ? { to: 'person', userId: p.id } : null, p ? [p] : [])}
        />
      )}
      {mode !== 'person' && mode !== 'lead' && (
        <PeopleSelect
          aria-label={label}
          placeholder={t('handover:receiver.pickMany')}
          exclude={exclude}
          value={value?.to === 'spread' ? value.userIds.map(person) : []}
          onChange={list => onChange(list.length > 0 ? { to: 'spread', userIds: list.map(p => p.id), by: mode } : null, list)}
        />
      )}
    </span>
  )
}
