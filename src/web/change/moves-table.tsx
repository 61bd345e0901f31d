/** The customers that move, one by one: owner and territory before and after, within the reader's sight; narrowed to one territory or person. */
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Download, MessageSquarePlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type ChangeSet, type ChangeSetMove, changeSetMoves, exportChangeSet } from '../../contract/territory/change-sets.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call, callFile } from '../app/api.ts'
import { useMay } from '../app/me.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { NoLines, type OnComment } from './lines-table.tsx'
import { setKey } from './use-change-set.ts'

export function ExportButton({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const allowed = useMay('account.export')
  const load = useMutation({
    mutationFn: () => callFile(exportChangeSet, { params: { id: set.id } }),
    onSuccess: file => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(file.blob)
      link.download = file.name ?? `change-set-${set.id}.xlsx`
      link.click()
      URL.revokeObjectURL(link.href)
    },
    onError: error => void message.error(say(error)),
  })
  if (!allowed || (set.figures === null && set.whole)) return null
  return (
    <Button icon={<Download size={13} />} loading={load.isPending} onClick={() => load.mutate()}>
      {t('change:do.export')}
    </Button>
  )
}

type Props = { set: ChangeSet; onComment: OnComment; title?: string; tools?: React.ReactNode }
export function MovesTable({ set, onComment, title, tools }: Props) {
  const { t } = useTranslation()
  const list = usePaged<ChangeSetMove>([...setKey(set.id), 'moves'], (cursor, signal) =>
    call(changeSetMoves, { params: { id: set.id }, query: { cursor }, signal }),
  )
  const name = title ?? t('change:moves.title')
  return (
    <section className="jy-card jy-change-box" aria-label={name}>
      <header>
        <h2 className="jy-grow">{name}</h2>
        {tools ?? <ExportButton set={set} />}
      </header>
      {list.pending && <Skeleton lines={6} />}
      {list.error !== null && list.rows.length === 0 && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.pending && list.error === null && list.rows.length === 0 && <NoLines set={set} />}
      {list.rows.length > 0 && (
        <div className="jy-change-scroll">
          <table className="jy-change-table" data-moves>
            <thead>
              <tr>
                <th scope="col">{t('change:moves.customer')}</th>
                <th scope="col">{t('change:moves.owner')}</th>
                <th scope="col">{t('change:moves.territory')}</th>
                <th aria-label={t('change:comment.do')} />
              </tr>
            </thead>
            <tbody>
              {list.rows.map(row => (
                <tr key={row.accountId}>
                  <th scope="row">
                    <AccountLink id={row.accountId}>{row.name}</AccountLink>
                  </th>
                  <td>
                    <FromTo
                      from={row.fromOwner?.name ?? t('change:lines.nobody')}
                      to={row.toOwner?.name ?? t('change:lines.nobody')}
                      same={row.fromOwner?.id === row.toOwner?.id}
                    />
                  </td>
                  <td>
                    <FromTo
                      from={row.fromTerritory ? <TerritoryChip {...row.fromTerritory} /> : t('change:lines.nowhere')}
                      to={row.toTerritory ? <TerritoryChip {...row.toTerritory} /> : t('change:lines.nowhere')}
                      same={row.fromTerritory?.id === row.toTerritory?.id}
                    />
                  </td>
                  <td>
                    {onComment && (
                      <Button
                        data-comment
                        type="text"
                        size="small"
                        aria-label={t('change:comment.on', { name: row.name })}
                        title={t('change:comment.on', { name: row.name })}
                        icon={<MessageSquarePlus size={13} />}
                        onClick={() => onComment({ kind: 'account', id: row.accountId, name: row.name })}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton list={list} />
    </section>
  )
}

export function FromTo({ from, to, same }: { from: React.ReactNode; to: React.ReactNode; same: boolean }) {
  if (same) return <span className="jy-muted">{from}</span>
  return (
    <span className="jy-from-to">
      <del>{from}</del>
      <span aria-hidden>→</span>
      <b>{to}</b>
    </span>
  )
}
