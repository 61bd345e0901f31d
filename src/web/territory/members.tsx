/** Members of a territory: who leads, who helps, who may only look; dates and credit shares. In a draft they hold for that model only. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Pencil, UserMinus, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type MemberRow, type Model, removeMember } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { Face } from '../app/face.tsx'
import { useMayChange } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import { MemberForm } from './member-form.tsx'

export const MEMBER_QUERIES = ['territory', 'territories', 'coverage', 'map-figures'] as const

export function Members({ model, territoryId, members }: { model: Model; territoryId: string; members: readonly MemberRow[] }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const plans = useMayChange('territory.plan') && (model.state === 'draft' || model.active)
  const [editing, setEditing] = useState<MemberRow | 'new' | null>(null)
  const remove = useMutation({
    mutationFn: (m: MemberRow) =>
      call(removeMember, { params: { id: m.id }, query: model.state === 'draft' ? { modelId: model.id } : {}, ifMatch: m.rowVersion }),
    onSuccess: () => Promise.all(MEMBER_QUERIES.map(key => queries.invalidateQueries({ queryKey: [key] }))),
    onError: error => void message.error(say(error)),
  })
  const own = members.filter(m => m.inheritedFrom === null)
  const sum = own.reduce((s, m) => s + m.creditBp, 0) / 100
  const now = new Date().toISOString()
  return (
    <>
      <div className="jy-row">
        <b>{t('territory:members.who')}</b>
        <span className="jy-grow" />
        <span className={sum === 100 ? 'jy-good' : 'jy-muted'}>{t('territory:members.credit', { sum })}</span>
      </div>
      {members.length === 0 && <p className="jy-muted">{t('territory:members.none')}</p>}
      {members.map(m => (
        <div className="jy-member" key={m.id} data-later={m.startsAt > now || undefined}>
          <Face name={m.name} size={24} />
          <span>
            {m.name} <small className="jy-muted">{t(`territory:role.${m.role}`)}</small>
            <small className="jy-muted jy-member-line">
              {[
                m.inheritedFrom && t('territory:panel.inherited', { name: m.inheritedFrom }),
                m.startsAt > now && t('territory:members.from', { day: m.startsAt.slice(0, 10) }),
                m.endsAt && t('territory:members.until', { day: m.endsAt.slice(0, 10) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </span>
          <small className="jy-muted">{t(`territory:access.${m.access}`)}</small>
          <span className="jy-row">
            <b className="jy-number">{m.creditBp > 0 ? `${m.creditBp / 100}%` : '–'}</b>
            {plans && m.inheritedFrom === null && (
              <>
                <button type="button" className="jy-plain" aria-label={t('territory:members.change', { name: m.name })} onClick={() => setEditing(m)}>
                  <Pencil size={13} />
                </button>
                <button
                  type="button"
                  className="jy-plain"
                  aria-label={t('territory:members.end', { name: m.name })}
                  onClick={() =>
                    modal.confirm({
                      title: t('territory:members.endAsk', { name: m.name }),
                      content: t('territory:members.endWhy'),
                      okText: t('territory:members.endNow'),
                      cancelText: t('shell:cancel'),
                      onOk: () => remove.mutateAsync(m).catch(() => undefined),
                    })
                  }
                >
                  <UserMinus size={14} />
                </button>
              </>
            )}
          </span>
        </div>
      ))}
      {plans && (
        <Button size="small" icon={<UserPlus size={13} />} onClick={() => setEditing('new')}>
          {t('territory:members.add')}
        </Button>
      )}
      {plans && <p className="jy-muted">{t(model.active ? 'territory:members.atOnce' : 'territory:members.inDraft')}</p>}
      {editing && (
        <MemberForm
          model={model}
          territoryId={territoryId}
          member={editing === 'new' ? null : editing}
          others={own}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  )
}
