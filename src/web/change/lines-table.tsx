/** Before and after by territory, owner or who sees: struck through before, bold after, the signed difference; the last row proves the sum. */
import { Button } from 'antd'
import { Equal, Eye, MessageSquarePlus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { viewAs } from '../../contract/identity/session.ts'
import { type ChangeSet, type ChangeSetLine, changeSetLines } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { Face } from '../app/face.tsx'
import { count } from '../app/figures.ts'
import { useMay, useMayChange } from '../app/me.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import type { Anchor } from './comments-tab.tsx'
import { PersonAfter, type Somebody } from './person-after.tsx'
import { setKey, signed } from './use-change-set.ts'

const AHEAD: ReadonlySet<ChangeSet['state']> = new Set(['draft', 'submitted', 'approved', 'scheduled'])

export type OnComment = ((anchor: Anchor) => void) | undefined
type Props = { set: ChangeSet; by: 'territory' | 'owner' | 'sight'; title: string; tools?: ReactNode; onComment: OnComment }

export function LinesTable({ set, by, title, tools, onComment }: Props) {
  const { t } = useTranslation()
  type Reply = Awaited<ReturnType<typeof read>>
  const read = (cursor: string | undefined, signal: AbortSignal) => call(changeSetLines, { params: { id: set.id }, query: { by, cursor }, signal })
  // The total stands beside every page; each row of a page carries it along so that one question is enough.
  const list = usePaged<ChangeSetLine & { total: Reply['total'] }>([...setKey(set.id), 'lines', by], async (cursor, signal) => {
    const { rows, next, total } = await read(cursor, signal)
    return { rows: rows.map(row => ({ ...row, total })), next }
  })
  const total = list.rows[0]?.total
  const territories = by === 'territory'
  // Before it takes effect a list is foretold; afterwards one looks through the person's own eyes.
  const [whom, setWhom] = useState<Somebody | null>(null)
  const foresees = useMay('territory.plan') && !territories && set.whole && set.figures !== null && AHEAD.has(set.state)
  const views = useMayChange('viewAs') && by === 'sight' && set.state === 'active'
  const look = useChange<string>({
    run: userId => call(viewAs, { body: { userId } }),
    touches: [],
    said: null,
    // Everything kept was seen with one's own eyes.
    onDone: () => window.location.assign('/accounts'),
  })
  const sums = total && by !== 'sight'
  return (
    <section className="jy-card jy-change-box" aria-label={title}>
      <header>
        <h2 className="jy-grow">{title}</h2>
        {tools}
      </header>
      {list.pending && <Skeleton lines={5} />}
      {list.error !== null && list.rows.length === 0 && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.pending && list.error === null && list.rows.length === 0 && <NoLines set={set} />}
      {list.rows.length > 0 && (
        <div className="jy-change-scroll">
          <table className="jy-change-table" aria-busy={list.stale || undefined}>
            <thead>
              <tr>
                <th scope="col">{t(territories ? 'change:lines.territory' : 'change:lines.person')}</th>
                {territories && (
                  <th scope="col" className="jy-desk">
                    {t('change:lines.owner')}
                  </th>
                )}
                <th scope="col" className="jy-number" colSpan={2}>
                  {t(by === 'sight' ? 'change:lines.seen' : 'change:lines.customers')}
                </th>
                <th scope="col" className="jy-number">
                  {t('change:lines.difference')}
                </th>
                {by === 'sight' && (
                  <th scope="col" className="jy-number jy-desk">
                    {t('change:lines.gainedLost')}
                  </th>
                )}
                <th aria-label={t('change:comment.do')} />
              </tr>
            </thead>
            <tbody>
              {list.rows.map(row => (
                <tr key={row.id ?? '-'} tabIndex={0}>
                  <th scope="row">
                    <Who line={row} territories={territories} />
                  </th>
                  {territories && (
                    <td className="jy-desk">
                      {row.owner && (
                        <span className="jy-row jy-tight">
                          <Face name={row.owner} size={20} /> {row.owner}
                        </span>
                      )}
                    </td>
                  )}
                  <td className="jy-number">
                    <del>{count(row.before)}</del>
                  </td>
                  <td className="jy-number">
                    <b>{count(row.after)}</b>
                  </td>
                  <td className="jy-number" data-sign={row.id === null ? undefined : Math.sign(row.after - row.before)}>
                    {signed(row.after - row.before)}
                  </td>
                  {by === 'sight' && (
                    <td className="jy-number jy-desk jy-muted">
                      {signed(row.gained)} / {signed(-row.lost)}
                    </td>
                  )}
                  <td>
                    {views && row.id && (
                      <Button
                        data-view
                        type="text"
                        size="small"
                        aria-label={t('change:sight.viewAs', { name: row.name ?? '' })}
                        title={t('change:sight.viewAs', { name: row.name ?? '' })}
                        icon={<Eye size={13} />}
                        onClick={() => look.mutate(row.id!)}
                      />
                    )}
                    {foresees && row.id && (
                      <Button
                        data-view
                        type="text"
                        size="small"
                        aria-label={t('change:after.do', { name: row.name ?? '' })}
                        title={t('change:after.do', { name: row.name ?? '' })}
                        icon={<Eye size={13} />}
                        onClick={() => setWhom({ id: row.id!, name: row.name ?? '' })}
                      />
                    )}
                    {onComment && row.id && (
                      <Button
                        data-comment
                        type="text"
                        size="small"
                        aria-label={t('change:comment.on', { name: row.code ?? row.name ?? '' })}
                        title={t('change:comment.on', { name: row.code ?? row.name ?? '' })}
                        icon={<MessageSquarePlus size={13} />}
                        onClick={() =>
                          onComment({ kind: territories ? 'territory' : 'owner', id: row.id!, name: [row.code, row.name].filter(Boolean).join(' ') })
                        }
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
            {total && (
              <tfoot>
                <tr>
                  <th scope="row">{t('change:lines.sum', { n: count(total.lines) })}</th>
                  {territories && <td className="jy-desk" />}
                  <td className="jy-number">{count(total.before)}</td>
                  <td className="jy-number">
                    {sums && total.before === total.after && <Equal size={11} aria-label="=" />} {count(total.after)}
                  </td>
                  <td className="jy-number" data-sign={Math.sign(total.after - total.before)}>
                    {sums ? (
                      <span title={t('change:lines.proof')}>
                        {signed(total.gained)} {signed(-total.lost)} = {signed(total.gained - total.lost)}
                      </span>
                    ) : (
                      signed(total.after - total.before)
                    )}
                  </td>
                  {by === 'sight' && (
                    <td className="jy-number jy-desk">
                      {signed(total.gained)} / {signed(-total.lost)}
                    </td>
                  )}
                  <td />
                </tr>
              </tfoot>
            )}
          </table>
        </div>
      )}
      <MoreButton list={list} />
      {whom && <PersonAfter set={set} person={whom} onClose={() => setWhom(null)} />}
    </section>
  )
}

function Who({ line, territories }: { line: ChangeSetLine; territories: boolean }) {
  const { t } = useTranslation()
  if (line.id === null) return <span className="jy-muted">{t(territories ? 'change:lines.nowhere' : 'change:lines.nobody')}</span>
  if (territories) return <TerritoryChip code={line.code ?? '–'} name={line.name ?? undefined} colour={line.colour} />
  return (
    <span className="jy-row jy-tight">
      <Face name={line.name ?? '?'} size={20} /> {line.name}
    </span>
  )
}

/** Nothing computed yet, nothing that moves, or nothing that this reader may know. */
export function NoLines({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  if (set.figures === null && set.whole) return <Empty title={t('change:nothing.uncomputed')} why={t('change:nothing.uncomputedWhy')} />
  return <Empty title={t('change:nothing.here')} why={t('change:nothing.hereWhy')} />
}
