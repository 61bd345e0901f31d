/** The rule editor: blocks, the sentence they mean, live counts against every account one may see, witnesses, and why one account stands where it does. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Input, Segmented, Switch, Tag } from 'antd'
import { Lock, Quote, Redo2, Save, Undo2 } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getCatalogue } from '../../contract/builder/catalogue.ts'
import { getTerritory, previewRule, updateTerritory } from '../../contract/territory/models.ts'
import { canonical } from '../../core/condition/canonical.ts'
import type { Condition } from '../../core/condition/condition.ts'
import { call, Problem, type ReplyOf } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { useKeys } from '../app/keys.ts'
import { useMayChange } from '../app/me.ts'
import { ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import { Blocks } from '../condition/blocks.tsx'
import { asRoot, finished, finishedPaths, isComplete } from '../condition/edit-condition.ts'
import { JsonView } from '../condition/json-view.tsx'
import { useCrumb } from '../shell/crumb.ts'
import { RuleProof } from './rule-proof.tsx'
import { RuleStrip } from './rule-strip.tsx'
import { RuleWhy } from './rule-why.tsx'
import { Witnesses } from './witnesses.tsx'
import './map-page.css'
import './rule-editor.css'

type Mode = 'blocks' | 'text' | 'json'
const LANGUAGES = ['zh-CN', 'zh-TW', 'en'] as const

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
  const [mode, setMode] = useState<Mode>('blocks')
  const [why, setWhy] = useState('')
  const [accountId, setAccountId] = useState<string | null>(null)
  const condition = past[at]!
  const change = (next: Condition) => {
    setPast([...past.slice(Math.max(0, at - 99), at + 1), asRoot(next)])
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
  const languages = mode === 'text'
  const preview = useQuery({
    queryKey: ['preview', modelId, territory.id, languages, JSON.stringify(asked)],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call(previewRule, {
        params: { id: modelId },
        body: { territoryId: territory.id, inherit: asked.inherit, condition: asked.condition, languages },
        signal,
      }),
  })
  const save = useMutation({
    mutationFn: () =>
      call(updateTerritory, {
        params: { id: modelId, territoryId: territory.id },
        ifMatch: territory.rowVersion,
        body: { condition, inherit, why: why.trim() || undefined },
      }),
    onSuccess: async () => {
      await Promise.all(['territory', 'territories', 'map-figures', 'why'].map(key => queries.invalidateQueries({ queryKey: [key] })))
      void message.success(t('territory:rule.saved'))
    },
    onError: error => {
      void message.error(say(error))
      if (error instanceof Problem && error.code === 'record.stale')
        void queries.invalidateQueries({ queryKey: ['territory', modelId, territory.id] })
    },
  })
  const dirty = canonical(condition) !== canonical(asRoot(detail.own)) || inherit !== territory.inherit
  const complete = isComplete(condition)
  const undo = () => setAt(Math.max(0, at - 1))
  const redo = () => setAt(Math.min(past.length - 1, at + 1))
  useKeys([
    { key: 'mod+z', word: 'territory:key.undo', run: undo },
    { key: 'mod+y', word: 'territory:key.redo', run: redo },
    { key: 'mod+s', word: 'territory:key.save', run: () => dirty && complete && save.mutate() },
    {
      key: 'mod+Enter',
      word: 'territory:key.run',
      run: () => {
        setAsked({ condition: wanted, inherit })
        void preview.refetch()
      },
    },
  ])
  const data = preview.data
  // A rule with a fault was not counted: figures of nothing would mislead.
  const sound = data && data.problems.length === 0 ? data : null
  const stale = preview.isFetching || asked.condition !== wanted
  // The server counted the finished rule; its paths are put back onto the blocks as they stand here.
  const { lines, problems } = useMemo(() => {
    const paths = finishedPaths(condition)
    const place = (wire: string) => (paths.get(wire) ?? paths.get(wire.replace(/\.(values|list|rings).*$/, '')))?.join('.')
    return {
      lines: new Map((data?.lines ?? []).flatMap(l => (place(l.path) === undefined ? [] : [[place(l.path)!, l] as const]))),
      problems: new Map((data?.problems ?? []).flatMap(p => (place(p.path) === undefined ? [] : [[place(p.path)!, p.words] as const]))),
    }
  }, [condition, data])
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
            onChange={value => setMode(value as Mode)}
            options={(['blocks', 'text', 'json'] as const).map(value => ({ value, label: t(`territory:rule.${value}`) }))}
          />
          {plans && dirty && (
            <Input
              className="jy-rule-reason"
              maxLength={400}
              value={why}
              placeholder={t('territory:rule.reason')}
              aria-label={t('territory:rule.reason')}
              onChange={event => setWhy(event.target.value)}
            />
          )}
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
        {preview.isError && <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />}
        {data?.problems
          .filter(p => ![...problems.values()].includes(p.words))
          .map(p => (
            <p key={p.path + p.code} className="jy-bad" role="alert">
              {p.words}
            </p>
          ))}
        <section className="jy-card jy-blocks">
          {inherited.map(line => (
            <div className="jy-block jy-block-inherited" key={`${line.inheritedFrom!.id}${line.path}`} data-off={!inherit || undefined}>
              <Lock size={12} aria-hidden className="jy-block-grip" />
              <span>{line.words}</span>
              <small className="jy-muted">{t('territory:rule.locked', { name: line.inheritedFrom!.name })}</small>
              <span className="jy-grow" />
              <span className="jy-block-count">
                <b className="jy-number">{inherit && line.remaining !== null ? count(line.remaining) : '–'}</b>
              </span>
            </div>
          ))}
          {(inherited.length > 0 || !territory.inherit) && (
            <label className="jy-row jy-muted" htmlFor="inherit">
              <Switch id="inherit" size="small" checked={inherit} onChange={setInherit} />
              {t('territory:add.inherit')}
            </label>
          )}
          {mode === 'blocks' &&
            (catalogue.isError ? (
              <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />
            ) : catalogue.data ? (
              <Blocks
                condition={condition}
                catalogue={catalogue.data}
                lines={lines}
                problems={problems}
                total={data?.inherited ?? 0}
                stale={stale}
                hiddenFields={detail.hiddenFields}
                onChange={change}
              />
            ) : (
              <Skeleton lines={3} />
            ))}
          {mode === 'text' && (
            <dl className="jy-sentences">
              {LANGUAGES.map(language => (
                <div key={language}>
                  <dt>{new Intl.DisplayNames([language], { type: 'language' }).of(language)}</dt>
                  <dd lang={language}>{data?.sentences?.[language] ?? '…'}</dd>
                </div>
              ))}
            </dl>
          )}
          {mode === 'json' && <JsonView condition={condition} onChange={change} />}
        </section>
        {sound && <RuleStrip data={sound} waiting={stale} />}
        {plans && sound && <RuleProof modelId={modelId} territoryId={territory.id} asked={asked} />}
        {sound && <Witnesses preview={sound} chosen={accountId} onChoose={setAccountId} />}
      </div>
      <RuleWhy modelId={modelId} accountId={accountId} onAccount={setAccountId} unsaved={dirty} />
    </div>
  )
}
