/** The list is narrowed to what one import made or changed: said with the name of its file, and taken away again with one press. */
import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { getImport } from '../../contract/import/imports.ts'
import { call } from '../app/api.ts'

export function ImportTag({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const job = useQuery({ queryKey: ['import', id, 'name'], queryFn: ({ signal }) => call(getImport, { params: { id }, signal }), staleTime: 60_000 })
  return (
    <Tag closable onClose={onClose} className="jy-import-tag" title={job.data?.fileName}>
      {t('account:ofImport')} <span className="jy-ellipsis">{job.data?.fileName ?? `#${id}`}</span>
    </Tag>
  )
}
