/** The head of a change set: where it stands, who brought it when and on which version, and what may be done now. */
import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ChangeSet } from '../../contract/territory/change-sets.ts'
import { Face } from '../app/face.tsx'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { SetActions } from './set-actions.tsx'
import { STATE_COLOURS } from './use-change-set.ts'

/** Later the figures say what was, not what would be. */
const OPEN: ReadonlySet<ChangeSet['state']> = new Set(['draft', 'submitted', 'approved', 'scheduled'])

export function SetHead({ set }: { set: ChangeSet }) {
  const { t } = useTranslation()
  const zone = useMe()?.tenant.zone
  const at = (value: string | null) => moment(value, new Date(), zone)
  const { asked, approved } = set.approvals
  const by = set.submittedBy ?? set.createdBy
  return (
    <header className="jy-change-head">
      <div className="jy-grow">
        <h1>
          <Tag color={STATE_COLOURS[set.state]}>
            {t(`change:state.${set.state}`)}
            {set.state === 'submitted' && asked > 0 && ` ${approved} / ${asked}`}
          </Tag>
          <span>{set.title}</span> <small>#{set.id}</small>
        </h1>
        <p className="jy-muted">
          <Face name={by.name} size={20} />
          <span>
            {t(set.submittedAt ? 'change:head.submitted' : 'change:head.made', { who: by.name, at: at(set.submittedAt ?? set.createdAt) })}
            {' · '}
            {set.baseVersion === null ? t('change:head.baseLess') : t('change:head.base', { version: set.baseVersion })}
            {set.version !== null && t('change:head.becomes', { version: set.version })}
            {set.figuresAt && ` · ${t('change:head.figures', { at: at(set.figuresAt) })}`}
            {set.figuresAt && !set.drifted && OPEN.has(set.state) && t('change:head.still')}
            {set.state === 'draft' && ` · ${t(set.shared ? 'change:head.shared' : 'change:head.private')}`}
            {set.feedback && OPEN.has(set.state) && ` · ${t('change:head.feedback')}`}
            {(set.whole || !OPEN.has(set.state)) && (
              <>
                {' · '}
                <Link to="/map" search={{ model: set.modelId } as never}>
                  {t('change:head.map')}
                </Link>
              </>
            )}
          </span>
        </p>
        {set.why && <p className="jy-change-why">{set.why}</p>}
      </div>
      <SetActions set={set} />
    </header>
  )
}
