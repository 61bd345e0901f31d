/** Boundary sets: bring a file, read what was refused and what found no division, look through the areas. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Form, Input, Modal, Segmented, Select, Upload } from 'antd'
import { FileUp, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type BoundaryArea,
  type BoundarySet,
  deleteBoundarySet,
  importBoundarySet,
  listBoundaryAreas,
  listBoundarySets,
} from '../../contract/geography/boundaries.ts'
import { COORDINATE_SYSTEMS, type CoordinateSystem } from '../../core/geography/convert.ts'
import { call } from '../app/api.ts'
import { count } from '../app/figures.ts'
import { moment } from '../app/format.ts'
import { useMayChange, useMe } from '../app/me.ts'
import { usePaged, useRested } from '../app/paged.ts'
import { Empty, ErrorState, Skeleton, useProblemText } from '../app/states.tsx'
import './lists-page.css'

export function BoundariesPage() {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const me = useMe()
  const plans = useMayChange('territory.plan')
  const [bringing, setBringing] = useState(false)
  const [open, setOpen] = useState<BoundarySet | null>(null)
  const sets = usePaged<BoundarySet>(['boundary-sets', 'page'], (cursor, signal) => call(listBoundarySets, { query: { cursor }, signal }))
  const remove = useMutation({
    mutationFn: (set: BoundarySet) => call(deleteBoundarySet, { params: { id: set.id }, ifMatch: set.rowVersion }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['boundary-sets'] }),
    onError: error => void message.error(say(error)),
  })
  return (
    <section className="jy-card jy-setting-box">
      <header className="jy-row jy-wrap">
        <div className="jy-grow">
          <h2>{t('territory:boundaries.title')}</h2>
          <p className="jy-muted">{t('territory:boundaries.lead')}</p>
        </div>
        {plans && (
          <Button type="primary" icon={<FileUp size={14} />} onClick={() => setBringing(true)}>
            {t('territory:boundaries.bring')}
          </Button>
        )}
      </header>
      {sets.pending ? (
        <Skeleton lines={4} />
      ) : sets.error ? (
        <ErrorState error={sets.error} onRetry={sets.retry} />
      ) : sets.rows.length === 0 ? (
        <Empty title={t('territory:boundaries.empty')} why={t('territory:boundaries.emptyWhy')} />
      ) : (
        <ul className="jy-setting-list jy-lists">
          {sets.rows.map(set => (
            <li key={set.id}>
              <button type="button" className="jy-plain jy-lists-name" onClick={() => setOpen(set)}>
                {set.name}
              </button>
              <span>{t('territory:boundaries.areas', { n: count(set.areas), count: set.areas })}</span>
              {set.report.refusedCount > 0 && (
                <span className="jy-bad">{t('territory:boundaries.refused', { n: count(set.report.refusedCount) })}</span>
              )}
              {set.report.unmatchedCount > 0 && (
                <span className="jy-warn">{t('territory:boundaries.unmatched', { n: count(set.report.unmatchedCount) })}</span>
              )}
              <span className="jy-grow" />
              <small className="jy-muted">
                {set.crs} · {set.createdBy ?? ''} · {moment(set.createdAt, new Date(), me?.tenant.zone)}
              </small>
              {plans && (
                <button
                  type="button"
                  className="jy-plain"
                  aria-label={t('territory:boundaries.remove', { name: set.name })}
                  onClick={() =>
                    modal.confirm({
                      title: t('territory:boundaries.remove', { name: set.name }),
                      content: t('territory:boundaries.removeWhy'),
                      okText: t('shell:remove'),
                      okButtonProps: { danger: true },
                      cancelText: t('shell:cancel'),
                      onOk: () => remove.mutateAsync(set).catch(() => undefined),
                    })
                  }
                >
                  <Trash2 size={14} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {sets.hasMore && (
        <Button block loading={sets.loadingMore} onClick={sets.more}>
          {t('territory:proof.more')}
        </Button>
      )}
      {bringing && (
        <Bring
          onClose={() => setBringing(false)}
          onDone={set => {
            setBringing(false)
            setOpen(set)
          }}
        />
      )}
      {open && <SetDrawer set={open} onClose={() => setOpen(null)} />}
    </section>
  )
}

type Values = { name: string; crs: CoordinateSystem }

function Bring({ onClose, onDone }: { onClose: () => void; onDone: (set: BoundarySet) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const [file, setFile] = useState<File | null>(null)
  const bring = useMutation({
    mutationFn: (v: Values) => {
      const data = new FormData()
      data.append('file', file!)
      return call(importBoundarySet, { query: { name: v.name, crs: v.crs }, form: data })
    },
    onSuccess: async set => {
      await queries.invalidateQueries({ queryKey: ['boundary-sets'] })
      onDone(set)
    },
    onError: error => void message.error(say(error), 8),
  })
  return (
    <Modal
      open
      title={t('territory:boundaries.bring')}
      okText={t('territory:boundaries.start')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ disabled: file === null, loading: bring.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" onFinish={v => bring.mutate(v)}>
        <Form.Item label={t('territory:boundaries.file')} extra={t('territory:boundaries.fileWhy')}>
          <Upload
            accept=".json,.geojson,.topojson,application/json,application/geo+json"
            maxCount={1}
            beforeUpload={chosen => {
              setFile(chosen)
              if (!form.getFieldValue('name')) form.setFieldValue('name', chosen.name.replace(/\.[^.]+$/, '').slice(0, 80))
              return false
            }}
            onRemove={() => setFile(null)}
          >
            <Button icon={<FileUp size={14} />}>{t('territory:boundaries.choose')}</Button>
          </Upload>
        </Form.Item>
        <Form.Item
          name="name"
          label={t('territory:lists.name')}
          rules={[{ required: true, whitespace: true, message: t('territory:add.nameMissing') }]}
        >
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item
          name="crs"
          label={t('territory:boundaries.crs')}
          rules={[{ required: true, message: t('territory:boundaries.crsMissing') }]}
          extra={t('territory:boundaries.crsWhy')}
        >
          <Select options={COORDINATE_SYSTEMS.map(value => ({ value, label: t(`territory:boundaries.system.${value}`) }))} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function SetDrawer({ set, onClose }: { set: BoundarySet; onClose: () => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [only, setOnly] = useState<'all' | 'unmatched'>('all')
  const search = useRested(typed)
  const areas = usePaged<BoundaryArea>(['boundary-areas', set.id, search, only], (cursor, signal) =>
    call(listBoundaryAreas, {
      params: { id: set.id },
      query: { search: search || undefined, cursor, ...(only === 'unmatched' ? { unmatched: 'true' as const } : {}) },
      signal,
    }),
  )
  const { report } = set
  return (
    <Drawer open size={620} title={set.name} onClose={onClose}>
      <p>
        {t('territory:boundaries.report', {
          areas: count(set.areas),
          matched: count(set.areas - report.unmatchedCount),
          snapped: count(report.snapped),
          lonely: count(report.lonely),
        })}
      </p>
      {report.refused.length > 0 && (
        <>
          <h3>{t('territory:boundaries.refused', { n: count(report.refusedCount) })}</h3>
          <ul className="jy-rejected">
            {report.refused.map(f => (
              <li key={f.feature}>{f.words}</li>
            ))}
          </ul>
        </>
      )}
      <div className="jy-lists-form">
        <div className="jy-row jy-wrap">
          <Input
            allowClear
            className="jy-grow"
            value={typed}
            placeholder={t('territory:boundaries.find')}
            aria-label={t('territory:boundaries.find')}
            onChange={event => setTyped(event.target.value)}
          />
          <Segmented
            value={only}
            onChange={value => setOnly(value as 'all')}
            options={(['all', 'unmatched'] as const).map(value => ({ value, label: t(`territory:boundaries.only.${value}`) }))}
          />
        </div>
        {areas.pending ? (
          <Skeleton lines={6} />
        ) : areas.error ? (
          <ErrorState error={areas.error} onRetry={areas.retry} />
        ) : areas.rows.length === 0 ? (
          <Empty title={t('territory:tree.nothing')} />
        ) : (
          <ul className="jy-list-values" style={{ maxHeight: 'none' }}>
            {areas.rows.map(a => (
              <li key={a.id}>
                <b>{a.name}</b>
                <span className={a.division ? 'jy-muted' : 'jy-warn'}>{a.division?.name ?? t('territory:boundaries.noDivision')}</span>
                <span className="jy-grow" />
                <small className="jy-muted">{t('territory:boundaries.shape', { corners: count(a.corners), neighbours: count(a.neighbours) })}</small>
              </li>
            ))}
          </ul>
        )}
        {areas.hasMore && (
          <Button loading={areas.loadingMore} onClick={areas.more}>
            {t('territory:proof.more')}
          </Button>
        )}
      </div>
    </Drawer>
  )
}
