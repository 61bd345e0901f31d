/** An address without a page says so and leads back. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '../app/states.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return <Empty title={t('shell:notFound.title')} why={t('shell:notFound.why')} action={<Link to="/">{t('shell:notFound.back')}</Link>} />
}
