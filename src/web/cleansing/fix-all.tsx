/** All proposals of a kind at once: what they change and who moves, before anything is written. */
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { type FixBody, previewFixes } from '../../contract/cleansing/fixes.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { ExampleTable } from './example-table.tsx'
import type { Slice } from './shares.ts'

type Props = { pick: Slice & { kind: string }; label: string; onClose: () => void; onRun: (body: FixBody) => void }

export function FixAll({ pick, label, onClose, onRun }: Props) {
  const { t } = useTranslation()
  const body: FixBody = { all: pick }
  const preview = useQuery({ queryKey: ['cleansing', 'preview', pick], gcTime: 0, queryFn: ({ signal }) => call(previewFixes, { body, signal }) })
  const seen = preview.data
  return (
    <Drawer
      open
      size={720}
      title={t('cleansing:preview.title', { label })}
      onClose={onClose}
      footer={
        <div className="jy-row">
          <Button type="primary" disabled={!seen || seen.editable === 0} onClick={() => onRun(body)}>
            {t('cleansing:preview.run', { n: count(seen?.editable ?? 0) })}
          </Button>
          <Button onClick={onClose}>{t('shell:cancel')}</Button>
        </div>
      }
    >
      {preview.isPending && <Skeleton lines={6} />}
      {preview.isError && <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />}
      {seen && (
        <>
          <p>
            {seen.editable === 0
              ? t('cleansing:preview.none')
              : t('cleansing:preview.effect', { matched: count(seen.matched), editable: count(seen.editable), moving: count(seen.moving) })}
          </p>
          <ExampleTable rows={seen.examples} />
        </>
      )}
    </Drawer>
  )
}
