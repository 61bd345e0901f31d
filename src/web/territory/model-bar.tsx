/** Which model one looks at, and what can be done with it: make a draft, check, compute, switch on, go back, discard. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Input, Modal, Progress, Select, Tag } from 'antd'
import { FilePlus2, FlaskConical, GitPullRequestArrow, Play, Power, Trash2, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  activateModel,
  checkModel,
  createModel,
  discardModel,
  getJob,
  type Model,
  runModel,
  undoActivation,
} from '../../contract/territory/models.ts'
import { call, Problem } from '../app/api.ts'
import { useElsewhen } from '../app/as-of.ts'
import { count } from '../app/figures.ts'
import { useMayChange } from '../app/me.ts'
import { useProblemText } from '../app/states.tsx'
import { ModelMenu } from './model-menu.tsx'
import { TestsDrawer } from './model-tests/tests-drawer.tsx'
import { useMapSearch } from './use-model.ts'

export function ModelBar({ model, models }: { model: Model; models: readonly Model[] }) {
  const { t } = useTranslation()
  const { go } = useMapSearch()
  const navigate = useNavigate()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const plans = useMayChange('territory.plan')
  const switches = useMayChange('territory.activate')
  // Which map was in use then is no choice; the moment is chosen in the top bar.
  const elsewhen = useElsewhen()
  const [naming, setNaming] = useState(false)
  const [testing, setTesting] = useState(false)
  const [name, setName] = useState('')
  const [jobId, setJobId] = useState<string | null>(null)
  const refresh = () =>
    Promise.all(
      ['models', 'territories', 'territory', 'types', 'me', 'accounts', 'account', 'coverage'].map(key =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    )
  const fail = (error: unknown) => {
    void message.error(say(error))
    // What holds it back is at hand, with why each lands where it does.
    if (error instanceof Problem && error.code === 'model.testsFail') setTesting(true)
  }

  const make = useMutation({
    mutationFn: () => call(createModel, { body: { name, ...(model.state === 'draft' ? {} : { baseModelId: model.id }) } }),
    onSuccess: async made => {
      setNaming(false)
      await refresh()
      go({ model: made.id })
    },
    onError: fail,
  })
  const run = useMutation({ mutationFn: () => call(runModel, { params: { id: model.id } }), onSuccess: made => setJobId(made.jobId), onError: fail })
  const check = useMutation({ mutationFn: () => call(checkModel, { params: { id: model.id } }), onError: fail })
  const activate = useMutation({
    mutationFn: () => call(activateModel, { params: { id: model.id }, body: {} }),
    onSuccess: async () => {
      await refresh()
      void message.success(t('territory:model.activated', { name: model.name }))
    },
    onError: fail,
  })
  const undo = useMutation({
    mutationFn: () => call(undoActivation, { body: {} }),
    onSuccess: async made => {
      await refresh()
      go({ model: made.modelId })
      void message.success(t('territory:model.undone'))
    },
    onError: fail,
  })
  // Whatever is scheduled was made on the model in use, or on one that was.
  const stranded = models.flatMap(m => (m.effectiveAt !== null && Date.parse(m.effectiveAt) > Date.now() ? [m.name] : []))
  const discard = useMutation({
    mutationFn: () => call(discardModel, { params: { id: model.id }, ifMatch: model.rowVersion }),
    onSuccess: async () => {
      await refresh()
      go({ model: undefined } as never)
    },
    onError: fail,
  })
  const job = useQuery({
    queryKey: ['job', jobId],
    enabled: jobId !== null,
    queryFn: ({ signal }) => call(getJob, { params: { id: jobId! }, signal }),
    refetchInterval: query => (query.state.data && ['done', 'failed', 'cancelled'].includes(query.state.data.state) ? false : 500),
  })
  const state = job.data?.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once when the job ends
  useEffect(() => {
    if (state === 'done' || state === 'failed') void refresh()
  }, [state])

  const words = model.active ? t('territory:model.active') : t(`territory:model.${model.state}`)
  return (
    <div className="jy-model-bar">
      <Select
        aria-label={t('territory:model.choose')}
        value={model.id}
        disabled={elsewhen}
        style={{ minWidth: 210 }}
        onChange={id => go({ model: id })}
        options={(models.some(m => m.id === model.id) ? models : [model, ...models]).map(m => ({
          value: m.id,
          label: `${m.name}${m.version ? ` v${m.version}` : ''} · ${m.active ? t('territory:model.active') : t(`territory:model.${m.state}`)}`,
        }))}
      />
      {!elsewhen && <Tag color={model.active ? 'success' : model.state === 'draft' ? 'warning' : 'default'}>{words}</Tag>}
      {job.data && jobId && state !== 'done' && state !== 'failed' && (
        <span className="jy-row" style={{ minWidth: 160 }}>
          {t('territory:model.computing')}
          <Progress
            percent={job.data.total ? Math.round((job.data.done / job.data.total) * 100) : 0}
            size="small"
            style={{ width: 90 }}
            showInfo={false}
            status="active"
          />
        </span>
      )}
      {state === 'done' && model.state === 'ready' && !model.active && (
        <span className="jy-muted">
          {t('territory:model.computed', {
            accounts: count(Number(job.data?.note?.accounts ?? 0)),
            unassigned: count(Number(job.data?.note?.unassigned ?? 0)),
            ms: count(Number(job.data?.note?.milliseconds ?? 0)),
          })}
        </span>
      )}
      {state === 'failed' && <span className="jy-warn">{String(job.data?.note?.message ?? job.data?.note?.problem ?? '')}</span>}
      <span className="jy-grow" />
      {plans && (
        <Button icon={<FilePlus2 size={14} />} onClick={() => setNaming(true)}>
          {t('territory:model.newDraft')}
        </Button>
      )}
      {plans && model.state === 'draft' && (
        <>
          <Button icon={<FlaskConical size={14} />} loading={check.isPending} onClick={() => check.mutate()}>
            {t('territory:model.check')}
          </Button>
          <Button
            type={model.changeSetId ? 'default' : 'primary'}
            icon={<Play size={14} />}
            loading={run.isPending || (jobId !== null && state !== 'done' && state !== 'failed')}
            onClick={() => run.mutate()}
          >
            {t('territory:model.run')}
          </Button>
          <Button
            danger
            icon={<Trash2 size={14} />}
            aria-label={t('territory:model.discard')}
            onClick={() =>
              modal.confirm({
                title: t('territory:model.discardAsk', { name: model.name }),
                okText: t('territory:model.discard'),
                okButtonProps: { danger: true },
                cancelText: t('shell:cancel'),
                onOk: () => discard.mutateAsync().catch(() => undefined),
              })
            }
          />
        </>
      )}
      {model.changeSetId && !model.active && !elsewhen && (
        <Button
          type="primary"
          icon={<GitPullRequestArrow size={14} />}
          onClick={() => void navigate({ to: '/changes/$id' as never, params: { id: model.changeSetId } as never })}
        >
          {t('change:entry')}
        </Button>
      )}
      {switches && model.state === 'ready' && !model.active && (
        <Button
          type={model.changeSetId ? 'default' : 'primary'}
          icon={<Power size={14} />}
          loading={activate.isPending}
          onClick={() =>
            modal.confirm({
              title: t('territory:model.activateAsk', { name: model.name }),
              content: t('territory:model.activateWhy'),
              okText: t('territory:model.activate'),
              cancelText: t('shell:cancel'),
              onOk: () => activate.mutateAsync().catch(() => undefined),
            })
          }
        >
          {t('territory:model.activate')}
        </Button>
      )}
      {switches && model.active && models.filter(m => m.effectiveAt !== null).length > 1 && (
        <Button
          icon={<Undo2 size={14} />}
          loading={undo.isPending}
          onClick={() =>
            modal.confirm({
              title: t('territory:model.undoAsk'),
              content: (
                <>
                  <p>{t('territory:model.undoWhy')}</p>
                  {stranded.length > 0 && <p className="jy-warn">{t('change:ask.strands', { names: stranded.join(', ') })}</p>}
                </>
              ),
              okText: t('territory:model.undo'),
              cancelText: t('shell:cancel'),
              onOk: () => undo.mutateAsync().catch(() => undefined),
            })
          }
        >
          {t('territory:model.undo')}
        </Button>
      )}
      {!elsewhen && <ModelMenu model={model} models={models} onTests={() => setTesting(true)} />}
      {testing && <TestsDrawer model={model} onClose={() => setTesting(false)} />}
      <Modal
        open={naming}
        title={t('territory:model.newDraft')}
        okText={t('territory:model.make')}
        cancelText={t('shell:cancel')}
        okButtonProps={{ disabled: name.trim() === '', loading: make.isPending }}
        onOk={() => make.mutate()}
        onCancel={() => setNaming(false)}
      >
        <p className="jy-muted">{t('territory:model.draftWhy', { base: model.state === 'draft' ? '' : model.name })}</p>
        <Input
          autoFocus
          value={name}
          maxLength={80}
          placeholder={t('territory:model.name')}
          onChange={event => setName(event.target.value)}
          onPressEnter={() => name.trim() && make.mutate()}
        />
      </Modal>
      <Modal open={check.isSuccess} title={t('territory:model.check')} footer={null} onCancel={() => check.reset()}>
        {check.data?.problems.length === 0 ? (
          <p>{t('territory:model.sound')}</p>
        ) : (
          <ol>
            {check.data?.problems.map((p, i) => (
              <li key={`${i}${p.code}`}>{p.words}</li>
            ))}
          </ol>
        )}
      </Modal>
    </div>
  )
}
