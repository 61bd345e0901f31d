/** The live strip: how many are taken, who stays, comes and goes, who is contested or cannot be decided, and how long the count took. */
import { useTranslation } from 'react-i18next'
import type { previewRule } from '../../contract/territory/models.ts'
import type { ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'

export function RuleStrip({ data, waiting }: { data: ReplyOf<typeof previewRule>; waiting: boolean }) {
  const { t } = useTranslation()
  const difference = data.added - data.removed
  const bar = [
    ['kept', data.kept],
    ['added', data.added],
    ['removed', data.removed],
  ] as const
  return (
    <section className="jy-card jy-strip" aria-busy={waiting} data-stale={waiting || undefined}>
      <div>
        <small>{t('territory:rule.matched')}</small>
        <b>{count(data.matched)}</b>
        {difference !== 0 && (
          <span className={difference > 0 ? 'jy-good' : 'jy-bad'}>
            {difference > 0 ? ' +' : ' −'}
            {count(Math.abs(difference))}
          </span>
        )}
      </div>
      <div className="jy-strip-bar">
        <small>{t('territory:rule.against')}</small>
        <span>
          {bar.map(([key, n]) =>
            n > 0 ? (
              <i key={key} data-k={key} style={{ flexGrow: n }} title={t(`territory:rule.${key}`, { n: count(n), count: n })}>
                {t(`territory:rule.${key}`, { n: count(n), count: n })}
              </i>
            ) : null,
          )}
        </span>
      </div>
      <div data-bad={data.contested > 0 || undefined}>
        <small>{t('territory:rule.contested')}</small>
        <b>{count(data.contested)}</b>
      </div>
      <div data-warn={data.undecidable > 0 || undefined}>
        <small>{t('territory:rule.undecidable')}</small>
        <b>{count(data.undecidable)}</b>
      </div>
      <div>
        <small>{t('territory:rule.time')}</small>
        <b>{t('territory:rule.ms', { n: count(data.milliseconds) })}</b>
      </div>
    </section>
  )
}
