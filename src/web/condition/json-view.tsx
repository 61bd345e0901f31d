/** The rule as JSON: edited by hand, taken only when it is a rule; what is wrong is said with its path. */
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { condition as shape } from '../../contract/condition/shape.ts'
import type { Condition } from '../../core/condition/condition.ts'

type Fault = { readonly path: string; readonly code: 'json' | 'shape'; readonly detail: string }

/** The deepest complaint says most: a union complains of every alternative. */
export function readCondition(text: string): { readonly condition: Condition } | { readonly fault: Fault } {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return { fault: { path: '', code: 'json', detail: (error as Error).message } }
  }
  const checked = shape.safeParse(parsed)
  if (checked.success) return { condition: checked.data }
  const deepest = (issues: readonly Issue[], above: readonly PropertyKey[]): Fault => {
    const found = issues.flatMap(issue => {
      const path = [...above, ...issue.path]
      const inner = 'errors' in issue && issue.errors ? issue.errors.map(list => deepest(list as Issue[], path)) : []
      return inner.length > 0 ? inner : [{ path: path.join('.'), code: 'shape' as const, detail: issue.message }]
    })
    return found.reduce((a, b) => (b.path.split('.').length > a.path.split('.').length ? b : a))
  }
  return { fault: deepest(checked.error.issues as unknown as Issue[], []) }
}
type Issue = { readonly path: readonly PropertyKey[]; readonly message: string; readonly errors?: readonly (readonly Issue[])[] }

export function JsonView({ condition, onChange }: { condition: Condition; onChange: (next: Condition) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(() => JSON.stringify(condition, null, 2))
  const read = readCondition(text)
  return (
    <>
      <Input.TextArea
        aria-label="JSON"
        className="jy-code"
        spellCheck={false}
        autoSize={{ minRows: 10, maxRows: 26 }}
        value={text}
        status={'fault' in read ? 'error' : undefined}
        onChange={event => {
          setText(event.target.value)
          const next = readCondition(event.target.value)
          if ('condition' in next) onChange(next.condition)
        }}
      />
      {'fault' in read && (
        <p className="jy-bad" role="alert">
          {t(`territory:json.${read.fault.code}`, { path: read.fault.path || '/', detail: read.fault.detail })}
        </p>
      )}
    </>
  )
}
