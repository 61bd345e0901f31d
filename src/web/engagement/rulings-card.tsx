/** What was ruled, and what may still be done about it: undone by who ruled, appealed by a party. */
import { App, Button, Tag } from 'antd'
import { Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type CaseView, undoRuling } from '../../contract/engagement/cases.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { EffectLines } from './effect-lines.tsx'
import { SplitBar } from './split-bar.tsx'
import { type CaseWords, touchesOf } from './words.ts'

export function RulingsCard({ c, words, onAppeal }: { c: CaseView; words: CaseWords; onAppeal: () => void }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const undo = useChange({
    run: () => call(undoRuling, { params: { id: c.id }, ifMatch: c.rowVersion }),
    touches: touchesOf(c.id),
    said: t('engagement:ruled.undid'),
  })
  const sure = () =>
    modal.confirm({
      title: t('engagement:ruled.undoAsk'),
      content: t('engagement:ruled.undoWhy'),
      okText: t('engagement:ruled.undo'),
      cancelText: t('shell:cancel'),
      onOk: () => undo.mutateAsync().catch(() => undefined),
    })
  if (c.rulings.length === 0) return null
  return (
    <section className="jy-card jy-case-box" aria-label={t('engagement:ruled.title')}>
      {c.rulings.map((r, i) => {
        const first = r.winner ?? 0
        return (
          <article key={r.n} className="jy-ruled" data-undone={r.undoneAt !== null || undefined}>
            <header className="jy-row jy-wrap">
              <h2 className="jy-grow">
                {r.winner === null ? t('engagement:ruled.toShared') : t('engagement:ruled.to', { who: c.parties[r.winner]!.user.name })}
              </h2>
              <span className="jy-muted">{t('engagement:ruled.by', { judge: r.judge.name, at: words.at(r.ruledAt) })}</span>
            </header>
            {r.undoneAt && <Tag>{t('engagement:ruled.undone', { by: r.undoneBy, at: words.at(r.undoneAt) })}</Tag>}
            {r.effect.sides[1 - first]!.bp > 0 && (
              <>
                <SplitBar c={c} first={first} loserBp={r.effect.sides[1 - first]!.bp} cap={10_000} step={500} />
                {r.effect.until && <small className="jy-muted">{t('engagement:form.until', { day: words.onDay(r.effect.until) })}</small>}
              </>
            )}
            <EffectLines effect={r.effect} c={c} words={words} winner={r.winner} />
            <p className="jy-case-said">{r.reason}</p>
            {i === 0 && r.undoneAt === null && (
              <div className="jy-row">
                {c.mayUndo && (
                  <Button icon={<Undo2 size={14} />} loading={undo.isPending} onClick={sure}>
                    {t('engagement:ruled.undo')}
                  </Button>
                )}
                {c.mayAppeal && <Button onClick={onAppeal}>{t('engagement:ruled.appeal')}</Button>}
              </div>
            )}
          </article>
        )
      })}
    </section>
  )
}
