/** Giving many customers to one person: how many, from whom, and one reason for all; nothing is written before the press. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { queryAccounts } from '../../contract/account/accounts.ts'
import { assignMany, previewAssign } from '../../contract/assignment/bulk-assign.ts'
import { call, type QueryOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { type Person, PersonSelect } from '../identity/person-select.tsx'

export type AssignSelection = {
  readonly ids?: readonly string[]
  readonly scope?: 'all' | 'mine' | 'unowned' | 'unassigned' | 'contested' | 'undecidable'
  readonly search?: string
  readonly territoryId?: string
  readonly ownerId?: string
  readonly importId?: string
  readonly filter?: unknown
}
type Body = QueryOf<typeof queryAccounts> & { ids?: string[] }

export function BulkAssign({ selection, title, onClose }: { selection: AssignSelection; title?: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<{ person: Person | null; reason: string }>()
  const body = selection as Body
  const preview = useQuery({ queryKey: ['assign-preview', selection], staleTime: 0, queryFn: ({ signal }) => call(previewAssign, { body, signal }) })
  const run = useMutation({
    mutationFn: (v: { person: Person | null; reason: string }) => call(assignMany, { body: { ...body, toId: v.person!.id, reason: v.reason } }),
    onSuccess: async done => {
      await queries.invalidateQueries()
      void message.success(t('account:assign.manyDone', { n: count(done.assigned) }))
      onClose()
    },
    onError: error => void message.error(say(error)),
  })
  const seen = preview.data
  return (
    <Drawer
      open
      size={420}
      title={title ?? t('account:assign.many')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={run.isPending} disabled={!seen || seen.editable === 0} onClick={() => form.submit()}>
          {seen ? t('account:assign.doMany', { n: count(seen.editable) }) : t('account:assign.do')}
        </Button>
      }
    >
      {preview.isPending && <Skeleton lines={3} />}
      {preview.isError && <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />}
      {seen && (
        <>
          <p>{t('account:assign.effect', { matched: count(seen.matched), editable: count(seen.editable) })}</p>
          <ul className="jy-list">
            {seen.owners.map(o => (
              <li key={o.id ?? 'none'}>
                <span className="jy-grow">{o.name ?? t('account:nobody')}</span>
                <b className="jy-number">{count(o.accounts)}</b>
              </li>
            ))}
          </ul>
          {seen.editable < seen.matched && (
            <Alert type="warning" showIcon title={t('account:assign.some', { n: count(seen.matched - seen.editable) })} />
          )}
        </>
      )}
      <Form form={form} layout="vertical" onFinish={v => run.mutate(v)} style={{ marginTop: 14 }}>
        <Form.Item name="person" label={t('account:assign.to')} rules={[{ required: true, message: t('account:assign.missing') }]}>
          <PersonSelect />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('account:assign.reason')}
          rules={[{ required: true, whitespace: true, max: 400, message: t('account:assign.reasonMissing') }]}
        >
          <Input.TextArea rows={3} maxLength={400} />
        </Form.Item>
      </Form>
    </Drawer>
  )
}
