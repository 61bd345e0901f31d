/** Contacts of an account: seen as far as private fields may be seen. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal } from 'antd'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountDetail } from '../../contract/account/accounts.ts'
import { addContact, deleteContact, updateContact } from '../../contract/account/attached.ts'
import { call } from '../app/api.ts'
import { markFields } from '../app/form-problem.ts'
import { Empty, useProblemText } from '../app/states.tsx'

type Contact = AccountDetail['contacts'][number]
type Values = { name: string; title?: string; phone?: string; email?: string; note?: string; leftAt?: string }

export function Contacts({ account, wide = false }: { account: AccountDetail; wide?: boolean }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const queries = useQueryClient()
  const [open, setOpen] = useState<Contact | 'new' | null>(null)
  const [form] = Form.useForm<Values>()
  const refresh = () => queries.invalidateQueries({ queryKey: ['account', account.id] })
  const save = useMutation({
    mutationFn: async (v: Values) => {
      const body = {
        name: v.name,
        title: v.title || null,
        phone: v.phone || null,
        email: v.email || null,
        note: v.note || null,
        leftAt: v.leftAt || null,
      }
      if (open === 'new' || open === null) await call(addContact, { params: { id: account.id }, body })
      else await call(updateContact, { params: { id: account.id, subId: open.id }, ifMatch: open.rowVersion, body })
    },
    onSuccess: async () => {
      setOpen(null)
      await refresh()
    },
    onError: error => {
      if (!markFields(form, error)) void message.error(say(error))
    },
  })
  const remove = useMutation({
    mutationFn: (c: Contact) => call(deleteContact, { params: { id: account.id, subId: c.id }, ifMatch: c.rowVersion }),
    onSuccess: refresh,
    onError: error => void message.error(say(error)),
  })
  const show = (contact: Contact | 'new') => {
    form.resetFields()
    if (contact !== 'new')
      form.setFieldsValue({
        name: contact.name,
        title: contact.title ?? '',
        phone: contact.phone ?? '',
        email: contact.email ?? '',
        note: contact.note ?? '',
        leftAt: contact.leftAt ?? '',
      })
    setOpen(contact)
  }
  return (
    <section className="jy-card jy-box">
      <header>
        <h2>{t('account:contact.title', { n: account.contacts.length })}</h2>
        {account.editable && (
          <Button size="small" type="text" icon={<Plus size={13} />} aria-label={t('account:contact.add')} onClick={() => show('new')}>
            {wide && t('account:contact.add')}
          </Button>
        )}
      </header>
      {account.contacts.length === 0 &&
        (wide ? (
          <Empty title={t(account.privateVisible ? 'account:contact.none' : 'account:contact.masked')} />
        ) : (
          <p className="jy-muted">{t(account.privateVisible ? 'account:contact.none' : 'account:contact.masked')}</p>
        ))}
      <div className={wide ? 'jy-cards-grid' : undefined}>
        {account.contacts.map(c => (
          <div
            key={c.id}
            className={wide ? 'jy-person' : undefined}
            style={wide ? undefined : { padding: '4px 0' }}
            data-left={c.leftAt ? true : undefined}
          >
            <div className="jy-row">
              <b>{c.name}</b>
              <small className="jy-muted">{c.title}</small>
              <span className="jy-grow" />
              {account.editable && (
                <>
                  <button type="button" className="jy-plain" aria-label={t('shell:edit')} onClick={() => show(c)}>
                    <Pencil size={13} />
                  </button>
                  <button
                    type="button"
                    className="jy-plain"
                    aria-label={t('shell:remove')}
                    onClick={() =>
                      modal.confirm({
                        title: t('account:contact.removeAsk', { name: c.name }),
                        okText: t('shell:remove'),
                        cancelText: t('shell:cancel'),
                        onOk: () => remove.mutateAsync(c).catch(() => undefined),
                      })
                    }
                  >
                    <Trash2 size={13} />
                  </button>
                </>
              )}
            </div>
            <small className="jy-muted jy-reach">
              {c.phone && <a href={`tel:${c.phone}`}>{c.phone}</a>} {c.email && <a href={`mailto:${c.email}`}>{c.email}</a>}
            </small>
            {c.leftAt && <small className="jy-warn">{t('account:contact.left', { day: c.leftAt })}</small>}
            {wide && c.note && <p className="jy-muted">{c.note}</p>}
          </div>
        ))}
      </div>
      <Modal
        open={open !== null}
        title={t(open === 'new' ? 'account:contact.add' : 'account:contact.edit')}
        okText={t('shell:save')}
        cancelText={t('shell:cancel')}
        okButtonProps={{ loading: save.isPending }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(null)}
        forceRender
      >
        <Form form={form} layout="vertical" onFinish={v => save.mutate(v)}>
          <Form.Item
            name="name"
            label={t('account:contact.name')}
            rules={[{ required: true, whitespace: true, message: t('account:contact.nameMissing') }]}
          >
            <Input maxLength={80} />
          </Form.Item>
          {(['title', 'phone', 'email', 'note'] as const).map(key => (
            <Form.Item key={key} name={key} label={t(`account:contact.${key === 'title' ? 'job' : key}`)}>
              <Input maxLength={key === 'note' ? 400 : key === 'email' ? 120 : 40} />
            </Form.Item>
          ))}
          <Form.Item name="leftAt" label={t('account:contact.leftAt')}>
            <Input type="date" />
          </Form.Item>
        </Form>
      </Modal>
    </section>
  )
}
