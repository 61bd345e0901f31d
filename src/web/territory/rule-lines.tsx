/** A rule's lines with what changed in them: those that came, those that went, those that stay, those from above in grey. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangedRule } from '../../contract/territory/change-sets.ts'
import './rule-lines.css'

type Line = ChangedRule['lines'][number]

/** `beside` stands at the end of a line: what it does. */
export function RuleLines({ lines, beside }: { lines: readonly Line[]; beside?: (line: Line) => ReactNode }) {
  const { t } = useTranslation()
  let number = 0
  return (
    <ol className="jy-rule-lines">
      {lines.map((line, i) => {
        if (line.change !== 'removed') number += 1
        return (
          <li key={`${i}${line.words}`} data-change={line.change} data-inherited={line.inheritedFrom !== null || undefined}>
            <span className="jy-rule-no">
              {line.change !== 'same' && <span className="jy-hidden">{t(`territory:lines.${line.change}`)}</span>}
              <span aria-hidden={line.change !== 'same'}>{line.change === 'added' ? '+' : line.change === 'removed' ? '−' : number}</span>
            </span>
            <span className="jy-grow" style={{ paddingInlineStart: line.depth * 18 }}>
              {line.words}
            </span>
            {line.inheritedFrom !== null && <small className="jy-muted">{t('territory:panel.inherited', { name: line.inheritedFrom })}</small>}
            {beside?.(line)}
          </li>
        )
      })}
    </ol>
  )
}
