/** An area of an imported boundary set as the value of a rule: its shape is copied, so that the rule stays what it is when the set goes. */
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBoundaryAreas, listBoundarySets, readBoundaryArea } from '../../contract/geography/boundaries.ts'
import { call } from '../app/api.ts'
import { useRested } from '../app/paged.ts'
import { useProblemText } from '../app/states.tsx'
import type { Point } from './area-shapes.ts'

export function PickBoundary({ onPick }: { onPick: (rings: readonly (readonly Point[])[]) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const [setId, setSetId] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const search = useRested(typed)
  const sets = useQuery({ queryKey: ['boundary-sets'], queryFn: ({ signal }) => call(listBoundarySets, { signal }) })
  const areas = useQuery({
    queryKey: ['boundary-areas', setId, search],
    enabled: setId !== null,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call(listBoundaryAreas, { params: { id: setId! }, query: { search: search || undefined }, signal }),
  })
  const pick = useMutation({
    mutationFn: (areaId: string) => call(readBoundaryArea, { params: { id: setId!, areaId } }),
    onSuccess: area => onPick(area.rings),
    onError: error => void message.error(say(error)),
  })
  if (sets.data?.rows.length === 0) return <Link to={'/settings/boundaries' as never}>{t('territory:boundaries.importFirst')}</Link>
  return (
    <>
      <Select
        style={{ width: 180 }}
        value={setId}
        placeholder={t('territory:boundaries.set')}
        aria-label={t('territory:boundaries.set')}
        onChange={setSetId}
        options={sets.data?.rows.map(s => ({ value: s.id, label: s.name }))}
      />
      <Select
        style={{ width: 240 }}
        disabled={setId === null}
        loading={areas.isFetching || pick.isPending}
        placeholder={t('territory:boundaries.area')}
        aria-label={t('territory:boundaries.area')}
        showSearch={{ filterOption: false, onSearch: setTyped }}
        onChange={(id: string) => pick.mutate(id)}
        options={areas.data?.rows.map(a => ({ value: a.id, label: a.division ? `${a.name} · ${a.division.name}` : a.name }))}
      />
    </>
  )
}
