/** One test: which customer or which attributes, where it must land, and whose it must be. The server's refusal stands beside the field it names. */
import { useQuery } from '@tanstack/react-query'
import { Form, Input, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listAccounts } from '../../../contract/account/accounts.ts'
import { listUsers } from '../../../contract/identity/people.ts'
import type { TestResult } from '../../../contract/territory/model-file.ts'
import type { Model } from '../../../contract/territory/models.ts'
import type { FieldValue } from '../../../core/condition/condition.ts'
import { call, Problem } from '../../app/api.ts'
import { useRested } from '../../app/paged.ts'
import { useTerritories } from '../use-model.ts'
import { useSaveTests } from './use-tests.ts'
import { ValuesField } from './values-field.tsx'

type Values = { name?: string; account?: string; territory?: string; owner?: string }
type Read = { readonly values: Readonly<Record<string, FieldValue>>; readonly ready: boolean; readonly words: string }
/** No code of a territory: those are text that people type. */
const NOWHERE = ' '

type Props = { readonly model: Model; readonly rows: readonly TestResult[]; readonly test: TestResult | null; readonly onClose: () => void }

export function TestForm({ model, rows, test, onClose }: Props) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const [about, setAbout] = useState<'account' | 'values'>(test?.values ? 'values' : 'account')
  const [read, setRead] = useState<Read>({ values: test?.values ?? {}, ready: true, words: '' })
  const [needle, setNeedle] = useState('')
  const [whose, setWhose] = useState('')
  const [search, person] = [useRested(needle.trim()), useRested(whose.trim())]
  const territories = useTerritories(model.id)
  const accounts = useQuery({
    queryKey: ['accounts', 'pick', search],
    enabled: search !== '' && about === 'account',
    queryFn: ({ signal }) => call(listAccounts, { query: { search, limit: 20 }, signal }),
  })
  const people = useQuery({
    queryKey: ['people', 'pick', person],
    enabled: about === 'account',
    queryFn: ({ signal }) => call(listUsers, { query: { search: person || undefined, state: 'active', limit: 20 }, signal }),
  })
  const save = useSaveTests(model.id, rows, {
    onDone: onClose,
    onRefused: error => {
      if (!(error instanceof Problem)) return false
      const named = error.errors.flatMap(e => {
        const name = e.field.replace(/^tests\/\d+\/?/, '') as keyof Values
        return form.getFieldInstance(name) === undefined ? [] : [{ name, errors: [e.detail] }]
      })
      form.setFields(named)
      return named.length > 0
    },
  })
  const found = (accounts.data?.rows ?? []).map(r => ({ value: r.id, label: String(r.values.name) }))
  const known =
    test?.account && !found.some(a => a.value === test.account!.id) ? [{ value: test.account.id, label: test.account.name ?? t('tests:unseen') }] : []
  const logins = (people.data?.rows ?? []).map(p => ({ value: p.login, label: `${p.name} · ${p.login}` }))
  const owner =
    test?.ownerLogin && !logins.some(p => p.value === test.ownerLogin)
      ? [{ value: test.ownerLogin, label: test.expected.owner ?? test.ownerLogin }]
      : []
  const places = (territories.data?.rows ?? []).map(r => ({ value: r.code, label: `${r.code} ${r.name}` }))
  // A test may name a territory that the draft lost meanwhile: it is shown as it stands, and choosing it again is refused.
  const lost = test?.expected.territory && territories.data && !places.some(p => p.value === test.expected.territory)
  const finish = (v: Values) => {
    const place = v.territory === NOWHERE ? null : v.territory!
    const subject = about === 'account' ? [...known, ...found].find(a => a.value === v.account)?.label : read.words
    const name = v.name?.trim() || `${(subject || t('tests:about.values')).slice(0, 70)} → ${place ?? t('tests:nowhere')}`.slice(0, 120)
    save.mutate({
      instead: test?.id ?? null,
      test: {
        name,
        territory: place,
        ...(about === 'account' ? { account: v.account!, ...(v.owner ? { owner: v.owner } : {}) } : { values: read.values as never }),
      },
    })
  }
  return (
    <Modal
      open
      title={t(test ? 'tests:edit' : 'tests:add')}
      okText={t('shell:save')}
      cancelText={t('shell:cancel')}
      okButtonProps={{ loading: save.isPending, disabled: about === 'values' && !read.ready }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          name: test?.name,
          account: test?.account?.id,
          territory: test ? (test.expected.territory ?? NOWHERE) : undefined,
          owner: test?.ownerLogin ?? undefined,
        }}
        onFinish={finish}
      >
        <Segmented
          block
          className="jy-test-about"
          value={about}
          onChange={setAbout}
          options={(['account', 'values'] as const).map(value => ({ value, label: t(`tests:about.${value}`) }))}
        />
        {about === 'account' ? (
          <Form.Item name="account" label={t('tests:account')} rules={[{ required: true, message: t('tests:accountMissing') }]}>
            <Select
              showSearch={{ filterOption: false, onSearch: setNeedle }}
              loading={accounts.isFetching}
              placeholder={t('tests:accountFind')}
              notFoundContent={search === '' ? t('tests:accountType') : accounts.isFetching ? t('shell:state.loading') : t('tests:accountNone')}
              options={[...known, ...found]}
            />
          </Form.Item>
        ) : (
          <ValuesField start={test?.values ?? {}} onRead={setRead} />
        )}
        <Form.Item
          name="territory"
          label={t('tests:lands')}
          extra={lost ? t('tests:lost', { code: test!.expected.territory }) : undefined}
          rules={[{ required: true, message: t('tests:landsMissing') }]}
        >
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            loading={territories.isPending}
            placeholder={t('tests:landsFind')}
            options={[{ value: NOWHERE, label: t('tests:nowhere') }, ...places]}
          />
        </Form.Item>
        {about === 'account' && (
          <Form.Item name="owner" label={t('tests:owner')} extra={t('tests:ownerWhy')}>
            <Select allowClear showSearch={{ filterOption: false, onSearch: setWhose }} loading={people.isFetching} options={[...owner, ...logins]} />
          </Form.Item>
        )}
        <Form.Item name="name" label={t('tests:name')} extra={t('tests:nameWhy')}>
          <Input maxLength={120} placeholder={t('tests:nameLike')} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
