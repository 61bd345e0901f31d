/** The head of a case: what it is about, how far it is, and how long there is left. */
import { Tag } from 'antd'
import { Check, Scale } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../contract/engagement/cases.ts'
import { AccountLink } from '../app/account-link.tsx'
import { money } from '../app/figures.ts'
import type { CaseWords } from './words.ts'

const TONE = { statements: 'processing', ruling: 'error', appeal: 'warning', closed: 'default' } as const

export function CaseHead({ c, words }: { c: CaseView; words: CaseWords }) {
  const { t, i18n } = useTranslation()
  const facts = [
    t(`engagement:why.${c.why}`),
    c.potential === null ? null : t('engagement:potential', { amount: money(String(c.potential), i18n.language) }),
    c.deals.n === 0 ? t('engagement:noDeals') : t('engagement:deals', { n: c.deals.n, amount: words.sum(c.deals.amount) }),
  ].filter(f => f !== null)
  return (
    <header className="jy-case-head">
      <div className="jy-case-title">
        <h1 className="jy-row jy-wrap">
          <Tag color={TONE[c.state]} icon={<Scale size={12} />} className="jy-case-state">
            {t(`engagement:state.${c.state}`)}
          </Tag>
          <span>{t('engagement:whose', { name: c.name })}</span>
          <span className="jy-muted">#{c.number}</span>
        </h1>
        <p className="jy-muted">
          {facts.join(' · ')}
          {c.accountId && (
            <>
              {' · '}
              <AccountLink id={c.accountId}>{c.name}</AccountLink>
            </>
          )}
          {c.other && (
            <>
              {' · '}
              {c.other.id ? (
                <AccountLink id={c.other.id}>{t('engagement:other', { name: c.other.name })}</AccountLink>
              ) : (
                t('engagement:other', { name: c.other.name })
              )}
            </>
          )}
        </p>
      </div>
      <Steps c={c} words={words} />
      <Left c={c} />
    </header>
  )
}

function Steps({ c, words }: { c: CaseView; words: CaseWords }) {
  const { t } = useTranslation()
  const spoken = c.state !== 'statements'
  const ruled = c.ruledAt !== null
  const steps = [
    { key: 'accepted', done: true, now: false, text: words.at(c.openedAt) },
    { key: 'evidence', done: true, now: false, text: t('engagement:step.pieces', { at: words.at(c.openedAt).slice(-5), n: c.evidence.length }) },
    {
      key: 'statements',
      done: spoken,
      now: !spoken,
      text: spoken && c.statementsAt ? words.at(c.statementsAt) : t('engagement:step.until', { at: words.at(c.statementsDueAt) }),
    },
    {
      key: 'ruling',
      done: ruled,
      now: c.state === 'ruling',
      text: ruled ? words.at(c.ruledAt) : t('engagement:step.until', { at: words.at(c.dueAt) }),
    },
    {
      key: 'appeal',
      done: c.state === 'closed',
      now: c.state === 'appeal',
      text: c.appealUntil ? t('engagement:step.until', { at: words.at(c.appealUntil) }) : t('engagement:step.days', { n: c.policy.appealDays }),
    },
  ]
  return (
    <ol className="jy-case-steps">
      {steps.map(s => (
        <li key={s.key} data-done={s.done || undefined} aria-current={s.now ? 'step' : undefined}>
          <i aria-hidden>{s.done && <Check size={10} />}</i>
          <b>{t(`engagement:step.${s.key}`)}</b>
          <span className="jy-muted">{s.text}</span>
        </li>
      ))}
    </ol>
  )
}

/** Days above 48 hours, then h:mm:ss; an appeal has its own end. */
function Left({ c }: { c: CaseView }) {
  const { t } = useTranslation()
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  if (c.state === 'closed') return null
  const end = c.state === 'appeal' ? c.appealUntil : c.dueAt
  if (end === null) return null
  const left = Date.parse(end) - now
  const seconds = Math.max(0, Math.floor(left / 1_000))
  const two = (n: number) => String(n).padStart(2, '0')
  const text =
    left <= 0
      ? t('engagement:clock.late')
      : seconds > 48 * 3600
        ? t('engagement:clock.days', { n: Math.floor(seconds / 86_400) })
        : `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  const appeal = c.state === 'appeal'
  return (
    <div className="jy-case-clock" data-near={(!appeal && left < 12 * 3_600_000) || undefined}>
      <span className="jy-muted">{t(appeal ? 'engagement:clock.appeal' : 'engagement:clock.left', { hours: c.policy.ruleHours })}</span>
      <b role="timer" aria-live="off">
        {text}
      </b>
      {!appeal && <span className="jy-muted">{t(c.headquarters ? 'engagement:clock.upped' : 'engagement:clock.up')}</span>}
    </div>
  )
}
