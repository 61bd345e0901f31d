/** Elsewhere than now every page says so on top: which moment, whose knowledge, what is of today all the same; one press leads back. */
import { useLocation } from '@tanstack/react-router'
import { Button } from 'antd'
import { History } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../contract/identity/session.ts'
import { setCaller } from '../app/api.ts'
import { useAsOf, useGoTo } from '../app/as-of.ts'
import { pageAt, pages } from '../app/pages.ts'
import { useProblemText } from '../app/states.tsx'
import { useModelThen, useMomentWords } from './as-of-pill.tsx'

export function AsOfStrip({ me }: { me: Me }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { pathname } = useLocation()
  const asOf = useAsOf()
  const goTo = useGoTo()
  const words = useMomentWords(me)
  const then = useModelThen(me, asOf)
  const at = asOf.at ?? asOf.known
  const readsOnly = at === undefined ? null : t('past:strip.readOnly')
  // Whatever button was forgotten: nothing is written from another moment.
  useEffect(() => {
    setCaller({ readsOnly })
    return () => setCaller({ readsOnly: null })
  }, [readsOnly])
  if (at === undefined) return null
  const answers = pageAt(pages, pathname)?.asOf === true
  const model = then.data?.asOf.model
  // Nobody keeps what was believed of a time that lay ahead.
  const capped = asOf.at !== undefined && asOf.known !== undefined && asOf.at.slice(0, 10) > asOf.known.slice(0, 10)
  const lines = answers
    ? [
        capped
          ? t('past:strip.capped', { at: words(at), known: words(asOf.known!) })
          : t(then.data?.asOf.when === 'plan' ? 'past:strip.plan' : 'past:strip.past', { at: words(at) }),
        asOf.known && t('past:strip.known', { known: words(asOf.known) }),
        then.data && (model ? t('past:strip.model', { name: model.name, version: model.version ?? '–' }) : t('past:strip.noModel')),
        t('past:strip.fields'),
      ]
    : [t('past:strip.notHere'), t('past:strip.readOnly')]
  return (
    <div className="jy-as-of-strip" role="status" data-today={!answers || undefined}>
      <History size={15} aria-hidden />
      <span>{then.isError ? say(then.error) : lines.filter(Boolean).join(' ')}</span>
      <Button size="small" onClick={() => goTo({})}>
        {t('past:back')}
      </Button>
    </div>
  )
}
