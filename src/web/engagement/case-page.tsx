/** One conflict case: who gets it, how credit splits, until when. Parties and evidence on the left, clauses, ruling and precedents on the right. */
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { MessageSquare, Paperclip } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CaseView, readCase } from '../../contract/engagement/cases.ts'
import { call } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { useCrumb } from '../shell/crumb.ts'
import { type CaseDialog, EvidenceDialog, SayDialog } from './case-dialogs.tsx'
import { CaseHead } from './case-head.tsx'
import { ClausesCard } from './clauses-card.tsx'
import { Lanes } from './lanes.tsx'
import { Precedents } from './precedents.tsx'
import { RulingForm } from './ruling-form.tsx'
import { RulingsCard } from './rulings-card.tsx'
import { CASE_KEY, useCaseWords } from './words.ts'
import './engagement.css'

export function CasePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const read = useQuery({ queryKey: CASE_KEY(id), queryFn: ({ signal }) => call(readCase, { params: { id }, signal }), refetchInterval: 60_000 })
  useCrumb(read.data ? `#${read.data.number}` : '')
  if (read.isPending) return <Skeleton lines={14} />
  if (read.isError) return <ErrorState error={read.error} onRetry={() => void read.refetch()} />
  return <Page key={id} c={read.data} />
}

function Page({ c }: { c: CaseView }) {
  const { t } = useTranslation()
  const elsewhen = useElsewhen()
  const words = useCaseWords(c)
  const [dialog, setDialog] = useState<CaseDialog | 'evidence' | null>(null)
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set())
  const close = () => setDialog(null)
  const open = c.state === 'statements' || c.state === 'ruling'
  return (
    <div className="jy-page jy-case">
      <CaseHead c={c} words={words} />
      <div className="jy-case-body">
        <section className="jy-card jy-case-line" aria-label={t('engagement:step.evidence')}>
          <div className="jy-case-scroll">
            <Lanes c={c} words={words} marked={marked} />
          </div>
          <footer className="jy-row jy-wrap">
            <span className="jy-muted jy-grow">{t('engagement:evidence.foot')}</span>
            {c.maySpeak && !elsewhen && (
              <Button icon={<Paperclip size={14} />} onClick={() => setDialog('evidence')}>
                {t('engagement:evidence.add')}
              </Button>
            )}
            {c.mayAsk && !elsewhen && (
              <Button icon={<MessageSquare size={14} />} onClick={() => setDialog('ask')}>
                {t('engagement:evidence.ask')}
              </Button>
            )}
          </footer>
        </section>
        <div className="jy-case-side">
          <ClausesCard c={c} words={words} onMark={n => setMarked(new Set(n))} />
          {c.mustRecuse && (
            <Alert
              type="warning"
              showIcon
              title={t('engagement:recuse.must')}
              description={t(`engagement:recuse.${c.mustRecuse}`)}
              action={<Button onClick={() => setDialog('recuse')}>{t('engagement:recuse.do')}</Button>}
            />
          )}
          {c.mayRule && !elsewhen && <RulingForm c={c} words={words} onUp={() => setDialog('up')} />}
          {open && !c.mayRule && (
            <section className="jy-card jy-case-box">
              <h2>{t('engagement:waits.title')}</h2>
              <p>{c.judge ? t('engagement:waits.judge', { name: c.judge.name, at: words.at(c.dueAt) }) : t('engagement:waits.none')}</p>
            </section>
          )}
          {c.mayRule && !c.headquarters && (
            <Button type="link" onClick={() => setDialog('recuse')}>
              {t('engagement:recuse.do')}
            </Button>
          )}
          <RulingsCard c={c} words={words} onAppeal={() => setDialog('appeal')} />
          <Precedents rows={c.precedents} />
        </div>
      </div>
      {dialog === 'evidence' && <EvidenceDialog c={c} onClose={close} />}
      {dialog !== null && dialog !== 'evidence' && <SayDialog c={c} kind={dialog} onClose={close} />}
    </div>
  )
}
