/** The `?` sheet: the keys that work on this page now. */
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { currentBindings } from '../app/keys.ts'

const NAMES: Readonly<Record<string, string>> = { Escape: 'Esc', ' ': 'Space', ArrowDown: '↓', ArrowUp: '↑' }
const partsOf = (key: string): readonly string[] =>
  (key === ' ' ? [' '] : key.split(/[ +]/)).map(p =>
    p === 'mod' ? (/mac/i.test(navigator.userAgent) ? '⌘' : 'Ctrl') : (NAMES[p] ?? (p.length === 1 ? p.toUpperCase() : p)),
  )

export function KeySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t('shell:key.title')} destroyOnHidden width={520}>
      <ul className="jy-key-sheet">
        {open &&
          currentBindings().map(b => (
            <li key={b.key}>
              <span>{t(b.word)}</span>
              <span>
                {partsOf(b.key).map((part, i) => (
                  <kbd key={i}>{part}</kbd>
                ))}
              </span>
            </li>
          ))}
      </ul>
    </Modal>
  )
}
