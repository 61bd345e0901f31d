/** The next page of a short list: asked for, never loaded by itself. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Paged } from './paged.ts'

export function MoreButton<Row>({ list }: { list: Paged<Row> }) {
  const { t } = useTranslation()
  if (!list.hasMore) return null
  return (
    <Button type="text" block loading={list.loadingMore} onClick={list.more}>
      {t('shell:more')}
    </Button>
  )
}
