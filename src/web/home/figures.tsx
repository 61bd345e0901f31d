/** The figures on top: each says what it counts and opens its list; keys 1 to 6 do the same. */
import { useNavigate } from '@tanstack/react-router'
import { Drawer } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HomeFigures } from '../../contract/home/home.ts'
import { count, money } from '../app/figures.ts'
import { useKeys } from '../app/keys.ts'
import { WhyChip } from '../app/why-chip.tsx'

type Figure = {
  readonly key: string
  readonly value: string
  readonly unit?: string
  readonly line?: string
  readonly warn?: boolean
  /** The list behind it; none where there is no such list. */
  readonly search?: Record<string, unknown>
}

export function figuresFor(f: HomeFigures, language: string, t: TFunction): readonly Figure[] {
  const share = f.about === 0 ? null : f.reached / f.about
  const reach: Figure = {
    key: 'reach',
    value: share === null ? '–' : (share * 100).toFixed(1),
    unit: share === null ? '' : '%',
    line: t('home:figure.reachLine', { n: count(f.about - f.reached) }),
  }
  const deals: Figure = {
    key: 'deals',
    value: money(String(Number(f.openAmount) / 100), language),
    line: t('home:figure.dealsLine', { n: count(f.openDeals) }),
  }
  const potential: Figure[] = f.potential === null ? [] : [{ key: 'potential', value: money(f.potential, language), search: { sort: 'potential' } }]
  const tasks: Figure = {
    key: 'tasks',
    value: count(f.tasksDue),
    line: f.tasksLate > 0 ? t('home:figure.tasksLate', { n: count(f.tasksLate) }) : t('home:figure.tasksFine'),
    warn: f.tasksLate > 0,
  }
  if (f.view === 'rep')
    return [
      { key: 'mine', value: count(f.mine), line: t('home:figure.mineLine', { n: count(f.accounts) }), search: { scope: 'mine' } },
      tasks,
      reach,
      deals,
      ...potential.map(p => ({ ...p, search: { scope: 'mine', sort: 'potential' } })),
    ]
  return [
    { key: 'accounts', value: count(f.accounts), line: t('home:figure.accountsLine', { n: count(f.mine) }), search: {} },
    ...potential,
    deals,
    reach,
    {
      key: 'holes',
      value: `${count(f.contested)} / ${count(f.undecidable)}`,
      line: f.unassigned > 0 ? t('home:figure.unassignedLine', { n: count(f.unassigned) }) : t('home:figure.holesLine'),
      warn: f.contested + f.undecidable > 0,
      search: { scope: f.contested > 0 ? 'contested' : 'undecidable' },
    },
    {
      key: 'unowned',
      value: count(f.unowned),
      line: f.unowned > 0 ? t('home:figure.unownedLine') : t('home:figure.unownedNone'),
      warn: f.unowned > 0,
      search: { scope: 'unowned' },
    },
  ]
}

export function Figures({ figures }: { figures: HomeFigures }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const [why, setWhy] = useState<Figure | null>(null)
  const list = figuresFor(figures, i18n.language, t)
  const open = (f: Figure | undefined) => f?.search && void navigate({ to: '/accounts', search: f.search as never })
  useKeys(list.flatMap((f, i) => (f.search ? [{ key: String(i + 1), word: `home:figure.${f.key}`, run: () => open(f) }] : [])))
  return (
    <section className="jy-card jy-home-figures" aria-label={t('home:figures')}>
      {list.map(f => (
        <div key={f.key} className="jy-home-figure">
          <small>
            {t(`home:figure.${f.key}`)}
            <WhyChip of={t(`home:figure.${f.key}`)} onOpen={() => setWhy(f)} />
          </small>
          {f.search ? (
            <button type="button" className="jy-plain" data-warn={f.warn || undefined} onClick={() => open(f)}>
              <b>{f.value}</b>
              {f.unit && <span>{f.unit}</span>}
            </button>
          ) : (
            <span data-warn={f.warn || undefined}>
              <b>{f.value}</b>
              {f.unit && <span>{f.unit}</span>}
            </span>
          )}
          <small>{f.line ?? ' '}</small>
        </div>
      ))}
      <Drawer open={why !== null} size={380} title={why ? t(`home:figure.${why.key}`) : ''} onClose={() => setWhy(null)}>
        {why && (
          <>
            <p className="jy-home-big">
              <b>{why.value}</b> {why.unit}
            </p>
            <p>
              {t(`home:why.${why.key}`, {
                about: count(figures.about),
                reached: count(figures.reached),
                deals: count(figures.openDeals),
                accounts: count(figures.accounts),
              })}
            </p>
            <p className="jy-muted">{t(figures.view === 'rep' ? 'home:why.own' : figures.view === 'all' ? 'home:why.all' : 'home:why.sight')}</p>
          </>
        )}
      </Drawer>
    </section>
  )
}
