/** Rules that change: each territory added, removed or altered, its rule line by line with the customers a line moves, its fields and people. */
import { Button, Tag } from 'antd'
import { MessageSquarePlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type ChangedRule, type ChangeSet, changeSetRules } from '../../contract/territory/change-sets.ts'
import { call } from '../app/api.ts'
import { Face } from '../app/face.tsx'
import { count } from '../app/figures.ts'
import { NOTHING } from '../app/format.ts'
import { MoreButton } from '../app/more-button.tsx'
import { usePaged } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { RuleLines } from '../territory/rule-lines.tsx'
import type { OnComment } from './lines-table.tsx'
import { setKey } from './use-change-set.ts'

export function useRules(set: ChangeSet) {
  return usePaged<ChangedRule>([...setKey(set.id), 'rules', set.rowVersion], (cursor, signal) =>
    call(changeSetRules, { params: { id: set.id }, query: { cursor }, signal }),
  )
}

export function RulesTab({ set, onComment }: { set: ChangeSet; onComment: OnComment }) {
  const { t } = useTranslation()
  const list = useRules(set)
  if (list.pending) return <Skeleton lines={6} />
  if (list.error !== null && list.rows.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />
  if (list.rows.length === 0)
    return (
      <section className="jy-card">
        <Empty title={t('change:rules.none')} why={t('change:rules.noneWhy')} />
      </section>
    )
  return (
    <>
      {list.rows.map(rule => (
        <RuleCard key={rule.territoryId} rule={rule} onComment={onComment} />
      ))}
      <MoreButton list={list} />
    </>
  )
}

const TONES = { added: 'success', removed: 'error', changed: undefined } as const

export function RuleCard({ rule, onComment }: { rule: ChangedRule; onComment?: OnComment }) {
  const { t } = useTranslation()
  const show = (field: string, value: string | null) =>
    value === null ? NOTHING : field === 'inherit' ? t(value === 'true' ? 'shell:yes' : 'shell:no') : value
  return (
    <section className="jy-card jy-rule-diff" aria-label={`${rule.code} ${rule.name}`}>
      <header>
        <TerritoryChip code={rule.code} name={rule.name} colour={rule.colour} />
        {rule.change !== 'changed' && <Tag color={TONES[rule.change]}>{t(`change:rules.${rule.change}`)}</Tag>}
        <span className="jy-grow jy-muted">
          {rule.lines.length > 0 &&
            rule.change === 'changed' &&
            rule.fromVersion !== rule.toVersion &&
            t('change:rules.versions', { from: rule.fromVersion ?? NOTHING, to: rule.toVersion ?? NOTHING })}
        </span>
        {onComment && (
          <Button
            data-comment
            type="text"
            size="small"
            icon={<MessageSquarePlus size={13} />}
            aria-label={t('change:comment.on', { name: rule.code })}
            title={t('change:comment.on', { name: rule.code })}
            onClick={() => onComment({ kind: 'territory', id: rule.territoryId, name: `${rule.code} ${rule.name}` })}
          />
        )}
      </header>
      {rule.lines.length > 0 && (
        <RuleLines
          lines={rule.lines}
          beside={({ accounts }) =>
            accounts !== null &&
            accounts !== 0 && (
              <b className={`jy-number ${accounts > 0 ? 'jy-good' : 'jy-bad'}`}>
                {t('change:rules.accounts', { sign: accounts > 0 ? '+' : '−', n: count(Math.abs(accounts)) })}
              </b>
            )
          }
        />
      )}
      {rule.fields.map(f => (
        <p key={f.field} className="jy-rule-field">
          <span className="jy-muted">{t(`change:rules.field.${f.field}`)}</span> <del>{show(f.field, f.before)}</del> <span aria-hidden>→</span>{' '}
          <b>{show(f.field, f.after)}</b>
        </p>
      ))}
      {rule.members.map((m, i) => (
        <p key={`${i}${m.person.id}`} className="jy-rule-field" data-change={m.change}>
          <span aria-hidden>{m.change === 'added' ? '+' : '−'}</span> <Face name={m.person.name} size={18} />{' '}
          {t(`change:rules.member.${m.change}`, { name: m.person.name, role: t(`territory:role.${m.role}`) })}
        </p>
      ))}
    </section>
  )
}
