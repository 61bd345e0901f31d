/** The columns of the list of customers: where it stands, whose it is, and every field the reader's roles show. */
import { Tag } from 'antd'
import type { TFunction } from 'i18next'
import { Lock } from 'lucide-react'
import type { AccountRow } from '../../contract/account/accounts.ts'
import { SORT_KEY } from '../../contract/account/accounts.ts'
import { AccountLink } from '../app/account-link.tsx'
import type { Column } from '../app/data-table-columns.tsx'
import { day } from '../app/format.ts'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { WhyChip } from '../app/why-chip.tsx'
import { PendingChip } from './pending-chip.tsx'
import type { Words } from './use-catalogue.ts'

const AT_FIRST = new Set(['tier', 'industry', 'division', 'size', 'potential'])
const WIDTH: Readonly<Record<string, number>> = { division: 210, registeredDivision: 210, industry: 170, address: 240, name: 240, website: 160 }
/** Not columns: the name stands first, an id says nothing, a point is two numbers. */
const APART = new Set(['id', 'name', 'point'])

/** `pending`: some row waits to be placed and needs room to say so. */
export function listColumns(
  words: Words,
  t: TFunction,
  zone: string | undefined,
  onWhy: (id: string) => void,
  pending: boolean,
): Column<AccountRow>[] {
  const fields = words.fields.filter(f => !f.retired && !APART.has(f.key))
  return [
    { key: 'name', title: words.label('name'), sortKey: 'name', render: r => <AccountLink id={r.id}>{String(r.values.name ?? '')}</AccountLink> },
    {
      key: 'territory',
      title: t('account:column.territory'),
      width: pending ? 290 : 190,
      sortKey: 'territory',
      render: r => (
        <span className="jy-row">
          {r.territory ? (
            <TerritoryChip {...r.territory} />
          ) : (
            <span className="jy-muted">{t(r.undecidable ? 'account:undecidable' : 'account:unassigned')}</span>
          )}
          {r.contested && <Tag color="error">{t('account:contested')}</Tag>}
          {r.pending && <PendingChip />}
          <WhyChip of={String(r.values.name ?? '')} onOpen={() => onWhy(r.id)} />
        </span>
      ),
    },
    {
      key: 'owner',
      title: t('account:column.owner'),
      width: 100,
      sortKey: 'owner',
      render: r => r.owner?.name ?? <span className="jy-muted">{t('account:nobody')}</span>,
    },
    ...fields.map(
      (f): Column<AccountRow> => ({
        key: f.key,
        title: words.label(f.key),
        width: WIDTH[f.key] ?? (f.type === 'number' || f.type === 'date' ? 105 : 130),
        right: f.type === 'number',
        ...(SORT_KEY.test(f.key) && f.type !== 'options' ? { sortKey: f.key } : {}),
        hiddenAtFirst: !AT_FIRST.has(f.key),
        render: r =>
          r.masked && f.maskable ? (
            <Lock size={12} aria-label={t('account:maskedOne')} />
          ) : (
            <span className="jy-ellipsis" title={words.value(f.key, r.values[f.key])}>
              {words.value(f.key, r.values[f.key])}
            </span>
          ),
      }),
    ),
    { key: 'updated', title: t('account:column.updated'), width: 90, sortKey: 'updated', render: r => day(r.updatedAt, new Date(), zone) },
  ]
}
