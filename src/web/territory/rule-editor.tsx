/** The rule editor: blocks, the sentence they mean, live counts against every account one may see, witnesses, and why one account stands where it does. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Input, Segmented, Switch, Tag } from 'antd'
import { Quote, Redo2, Save, Undo2 } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getCatalogue } from '../../contract/builder/catalogue.ts'
import { getTerritory, previewRule, updateTerritory } from '../../contract/territory/models.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { call, Problem, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { Blocks } from '../condition/blocks.tsx'
import { asRoot, finished, isComplete } from '../condition/edit-condition.ts'
import { useCrumb } from '../shell/crumb.ts'
import { RuleWhy } from './rule-why.tsx'
import { Witnesses } from './witnesses.tsx'
import './rule-editor.css'

export function RuleEditor() {
  const { modelId, territoryId } = useParams({ strict: false }) as { modelId: string; territoryId: string }
  const detail = useQuery({
    queryKey: ['territory', modelId, territoryId],
    queryFn: ({ signal }) => call(getTerritory, { params: { id: modelId, territoryId }, signal }),
  })
  if (detail.isPending) return <Skeleton lines={12} />
  if (detail.isError) return <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
  return <Editor key={`${territoryId}/${detail.data.territory.rowVersion}`} modelId={modelId} detail={detail.data} />
}

type Detail = ReplyOf<typeof getTerritory>

function Editor({ modelId, detail }: { modelId: string; detail: Detail }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const plans = useMayChange('territory.plan')
  const { territory } = detail
  useCrumb(`${territory.code} ${territory.name}`)
  const [past, setPast] = useState<readonly Condition[]>([asRoot(detail.own)])
  const [at, setAt] = useState(0)
  const [inherit, setInherit] = useState(territory.inherit)
  const [mode, setMode] = useState<'blocks' | 'json'>('blocks')
  const [text, setText] = useState('')
  const [broken, setBroken] = useState<string | null>(null)
  const condition = past[at]!
  const change = (next: Condition) => {
    setPast([...past.slice(Math.max(0, at - 99), at + 1), next])
    setAt(Math.min(at, 99) + 1)
  }
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => call(getCatalogue, { signal }), staleTime: 60_000 })

  // Counted a moment after the last change, so that typing never waits.
  const wanted = useMemo(() => finished(condition) ?? { all: [] }, [condition])
  const [asked, setAsked] = useState<{ condition: Condition; inherit: boolean }>({ condition: wanted, inherit })
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ condition: wanted, inherit }), 300)
    return () => clearTimeout(timer)
  }, [wanted, inherit])
  const preview = useQuery({
    queryKey: ['preview', modelId, territory.id, JSON.stringify(asked)],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call(previewRule, { params: { id: modelId }, body: { territoryId: territory.id, inherit: asked.inherit, condition: asked.condition }, signal }),
  })
  const save = useMutation({
    mutationFn: () =>
      call(updateTerritory, { params: { id: modelId, territoryId: territory.id }, ifMatch: territory.rowVersion, body: { condition, inherit } }),
    onSuccess: async () => {
      await Promise.all(['territory', 'territories'].map(key => queries.invalidateQueries({ queryKey: [key] })))
      void message.success(t('territory:rule.saved'))
    },
    onError: error => {
      void message.error(say(error))
      if (error instanceof Problem && error.code === 'record.stale')
        void queries.invalidateQueries({ queryKey: ['territory', modelId, territory.id] })
    },
  })
  const dirty = JSON.stringify(condition) !== JSON.stringify(asRoot(detail.own)) || inherit !== territory.inherit
  const complete = isComplete(condition)
  const undo = () => setAt(Math.max(0, at - 1))
  const redo = () => setAt(Math.min(past.length - 1, at + 1))
  useKeys([
    { key: 'mod+z', word: 'territory:key.undo', run: undo },
    { key: 'mod+y', word: 'territory:key.redo', run: redo },
    { key: 'mod+s', word: 'territory:key.save', run: () => dirty && complete && save.mutate() },
  ])
  const data = preview.data
  const inherited = detail.lines.filter(l => l.inheritedFrom !== null)
  return (
    <div className="jy-rule">
      <div className="jy-rule-main">
        <header className="jy-row jy-wrap">
          <i className="jy-swatch" style={{ width: 15, height: 15, background: `var(--jy-terr-${territory.colour % 8})` }} />
          <h1>
            {territory.code} {territory.name}
          </h1>
          <span className="jy-muted">
            {territory.ruleVersion ? t('territory:panel.version', { version: territory.ruleVersion }) : t('territory:rule.first')}
          </span>
          {dirty && <Tag color="warning">{t('territory:rule.unsaved')}</Tag>}
          <span className="jy-grow" />
          <Button aria-label={t('territory:key.undo')} icon={<Undo2 size={14} />} disabled={at === 0} onClick={undo} />
          <Button aria-label={t('territory:key.redo')} icon={<Redo2 size={14} />} disabled={at >= past.length - 1} onClick={redo} />
          <Segmented
            value={mode}
            onChange={value => {
              if (value === 'json') setText(JSON.stringify(condition, null, 2))
              setBroken(null)
              setMode(value as 'blocks')
            }}
            options={[
              { value: 'blocks', label: t('territory:rule.blocks') },
              { value: 'json', label: 'JSON' },
            ]}
          />
          {plans && (
            <Button type="primary" icon={<Save size={14} />} disabled={!dirty || !complete} loading={save.isPending} onClick={() => save.mutate()}>
              {t('territory:rule.save')}
            </Button>
          )}
          <Button onClick={() => void navigate({ to: '/map', search: { model: modelId, t: territory.id } as never })}>
            {t('territory:rule.back')}
          </Button>
        </header>
        <p className="jy-reads" aria-live="polite">
          <Quote size={14} /> {t('territory:rule.reads', { sentence: data?.sentence ?? detail.sentence })}
        </p>
        {!complete && <p className="jy-muted">{t('territory:rule.unfinished')}</p>}
        {data?.problems.map(p => (
          <p key={p.path + p.code} className="jy-warn" role="alert">
            {p.words}
          </p>
        ))}
        <section className="jy-card jy-blocks">
          {inherited.map(line => (
            <div className="jy-block jy-block-inherited" key={`${line.inheritedFrom!.id}${line.path}`} data-off={!inherit || undefined}>
              <span>{line.words}</span>
              <small className="jy-muted">{t('territory:panel.inherited', { name: line.inheritedFrom!.name })}</small>
              <span className="jy-grow" />
              <b className="jy-number">{inherit ? count(line.remaining) : '–'}</b>
            </div>
          ))}
          {(inherited.length > 0 || !territory.inherit) && (
            <label className="jy-row jy-muted" htmlFor="inherit">
              <Switch id="inherit" size="small" checked={inherit} onChange={setInherit} />
              {t('territory:add.inherit')}
            </label>
          )}
          {mode === 'blocks' ? (
            catalogue.data && (
              <Blocks condition={condition} catalogue={catalogue.data} lines={data?.lines ?? []} total={data?.accounts ?? 0} onChange={change} />
            )
          ) : (
            <>
              <Input.TextArea
                aria-label="JSON"
                className="jy-code"
                autoSize={{ minRows: 10, maxRows: 26 }}
                value={text}
                onChange={event => {
                  setText(event.target.value)
                  try {
                    const parsed = JSON.parse(event.target.value) as Condition
                    setBroken(null)
                    change(asRoot(parsed))
                  } catch (error) {
                    setBroken((error as Error).message)
                  }
                }}
              />
              {broken && <p className="jy-warn">{broken}</p>}
            </>
          )}
        </section>
        {data && (
          <section className="jy-card jy-strip" aria-busy={preview.isFetching}>
            <div>
              <small>{t('territory:rule.matched')}</small>
              <b>{count(data.matched)}</b>
            </div>
            <div className="jy-strip-bar">
              <small>{t('territory:rule.against')}</small>
              <span>
                {data.kept > 0 && (
                  <i data-k="kept" style={{ flexGrow: data.kept }}>
                    {t('territory:rule.kept', { n: count(data.kept) })}
                  </i>
                )}
                {data.added > 0 && (
                  <i data-k="added" style={{ flexGrow: data.added }}>
                    {t('territory:rule.added', { n: count(data.added) })}
                  </i>
                )}
                {data.removed > 0 && (
                  <i data-k="removed" style={{ flexGrow: data.removed }}>
                    {t('territory:rule.removed', { n: count(data.removed) })}
                  </i>
                )}
              </span>
            </div>
            <div data-bad={data.contested > 0 || undefined}>
              <small>{t('territory:rule.contested')}</small>
              <b>{count(data.contested)}</b>
            </div>
            <div data-warn={data.undecidable > 0 || undefined}>
              <small>{t('territory:rule.undecidable')}</small>
              <b>{count(data.undecidable)}</b>
            </div>
            <div>
              <small>{t('territory:rule.time')}</small>
              <b>{t('territory:rule.ms', { n: count(data.milliseconds) })}</b>
            </div>
          </section>
        )}
        {data && <Witnesses preview={data} />}
      </div>
      <RuleWhy modelId={modelId} />
    </div>
  )
}
