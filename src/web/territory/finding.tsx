/** One finding of the proof: the combination, how far it reaches, whose rules, a real customer with its why, and the way to mend it. */
import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { TFunction } from 'i18next'
import { ArrowUpDown, Pencil } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ProofFinding } from '../../contract/territory/proof.ts'
import { AccountLink } from '../app/account-link.tsx'
import { count } from '../app/figures.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { WhyChip } from '../app/why-chip.tsx'

type Props = {
  readonly finding: ProofFinding
  readonly modelId: string
  /** Rules may be edited: the model is a draft and the reader plans. */
  readonly mends: boolean
  readonly onPrecedence?: () => void
  readonly onWhy?: (accountId: string) => void
  readonly onSelect?: (territoryId: string) => void
  /** Findings of several kinds stand in one list: each says which it is. */
  readonly saysKind?: boolean
}

export function Finding({ finding: f, modelId, mends, onPrecedence, onWhy, onSelect, saysKind }: Props) {
  const { t } = useTranslation()
  const where = f.kind === 'gap' || f.kind === 'overlap'
  // What one edits to mend it: the rules themselves; for a gap those that miss it by one field.
  const rules = f.kind === 'gap' ? f.others : f.territories.slice(0, 3)
  const chips = (list: ProofFinding['territories']) =>
    list.map(x =>
      onSelect ? (
        <button type="button" className="jy-plain" key={x.id} onClick={() => onSelect(x.id)}>
          <TerritoryChip {...x} />
        </button>
      ) : (
        <TerritoryChip key={x.id} {...x} />
      ),
    )
  return (
    <li className="jy-finding" data-kind={f.kind} data-vague={f.vague || undefined}>
      {saysKind && <Tag color={f.kind === 'gap' || f.kind === 'overlap' ? 'error' : 'warning'}>{t(`proof:kind.${f.kind}`)}</Tag>}
      {where && <b className="jy-finding-title">{f.combination.length > 0 ? f.combination.join(' × ') : t('proof:everything')}</b>}
      {f.kind === 'notProved' && <b className="jy-finding-title">{notProvedTitle(f, t)}</b>}
      {f.territories.length > 0 && <span className="jy-row jy-wrap">{chips(f.territories)}</span>}
      {where && (
        <>
          <span className="jy-row jy-wrap">
            <Tag>{t(f.vague ? 'proof:reachCodes' : 'proof:reach', { n: `${f.atLeast ? '≥ ' : ''}${count(f.size)}`, count: f.size })}</Tag>
            {f.parts > 1 && <Tag>{t('proof:parts', { n: count(f.parts), count: f.parts })}</Tag>}
            {f.vague && <Tag title={t('proof:vagueWhy')}>{t('proof:vagueTag')}</Tag>}
          </span>
          <p className="jy-muted">{f.words}</p>
          <span className="jy-row jy-wrap">
            {f.account ? (
              <>
                <small className="jy-muted">{t('proof:account')}</small>
                <AccountLink id={f.account.id}>{f.account.name}</AccountLink>
                {onWhy && <WhyChip of={f.account.name} onOpen={() => onWhy(f.account!.id)} />}
              </>
            ) : (
              !f.vague && <small className="jy-muted">{t('proof:noAccount')}</small>
            )}
          </span>
        </>
      )}
      {f.kind === 'dead' && (
        <span className="jy-row jy-wrap">
          {f.others.length > 0 ? (
            <>
              <small className="jy-muted">{t('proof:coveredBy')}</small>
              {chips(f.others)}
            </>
          ) : (
            <small className="jy-muted">{t('proof:nothingFulfils')}</small>
          )}
        </span>
      )}
      {f.kind === 'notProved' && (
        <p className="jy-muted">{t('proof:open', { what: f.outcomes.map(o => t(`proof:outcome.${o}`)).join(t('proof:comma')) })}</p>
      )}
      {mends && (rules.length > 0 || f.kind === 'overlap') && (
        <span className="jy-row jy-wrap jy-finding-mend">
          {f.kind === 'overlap' && onPrecedence && (
            <button type="button" className="jy-link-button" onClick={onPrecedence}>
              <ArrowUpDown size={13} /> {t('territory:proof.precedence')}
            </button>
          )}
          {rules.map(x => (
            <Link
              key={x.id}
              className="jy-link-button"
              to={'/map/rule/$modelId/$territoryId' as never}
              params={{ modelId, territoryId: x.id } as never}
            >
              <Pencil size={13} /> {t('proof:mend', { code: x.code })}
            </Link>
          ))}
        </span>
      )}
    </li>
  )
}

function notProvedTitle(f: ProofFinding, t: TFunction): string {
  if (f.reason === 'work') return t('proof:reason.work')
  if (f.reason === 'mixed') return t('proof:reason.mixed')
  return t('proof:reason.predicate', { words: f.words })
}
