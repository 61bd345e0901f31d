/** antd's frame: our tokens, the reader's language, and messages that follow both. */
import type { ConfigProviderProps } from 'antd'
import { App, ConfigProvider } from 'antd'
import en from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import zhTW from 'antd/locale/zh_TW'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMode, usePhone } from './appearance.ts'
import { NewVersion } from './new-version.tsx'
import { themeFor } from './theme.ts'

const ANTD_WORDS: Readonly<Record<string, ConfigProviderProps['locale']>> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }

const calm = window.matchMedia('(prefers-reduced-motion: reduce)')

export function House({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  const mode = useMode()
  const phone = usePhone()
  return (
    <ConfigProvider theme={themeFor(mode, { phone, calm: calm.matches })} locale={ANTD_WORDS[i18n.language]} button={{ autoInsertSpace: false }}>
      <App component={false}>
        <NewVersion />
        {children}
      </App>
    </ConfigProvider>
  )
}
