/** Every version of a rule: who, when, why, and what came and went line by line against the version before. */
import { useTranslation } from 'react-i18next'
import type { getTerritory } from '../../contract/territory/models.ts'
import type { ReplyOf } from '../app/api.ts'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'

type Version = ReplyOf<typeof getTerritory>['versions'][number]

/** Lines that are new, lines that are gone, lines that stayed; a changed line is one gone and one new. */
export function diffLines(before: readonly string[], after: readonly string[]) {
  const left = [...before]
  const kept: string[] = []
  const added: string[] = []
  for (const line of after) {
    const at = left.indexOf(line)
    if (at >= 0) kept.push(...left.splice(at, 1))
    else added.push(line)
  }
  return { added, removed: left, kept }
}

export function RuleHistory({ versions, current }: { versions: readonly Version[]; current: number | null }) {
  const { t } = useTranslation()
  const me = useMe()
  if (versions.length === 0) return <p className="jy-muted">{t('territory:panel.noHistory')}</p>
  return (
    <ol className="jy-versions">
      {versions.map((v, i) => {
        const { added, removed, kept } = diffLines(versions[i + 1]?.lines ?? [], v.lines)
        return (
          <li key={v.version} data-current={v.version === current || undefined}>
            <header className="jy-row">
              <b>{t('territory:panel.version', { version: v.version })}</b>
              <span className="jy-grow" />
              <small className="jy-muted">
                {v.createdBy ?? ''} · {moment(v.createdAt, new Date(), me?.tenant.zone)}
              </small>
            </header>
            {v.why && <p className="jy-muted">{v.why}</p>}
            {removed.map(line => (
              <del key={line}>{line}</del>
            ))}
            {added.map(line => (
              <ins key={line}>{line}</ins>
            ))}
            {kept.length > 0 && <small className="jy-muted">{t('territory:panel.keptLines', { count: kept.length })}</small>}
          </li>
        )
      })}
    </ol>
  )
}
