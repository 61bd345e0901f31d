/** Two customers side by side: the evidence, every field with the side it would be taken from, what follows, and the three ways out. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Drawer, Input, Radio, Tag } from 'antd'
import { Merge } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ComparedPair, compareDuplicates, markDifferent, mergeDuplicates, undoMerge } from '../../contract/dedupe/duplicates.ts'
import { useWords } from '../account/use-catalogue.ts'
import { AccountLink } from '../app/account-link.tsx'
import { call } from '../app/api.ts'
import { useChange } from '../app/change.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton } from '../app/states.tsx'
import { TerritoryChip } from '../app/territory-chip.tsx'
import { EvidenceTags, percent } from './evidence.tsx'

export const TOUCHES = [['duplicates'], ['merges'], ['accounts'], ['account'], ['timeline']] as const

export function CompareDrawer({ pairId, onClose }: { pairId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const compared = useQuery({
    queryKey: ['duplicates', 'pair', pairId],
    queryFn: ({ signal }) => call(compareDuplicates, { params: { id: pairId }, signal }),
  })
  return (
    <Drawer open size={820} title={t('dedupe:compare')} onClose={onClose}>
      {compared.isPending && <Skeleton lines={10} />}
      {compared.isError && <ErrorState error={compared.error} onRetry={() => void compared.refetch()} />}
      {compared.data && <Compared key={pairId} compared={compared.data} onClose={onClose} />}
    </Drawer>
  )
}

type SideKey = 'a' | 'b'

function Compared({ compared, onClose }: { compared: ComparedPair; onClose: () => void }) {
  const { t } = useTranslation()
  const { pair, fields, attached } = compared
  const edits = useMayChange('account.edit')
  const words = useWords(fields.flatMap(f => (f.key.toLowerCase().includes('division') ? [f.a, f.b].flatMap(v => (v ? [String(v)] : [])) : [])))
  const [survivor, setSurvivor] = useState<SideKey>(compared.suggestedSurvivor)
  const [taken, setTaken] = useState<Readonly<Record<string, SideKey>>>(Object.fromEntries(fields.map(f => [f.key, f.suggested])))
  const [reason, setReason] = useState('')
  const goes: SideKey = survivor === 'a' ? 'b' : 'a'
  const touches = TOUCHES.map(key => [...key])
  const merge = useChange({
    run: () =>
      call(mergeDuplicates, {
        body: {
          survivorId: pair[survivor].id,
          mergedId: pair[goes].id,
          survivorVersion: compared.rowVersions[survivor],
          mergedVersion: compared.rowVersions[goes],
          take: fields.filter(f => taken[f.key] === goes).map(f => f.key),
        },
      }),
    touches,
    said: t('dedupe:merged'),
    onDone: onClose,
  })
  const different = useChange({
    run: () => call(markDifferent, { params: { id: pair.id }, body: { reason: reason.trim() || null } }),
    touches,
    said: t('dedupe:remembered'),
    onDone: onClose,
  })
  const differing = fields.filter(f => JSON.stringify(f.a) !== JSON.stringify(f.b))
  const same = fields.filter(f => !differing.includes(f))
  const head = (side: SideKey) => (
    <th scope="col" key={side}>
      <AccountLink id={pair[side].id}>{pair[side].name}</AccountLink>
      <div className="jy-row jy-wrap jy-muted">
        {pair[side].territory && <TerritoryChip {...pair[side].territory} />}
        {pair[side].owner ?? t('account:nobody')}
      </div>
    </th>
  )
  return (
    <div className="jy-dup-compare">
      <div className="jy-row jy-wrap">
        <Tag color="warning">{t('dedupe:alike', { percent: percent(pair.score) })}</Tag>
        <EvidenceTags evidence={pair.evidence} />
      </div>
      <table className="jy-dup-table">
        <thead>
          <tr>
            <th>{t('dedupe:field')}</th>
            {head('a')}
            {head('b')}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('dedupe:survivor')}</th>
            {(['a', 'b'] as const).map(side => (
              <td key={side}>
                <Radio checked={survivor === side} disabled={!compared.mayMerge} onChange={() => setSurvivor(side)}>
                  {t('dedupe:keepsNumber')}
                </Radio>
              </td>
            ))}
          </tr>
          {differing.map(f => (
            <tr key={f.key}>
              <th scope="row" title={t(`dedupe:rule.${f.rule}`)}>
                {words.label(f.key)}
              </th>
              {(['a', 'b'] as const).map(side => (
                <td key={side}>
                  <Radio
                    checked={taken[f.key] === side}
                    disabled={!compared.mayMerge}
                    onChange={() => setTaken({ ...taken, [f.key]: side })}
                    aria-label={`${words.label(f.key)} ${pair[side].name}`}
                  >
                    {words.value(f.key, f[side])}
                  </Radio>
                </td>
              ))}
            </tr>
          ))}
          {attached.map(row => (
            <tr key={row.kind} className="jy-muted">
              <th scope="row">{t(`dedupe:attached.${row.kind}`)}</th>
              <td>{row.a}</td>
              <td>{row.b}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {same.length > 0 && <p className="jy-muted">{t('dedupe:sameFields', { fields: same.map(f => words.label(f.key)).join('、') })}</p>}
      {pair.state === 'open' ? (
        <>
          {compared.mayMerge && <Alert type="info" showIcon title={t('dedupe:follows', { name: pair[survivor].name, other: pair[goes].name })} />}
          <div className="jy-row jy-wrap jy-dup-exits">
            {compared.mayMerge && (
              <Button type="primary" icon={<Merge size={14} />} loading={merge.isPending} onClick={() => merge.mutate()}>
                {t('dedupe:merge')}
              </Button>
            )}
            {edits && (
              <>
                <Input
                  value={reason}
                  maxLength={300}
                  placeholder={t('dedupe:reason')}
                  aria-label={t('dedupe:reason')}
                  onChange={e => setReason(e.target.value)}
                />
                <Button loading={different.isPending} onClick={() => different.mutate()}>
                  {t('dedupe:different')}
                </Button>
              </>
            )}
          </div>
        </>
      ) : (
        <Alert type="info" showIcon title={t(`dedupe:state.${pair.state}`, { by: pair.decidedBy ?? '–' })} description={pair.reason} />
      )}
    </div>
  )
}

/** Parting two customers again, with what could not be given back. */
export function useUndoMerge() {
  const { t } = useTranslation()
  return useChange({ run: (id: string) => call(undoMerge, { params: { id } }), touches: TOUCHES.map(key => [...key]), said: t('dedupe:undone') })
}
