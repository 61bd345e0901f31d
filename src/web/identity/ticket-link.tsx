/** A link for an invitation or a new password: shown once, to be handed over by the administrator; in place, or in a window of its own. */
import { App, Button, Input, Modal } from 'antd'
import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'

type TicketLinkProps = { readonly ticket: string | null; readonly name?: string; readonly onClose?: () => void }

export function TicketLink({ ticket, onClose }: TicketLinkProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const link = ticket ? `${window.location.origin}/ticket?ticket=${encodeURIComponent(ticket)}` : ''
  const body = (
    <>
      <p>{t('identity:people.linkWhy')}</p>
      <div className="jy-row">
        <Input readOnly value={link} aria-label={t('identity:people.link')} onFocus={event => event.target.select()} />
        <Button icon={<Copy size={14} />} onClick={() => navigator.clipboard?.writeText(link).then(() => message.success(t('shell:copied')))}>
          {t('shell:copy')}
        </Button>
      </div>
    </>
  )
  if (!onClose) return body
  return (
    <Modal open={ticket !== null} title={t('identity:people.link')} footer={null} onCancel={onClose}>
      {body}
    </Modal>
  )
}
