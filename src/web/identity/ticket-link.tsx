/** A link for an invitation or a new password: shown once, to be handed over by the administrator; in place, or in a window of its own. */
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { CopyLine } from '../app/copy-line.tsx'

type TicketLinkProps = { readonly ticket: string | null; readonly name?: string; readonly onClose?: () => void }

export function TicketLink({ ticket, onClose }: TicketLinkProps) {
  const { t } = useTranslation()
  const link = ticket ? `${window.location.origin}/ticket?ticket=${encodeURIComponent(ticket)}` : ''
  const body = (
    <>
      <p>{t('identity:people.linkWhy')}</p>
      <CopyLine value={link} label={t('identity:people.link')} />
    </>
  )
  if (!onClose) return body
  return (
    <Modal open={ticket !== null} title={t('identity:people.link')} footer={null} onCancel={onClose}>
      {body}
    </Modal>
  )
}
