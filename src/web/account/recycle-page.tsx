/** The recycle bin: 30 days, restored with everything attached. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listRecycled, restoreAccount } from '../../contract/account/accounts.ts'
import { call, type ReplyOf } from '../app/api.ts'
import { DataTable } from '../app/data-table.tsx'
import { moment } from '../app/format.ts'
import { useMe } from '../app/me.ts'
import { usePaged } from '../app/paged.ts'
import { Empty, useProblemText } from '../app/states.tsx'

type Row = ReplyOf<typeof listRecycled>['rows'][number]

export function RecyclePage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const me = useMe()
  const queries = useQueryClient()
  const list = usePaged<Row>(['recycled'], (cursor, signal) => call(listRecycled, { query: { cursor }, signal }))
  const restore = useMutation({
    mutationFn: (id: string) => call(restoreAccount, { params: { id } }),
    onSuccess: () => queries.invalidateQueries(),
    onError: error => void message.error(say(error)),
  })
  return (
    <DataTable
      name="recycled"
      label={t('account:bin.title')}
      list={list}
      rowKey={r => r.id}
      columns={[
        { key: 'name', title: t('account:bin.name'), render: r => <b>{r.name}</b> },
        { key: 'by', title: t('account:bin.by'), width: 120, render: r => r.deletedBy ?? '' },
        { key: 'at', title: t('account:bin.at'), width: 140, render: r => moment(r.deletedAt, new Date(), me?.tenant.zone) },
        {
          key: 'restore',
          title: '',
          width: 90,
          render: r => (
            <Button size="small" onClick={() => restore.mutate(r.id)}>
              {t('account:restore')}
            </Button>
          ),
        },
      ]}
      empty={<Empty title={t('account:bin.none')} />}
    />
  )
}
