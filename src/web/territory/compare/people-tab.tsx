/** Who is a member of what under one model and not, or otherwise, under the other: role, access, credit, from when to when. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { type ComparedMember, compareMembers } from '../../../contract/territory/compare.ts'
import { call } from '../../app/api.ts'
import { Face } from '../../app/face.tsx'
import { isoDay, NOTHING } from '../../app/format.ts'
import { useMe } from '../../app/me.ts'
import { MoreButton } from '../../app/more-button.tsx'
import { usePaged } from '../../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../../app/states.tsx'
import { TerritoryChip } from '../../app/territory-chip.tsx'
import { TONES } from './structure-tab.tsx'
import type { PairProps } from './use-compare.ts'

type Membership = ComparedMember['before'][number]

export function PeopleTab({ a, b }: PairProps) {
  const { t } = useTranslation()
  const list = usePaged<ComparedMember>(['compare', a, b, 'members'], (cursor, signal) => call(compareMembers, { query: { a, b, cursor }, signal }))
  if (list.pending) return <Skeleton lines={8} />
  if (list.error !== null && list.rows.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />
  if (list.rows.length === 0) return <Empty title={t('compare:none.people')} why={t('compare:none.peopleWhy')} />
  return (
    <>
      <section className="jy-card jy-compare-box" aria-label={t('compare:tab.people')}>
        <div className="jy-compare-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('compare:col.territory')}</th>
                <th scope="col">{t('compare:col.person')}</th>
                <th scope="col">{t('compare:col.change')}</th>
                <th scope="col">{t('compare:a')}</th>
                <th scope="col">{t('compare:b')}</th>
              </tr>
            </thead>
            <tbody>
              {list.rows.map(row => (
                <tr key={`${row.territoryId}/${row.person.id}`}>
                  <td>
                    <TerritoryChip code={row.code} name={row.name} colour={row.colour} />
                  </td>
                  <th scope="row">
                    <span className="jy-row">
                      <Face name={row.person.name} size={20} />
                      {row.person.name}
                    </span>
                  </th>
                  <td>
                    <Tag color={TONES[row.change]}>{t(`compare:member.${row.change}`)}</Tag>
                  </td>
                  <td>
                    <Held list={row.before} gone={row.change === 'removed'} />
                  </td>
                  <td>
                    <Held list={row.after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <MoreButton list={list} />
    </>
  )
}

function Held({ list, gone }: { list: readonly Membership[]; gone?: boolean }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  if (list.length === 0) return <span className="jy-muted">{NOTHING}</span>
  const day = (instant: string) => isoDay(new Date(instant), zone)
  return list.map(m => {
    const words = [
      t(`territory:role.${m.role}`),
      t(`territory:access.${m.access}`),
      m.creditBp > 0 ? `${m.creditBp / 100}%` : null,
      m.endsAt === null ? t('compare:from', { day: day(m.startsAt) }) : t('compare:until', { day: day(m.startsAt), end: day(m.endsAt) }),
    ].filter(Boolean)
    const text = words.join(' · ')
    return (
      <span key={`${m.role}${m.startsAt}`} className="jy-compare-held">
        {gone ? <del>{text}</del> : text}
      </span>
    )
  })
}
