/** Routes of health. */
import { exportHealth, getMeasures, healthMap, modelHealth, saveMeasures } from '../../contract/insight/health.ts'
import { writeXlsx } from '../files/write-table.ts'
import type { Api } from '../kernel/http.ts'
import { Reply } from '../kernel/request.ts'
import { inLocale } from '../territory/check-rule.ts'
import { readHealth, readHealthMap } from './health.ts'
import { listMeasures, writeMeasures } from './measures.ts'

export function registerInsightRoutes(api: Api): void {
  api.route(getMeasures, ({ tx, actor }) => listMeasures(tx, actor))
  api.route(saveMeasures, async ({ tx, actor, locale, now, body }) => {
    await writeMeasures(tx, { ...actor, locale }, now, body.rows, body.version)
    return { done: true as const }
  })
  api.route(modelHealth, ({ tx, actor, params, query }) => readHealth(tx, actor, params.id, query))
  api.route(healthMap, ({ tx, actor, params, query }) => readHealthMap(tx, actor, params.id, query.tolerance))
  api.route(exportHealth, async ({ tx, actor, params, query }) => {
    const health = await readHealth(tx, actor, params.id, query)
    const say = (zh: string, en: string) => (actor.locale === 'en' ? en : inLocale(zh, actor.locale))
    const headers = [
      say('代码', 'Code'),
      say('名称', 'Name'),
      ...health.measures.flatMap(m => [m.labels[actor.locale], `${m.labels[actor.locale]} ${say('偏离均值', 'off the mean')} %`]),
      say('重叠', 'Contested'),
      say('无主责', 'No owner'),
    ]
    async function* rows() {
      yield health.rows.map(r => [
        r.code,
        r.name,
        ...health.measures.flatMap(({ spread }, m) => [
          r.values[m]!,
          spread.mean === 0 ? 0 : Math.round(((r.values[m]! - spread.mean) / spread.mean) * 1000) / 10,
        ]),
        r.contested,
        r.unowned,
      ])
      yield [
        [],
        [say('最大偏离', 'Largest deviation')],
        ...health.measures.map(m => [
          m.labels[actor.locale],
          Math.round(m.spread.maxDeviation * 1000) / 10,
          '%',
          'Gini',
          Math.round(m.spread.gini * 1000) / 1000,
        ]),
      ]
      yield [[], [say('没有区域的地方', 'Places without a territory')], ...health.white.places.map(p => [p.code, p.name, p.accounts, p.potential])]
    }
    return new Reply(await writeXlsx(headers, rows()), {
      headers: {
        'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'content-disposition': 'attachment; filename="territory-health.xlsx"',
        'x-rows': String(health.rows.length),
      },
    })
  })
}
