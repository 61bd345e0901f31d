/** Attributes pasted or typed, a line each, and how they are read: what is not known is said at its line before anything is saved. */
import { useQuery } from '@tanstack/react-query'
import { Form, Input } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { resolveValues } from '../../../contract/territory/lists.ts'
import type { FieldValue } from '../../../core/condition/condition.ts'
import { useCatalogue } from '../../account/use-catalogue.ts'
import { call } from '../../app/api.ts'
import { currentLocale, labelOf } from '../../app/i18n.ts'
import { useRested } from '../../app/paged.ts'
import { useProblemText } from '../../app/states.tsx'
import { type PastedLine, readPasted, toText } from './read-values.ts'

type Shown = { readonly line: PastedLine; readonly value: FieldValue; readonly label: string; readonly fault: string | null }

/** Places, industries, options and accounts by their names, a question for each line that needs one. */
async function lookUp(lines: readonly PastedLine[], signal: AbortSignal): Promise<readonly Shown[]> {
  return Promise.all(
    lines.map(async (line): Promise<Shown> => {
      if ('value' in line) return { line, value: line.value, label: line.raw, fault: null }
      const found = await call(resolveValues, { body: { field: line.field.key, lines: [...line.look] }, signal })
      const values = found.values.map(v => v.value)
      return {
        line,
        value: line.field.type === 'options' ? values : (values[0] ?? null),
        label: found.values.map(v => v.label).join(' · '),
        fault: found.rejected[0]?.value ?? (values.length === 0 ? line.raw : null),
      }
    }),
  )
}

type Props = {
  readonly start: Readonly<Record<string, FieldValue>>
  /** `words`: the values as a person reads them. */
  readonly onRead: (read: { readonly values: Readonly<Record<string, FieldValue>>; readonly ready: boolean; readonly words: string }) => void
}
export function ValuesField({ start, onRead }: Props) {
  const { t } = useTranslation()
  const say = useProblemText()
  const catalogue = useCatalogue()
  const locale = currentLocale()
  const fields = useMemo(() => (catalogue.data?.fields ?? []).filter(f => f.inRules && !f.retired), [catalogue.data])
  const labels = new Map(fields.map(f => [f.key, labelOf(f.labels, locale)]))
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? (catalogue.data ? toText(start, key => labels.get(key) ?? key) : '')
  const rested = useRested(text, 350)
  const pasted = useMemo(() => readPasted(rested, fields), [rested, fields])
  const found = useQuery({
    queryKey: ['test-values', rested, fields.length],
    enabled: pasted.lines.length > 0,
    staleTime: 60_000,
    queryFn: ({ signal }) => lookUp(pasted.lines, signal),
  })
  const shown = pasted.lines.length === 0 ? [] : found.data
  const sound = pasted.faults.length === 0 && shown !== undefined && shown.every(s => s.fault === null)
  const ready = sound && rested === text && catalogue.data !== undefined
  const values = useMemo(() => Object.fromEntries((shown ?? []).map(s => [s.line.field.key, s.value])), [shown])
  const words = (shown ?? []).map(s => s.label).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when what was read changes, not when the listener does
  useEffect(() => onRead({ values, ready, words }), [values, ready, words])
  const faults = [
    ...pasted.faults.map(f => ({ line: f.line, words: t(`tests:fault.${f.kind}`, { line: f.line, text: f.text }) })),
    ...(shown ?? []).flatMap(s =>
      s.fault === null ? [] : [{ line: s.line.line, words: t('tests:fault.unknown', { line: s.line.line, text: s.fault }) }],
    ),
  ].sort((x, y) => x.line - y.line)
  return (
    <Form.Item
      label={t('tests:values')}
      extra={t('tests:valuesWhy', { fields: [...labels.values()].slice(0, 8).join(t('tests:comma')) })}
      validateStatus={faults.length > 0 || found.isError ? 'error' : undefined}
    >
      <Input.TextArea
        value={text}
        autoSize={{ minRows: 4, maxRows: 12 }}
        maxLength={4000}
        aria-label={t('tests:values')}
        placeholder={t('tests:valuesLike')}
        onChange={event => setTyped(event.target.value)}
      />
      {found.isError && <p className="jy-bad">{say(found.error)}</p>}
      {faults.length > 0 && (
        <ul className="jy-test-faults" role="alert">
          {faults.map(f => (
            <li key={`${f.line}${f.words}`}>{f.words}</li>
          ))}
        </ul>
      )}
      {shown !== undefined && shown.length > 0 && (
        <dl className="jy-test-read">
          {shown
            .filter(s => s.fault === null)
            .map(s => (
              <div key={s.line.field.key}>
                <dt>{labels.get(s.line.field.key) ?? s.line.field.key}</dt>
                <dd>{s.label}</dd>
              </div>
            ))}
        </dl>
      )}
    </Form.Item>
  )
}
