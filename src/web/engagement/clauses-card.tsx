/** The clauses tested against the facts: which applies, which is over, which says nothing, and what the rules lean to. */
import { Drawer, Tag } from 'antd'
import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView, Finding } from '../../contract/engagement/cases.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { WhyChip } from '../app/why-chip.tsx'
import type { CaseWords } from './words.ts'

const TONE = { applies: 'success', expired: 'default', no: 'default', asking: 'warning' } as const

export function ClausesCard({ c, words, onMark }: { c: CaseView; words: CaseWords; onMark: (n: readonly number[]) => void }) {
  const { t } = useTranslation()
  const [why, setWhy] = useState(false)
  // What says nothing is told when asked why.
  const shown = c.findings.filter(f => f.verdict !== 'no')
  const lead = c.findings.find(f => f.leads) ?? null
  const side = lead?.side ?? null
  return (
    <section className="jy-card jy-case-box" aria-label={t('engagement:clause.title')}>
      <header className="jy-row">
        <h2 className="jy-grow">{t('engagement:clause.title')}</h2>
        <span className="jy-muted">
          {c.clauseVersion === 0 ? t('engagement:clause.first') : t('engagement:clause.version', { n: c.clauseVersion })}
        </span>
      </header>
      {shown.map(f => (
        <Clause key={f.kind} f={f} words={words} onMark={onMark} />
      ))}
      <p className="jy-row jy-wrap jy-case-lean">
        <Sparkles size={14} aria-hidden />
        <span>
          {side === null
            ? t('engagement:clause.leansNone')
            : t('engagement:clause.leans', { who: `${c.parties[side]!.territory?.code ?? ''} ${c.parties[side]!.user.name}`.trim() })}
        </span>
        <WhyChip of={t('engagement:clause.why')} onOpen={() => setWhy(true)} />
      </p>
      <Drawer open={why} onClose={() => setWhy(false)} title={t('engagement:clause.why')} size={440}>
        <p>{t('engagement:clause.whyText')}</p>
        {c.findings.map(f => (
          <Clause key={f.kind} f={f} words={words} onMark={onMark} whom />
        ))}
      </Drawer>
    </section>
  )
}

function Clause({ f, words, onMark, whom = false }: { f: Finding; words: CaseWords; onMark: (n: readonly number[]) => void; whom?: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="jy-clause" data-leads={f.leads || undefined}>
      <div className="jy-row">
        <b className="jy-grow">
          {f.position} {t(`engagement:clause.name.${f.kind}`)}
        </b>
        <Tag color={TONE[f.verdict]}>{t(`engagement:clause.verdict.${f.verdict}`)}</Tag>
      </div>
      <p>
        {words.clause(f)}{' '}
        {f.evidence.map(n => (
          <button
            key={n}
            type="button"
            className="jy-plain jy-clause-n"
            onClick={() => {
              onMark(f.evidence)
              document.getElementById(`evidence-${n}`)?.scrollIntoView({ block: 'center' })
            }}
          >
            {t('engagement:evidence.n', { n })}
          </button>
        ))}
      </p>
      {(f.user || f.territory) && (
        <p className="jy-row jy-wrap jy-muted">
          {f.territory && <TerritoryChip {...f.territory} />}
          {f.user?.name}
          {whom && f.side === null && t('engagement:clause.nobody')}
        </p>
      )}
    </div>
  )
}
