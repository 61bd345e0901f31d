/** A new territory in a draft: code, name, type, place in the tree; its rule is written next. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Form, Input, Modal, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { createTerritory, type Model, type TerritoryRow } from '../../contract/territory/models.ts'
import { call } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { currentLocale, labelOf } from '../app/i18n.ts'
import { useProblemText } from '../app/states.tsx'
import { useTypes } from './use-model.ts'

type Props = {
  readonly model: Model
  readonly rows: readonly TerritoryRow[]
  readonly parent: TerritoryRow | null
  readonly onClose: () => void
  readonly onAdded: (id: string) => void
}
type Values = { code: string; name: string; typeId: string; parentId?: string; inherit: boolean }

export function AddTerritory({ model, rows, parent, onClose, onAdded }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const types = useTypes(model.id)
  const [form] = Form.useForm<Values>()
  const add = useMutation({
    mutationFn: (v: Values) =>
      call(createTerritory, {
        params: { id: model.id },
        body: { code: v.code, name: v.name, typeId: v.typeId, parentId: v.parentId ?? null, inherit: v.inherit },
      }),
    onSuccess: async made => {
      await queries.invalidateQueries({ queryKey: ['territories', model.id] })
      onAdded(made.id)
      onClose()
      void navigate({ to: '/map/rule/$modelId/$territoryId', params: { modelId: model.id, territoryId: made.id } as never })
    },
    onError: error => {
      if (!markFields(form, error)) void message.error(say(error))
    },
  })
  const firstType = parent?.typeId ?? types.data?.rows.find(x => x.key === 'geography')?.id ?? types.data?.rows[0]?.id
  if (!types.data) return null
  return (
    <Modal
      open
      title={t('territory:add.title')}
      okText={t('territory:add.next')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: add.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" initialValues={{ typeId: firstType, parentId: parent?.id, inherit: true }} onFinish={v => add.mutate(v)}>
        <Form.Item
          name="code"
          label={t('territory:add.code')}
          rules={[{ required: true, whitespace: true, max: 40, message: t('territory:add.codeMissing') }]}
        >
          <Input autoFocus maxLength={40} />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('territory:add.name')}
          rules={[{ required: true, whitespace: true, max: 80, message: t('territory:add.nameMissing') }]}
        >
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="typeId" label={t('territory:add.type')}>
          <Select
            options={types.data.rows.map(x => ({ value: x.id, label: `${labelOf(x.labels, currentLocale())} · ${t(`territory:layer.${x.layer}`)}` }))}
          />
        </Form.Item>
        <Form.Item name="parentId" label={t('territory:add.parent')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            options={rows.map(r => ({ value: r.id, label: `${' '.repeat(r.depth)}${r.code} ${r.name}` }))}
          />
        </Form.Item>
        <Form.Item name="inherit" label={t('territory:add.inherit')} valuePropName="checked">
          <Switch />
        </Form.Item>
      </Form>
    </Modal>
  )
}
