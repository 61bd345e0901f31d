/** A secret shown once: the whole of it, and one press to take it along. Plain-http intranets have no clipboard API, so the old way stays. */

import type { InputRef } from 'antd'
import { Button, Input } from 'antd'
import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

export function CopyLine({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation()
  const field = useRef<InputRef>(null)
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    field.current?.select()
    if (navigator.clipboard) await navigator.clipboard.writeText(value).catch(() => document.execCommand('copy'))
    else document.execCommand('copy')
    setCopied(true)
  }
  return (
    <div className="jy-row">
      <Input ref={field} readOnly value={value} aria-label={label} onFocus={event => event.target.select()} />
      <Button icon={copied ? <Check size={14} /> : <Copy size={14} />} onClick={() => void copy()}>
        {t(copied ? 'shell:copied' : 'shell:copy')}
      </Button>
    </div>
  )
}
