/** What can be done with a territory in a draft without a mouse to drag it: rename, put it below another, take it out with all below. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Dropdown, Form, Input, InputNumber, Modal, Select, Switch } from 'antd'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteTerritory, type Model, type TerritoryRow, updateTerritory } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { useProblemText } from '../app/states.tsx'
import { ancestorsOf } from './tree-rows.ts'

type Props = {
  readonly model: Model
  readonly territory: TerritoryRow
  readonly rows: readonly TerritoryRow[]
  readonly byId: ReadonlyMap<string, TerritoryRow>
  readonly onSelect: (id: string | null) => void
}
type Values = { code: string; name: string; nameEn?: string; parentId?: string; inherit: boolean; priority: number }

export function TerritoryMenu({ model, territory, rows, byId, onSelect }: Props) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const params = { id: model.id, territoryId: territory.id }
  const refresh = () =>
    Promise.all(['territories', 'territory', 'map-figures', 'type-grid'].map(key => queries.invalidateQueries({ queryKey: [key] })))
  const change = useMutation({
    mutationFn: (v: Values) =>
      call(updateTerritory, {
        params,
        ifMatch: territory.rowVersion,
        body: {
          code: v.code,
          name: v.name,
          nameEn: v.nameEn?.trim() || null,
          parentId: v.parentId ?? null,
          inherit: v.inherit,
          priority: v.priority,
        },
      }),
    onSuccess: async () => {
      setOpen(false)
      await refresh()
    },
    onError: error => {
      if (!markFields(form, error)) void message.error(say(error))
    },
  })
  const remove = useMutation({
    mutationFn: () => call(deleteTerritory, { params, ifMatch: territory.rowVersion }),
    onSuccess: async gone => {
      onSelect(territory.parentId)
      await refresh()
      void message.success(t('territory:menu.removed', { count: gone.removed }))
    },
    onError: error => void message.error(say(error)),
  })
  const below = rows.filter(r => ancestorsOf(byId, r.id).includes(territory.id)).length
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'change', label: t('territory:menu.change') },
            { key: 'remove', danger: true, label: t('territory:menu.remove') },
          ],
          onClick: ({ key }) => {
            if (key === 'change') setOpen(true)
            else
              modal.confirm({
                title: t('territory:menu.removeAsk', { name: `${territory.code} ${territory.name}` }),
                content: below > 0 ? t('territory:menu.removeBelow', { count: below }) : t('territory:menu.removeWhy'),
                okText: t('territory:menu.remove'),
                okButtonProps: { danger: true },
                cancelText: t('shell:cancel'),
                onOk: () => remove.mutateAsync().catch(() => undefined),
              })
          },
        }}
      >
        <button type="button" className="jy-icon-button" aria-label={t('territory:menu.more')}>
          <Ellipsis size={15} />
        </button>
      </Dropdown>
      <Modal
        open={open}
        destroyOnHidden
        title={t('territory:menu.change')}
        okText={t('shell:save')}
        cancelText={t('shell:cancel')}
        okButtonProps={{ loading: change.isPending }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
      >
        <Form
          form={form}
          layout="vertical"
          initialValues={{
            code: territory.code,
            name: territory.name,
            nameEn: territory.nameEn ?? undefined,
            parentId: territory.parentId ?? undefined,
            inherit: territory.inherit,
            priority: territory.priority,
          }}
          onFinish={v => change.mutate(v)}
        >
          <Form.Item
            name="code"
            label={t('territory:add.code')}
            rules={[{ required: true, whitespace: true, message: t('territory:add.codeMissing') }]}
          >
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item
            name="name"
            label={t('territory:add.name')}
            rules={[{ required: true, whitespace: true, message: t('territory:add.nameMissing') }]}
          >
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="nameEn" label={t('territory:menu.nameEn')}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="parentId" label={t('territory:menu.moveTo')}>
            <Select
              allowClear
              placeholder={t('territory:menu.top')}
              showSearch={{ optionFilterProp: 'label' }}
              options={rows
                .filter(r => r.id !== territory.id && !ancestorsOf(byId, r.id).includes(territory.id))
                .map(r => ({ value: r.id, label: `${'\u3000'.repeat(r.depth)}${r.code} ${r.name}` }))}
            />
          </Form.Item>
          <Form.Item name="inherit" label={t('territory:add.inherit')} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Form.Item name="priority" label={t('territory:menu.priority')} extra={t('territory:menu.priorityWhy')}>
            <InputNumber min={-1000} max={1000} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
