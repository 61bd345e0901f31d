/** The difference of two models as a workbook for a meeting: what is compared, then a sheet each for structure, rules, people and numbers. */
import type { CompareBasis, ComparedMember, ComparedTerritory, ComparedType, CompareSums } from '../../../contract/territory/compare.ts'
import { type WorkbookSheet, writeWorkbook } from '../../files/write-table.ts'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { stop } from '../../kernel/refusal-error.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { inLocale } from '../../territory/check-rule.ts'
import { about, changedTypes, changesOf, describe, loadPair, readMembers } from './compare.ts'
import { readNumbers } from './compare-numbers.ts'

const BATCH = 500
type Cells = readonly unknown[]
type Say = (zh: string, en: string) => string

const FIELDS: Readonly<Record<ComparedTerritory['fields'][number]['field'], readonly [string, string]>> = {
  name: ['名称', 'Name'],
  code: ['代码', 'Code'],
  parent: ['上级', 'Parent'],
  type: ['类型', 'Type'],
  inherit: ['继承上级规则', 'Inherits rules'],
  priority: ['优先级', 'Priority'],
}
const CHANGES = { added: ['新增', 'Added'], removed: ['去掉', 'Removed'], changed: ['改动', 'Changed'], same: ['不变', 'Same'] } as const
const ROLES = { owner: ['主责', 'Owner'], collaborator: ['协同', 'Collaborator'], manager: ['管理', 'Manager'], viewer: ['旁观', 'Viewer'] } as const
const ACCESS = { read: ['只看', 'Read'], private: ['看全部字段', 'Read all fields'], edit: ['可改', 'Edit'] } as const

/** Needs the permission to export and, because structure is in it, the one to plan. Errors: 403 permission.missing, 404 record.notFound, file.tooManyRows. */
export async function exportCompared(
  tx: Tx,
  actor: Actor,
  now: string,
  query: { a: string; b: string },
): Promise<{ bytes: Buffer; rows: number; name: string }> {
  if (!actor.permissions.has('territory.plan')) stop('permission.missing', { permission: 'territory.plan' })
  const pair = await loadPair(tx, actor, query.a, query.b)
  const say: Say = (zh, en) => (actor.locale === 'en' ? en : inLocale(zh, actor.locale))
  const word = ([zh, en]: readonly [string, string]) => say(zh, en)
  const every = changesOf(pair)
  const numbers = await readNumbers(tx, actor, pair, undefined, null)
  let count = 0
  const sheet = (name: string, headers: readonly string[], rows: AsyncIterable<readonly Cells[]>): WorkbookSheet => ({
    name,
    headers,
    rows: (async function* () {
      for await (const batch of rows) {
        count += batch.length
        yield batch
      }
    })(),
  })
  const [code, name, change, before, after] = [
    say('代码', 'Code'),
    say('名称', 'Name'),
    say('改动', 'Change'),
    say('A(前)', 'A (before)'),
    say('B(后)', 'B (after)'),
  ]
  async function* described(what: 'structure' | 'rules') {
    const some = about(every, what)
    for (let at = 0; at < some.length; at += BATCH) yield await describe(tx, actor, pair, some.slice(at, at + BATCH))
  }
  async function* structure(): AsyncGenerator<readonly Cells[]> {
    yield changedTypes(pair).map(type => [
      type.key,
      type.after?.labels[actor.locale] ?? type.before!.labels[actor.locale],
      word(CHANGES[type.change]),
      '',
      say('类型', 'Type'),
      ...[type.before, type.after].map(t => typeText(t, actor, say)),
    ])
    for await (const rows of described('structure'))
      yield rows.flatMap((row): Cells[] => {
        const first = [row.code, row.name, word(CHANGES[row.change]), row.path.map(p => p.name).join(' / ')]
        return row.fields.length === 0 ? [first] : row.fields.map(f => [...first, word(FIELDS[f.field]), f.before, f.after])
      })
  }
  async function* rules(): AsyncGenerator<readonly Cells[]> {
    for await (const rows of described('rules'))
      yield rows.flatMap(row =>
        row.lines.map((line, i): Cells => [row.code, row.name, i + 1, word(CHANGES[line.change]), `${'  '.repeat(line.depth)}${line.words}`]),
      )
  }
  async function* people(): AsyncGenerator<readonly Cells[]> {
    const { rows } = await readMembers(tx, actor, pair, undefined, null)
    yield rows.map(row => [
      row.code,
      row.name,
      row.person.name,
      word(CHANGES[row.change]),
      ...[row.before, row.after].map(list => list.map(m => memberText(m, actor, say)).join('; ')),
    ])
  }
  async function* sums(): AsyncGenerator<readonly Cells[]> {
    const cells = (get: (s: CompareSums) => number | string | null) => (row: { a: CompareSums | null; b: CompareSums | null }) => {
      const [a, b] = [row.a, row.b].map(s => (s === null ? null : get(s))).map(v => (v === null ? null : Number(v)))
      return [a, b, a === null || b === null ? null : b! - a!]
    }
    const columns = [cells(s => s.accounts), cells(s => s.owners), cells(s => s.potential), cells(s => s.revenue)]
    yield [[say('合计', 'Total'), '', null, null, ...columns.flatMap(c => c(numbers.total))]]
    yield numbers.rows.map(row => [row.code ?? say('没有区域', 'No territory'), row.name, row.gained, row.lost, ...columns.flatMap(c => c(row))])
  }
  async function* front(): AsyncGenerator<readonly Cells[]> {
    const models = [pair.a, pair.b] as const
    const bases = [numbers.basis.a, numbers.basis.b] as const
    yield models.map(({ head }, i) => [
      i === 0 ? 'A' : 'B',
      `${head.name}${head.version === null ? '' : ` v${head.version}`}`,
      basisText(bases[i]!, actor, say),
    ])
    if (numbers.moved) {
      const { both, owners, territories } = numbers.moved
      yield [
        ['', say('两边都有的客户', 'Customers under both'), both],
        ['', say('换主责', 'Other owner'), owners],
        ['', say('换区域', 'Other territory'), territories],
      ]
    }
    if (!numbers.whole) yield [['', say('数字只含你看得见的客户。', 'Numbers count only the customers that you may see.')]]
  }
  const twice = (zh: string, en: string) => [`${say(zh, en)} A`, `${say(zh, en)} B`, `${say(zh, en)} B−A`]
  const bytes = await writeWorkbook([
    sheet(say('说明', 'About'), ['', say('模型', 'Model'), say('数字来自', 'Numbers')], front()),
    sheet(say('结构', 'Structure'), [code, name, change, say('位于', 'Below'), say('字段', 'Field'), before, after], structure()),
    sheet(say('规则', 'Rules'), [code, name, say('行', 'Line'), change, say('条件', 'Criterion')], rules()),
    sheet(say('人员', 'People'), [code, name, say('人', 'Person'), change, before, after], people()),
    sheet(
      say('数字', 'Numbers'),
      [
        code,
        name,
        say('移入', 'Gained'),
        say('移出', 'Lost'),
        ...twice('客户', 'Customers'),
        ...twice('主责人数', 'Owners'),
        ...twice('潜力', 'Potential'),
        ...twice('年营收', 'Revenue'),
      ],
      sums(),
    ),
  ])
  await audit(tx, actor, now, { kind: 'model.compare.export', recordKind: 'model', recordId: query.b, after: { with: query.a }, count })
  return { bytes, rows: count, name: `compare-${query.a}-${query.b}.xlsx` }
}

const dayIn = (zone: string, instant: string): string => new Date(instant).toLocaleDateString('sv-SE', { timeZone: zone })

function memberText(m: ComparedMember['before'][number], actor: Actor, say: Say): string {
  const until = m.endsAt === null ? '' : ` ${say('至', 'until')} ${dayIn(actor.zone, m.endsAt)}`
  const credit = m.creditBp === 0 ? '' : ` ${m.creditBp / 100}%`
  return `${say(ROLES[m.role][0], ROLES[m.role][1])} (${say(ACCESS[m.access][0], ACCESS[m.access][1])})${credit} ${say('自', 'from')} ${dayIn(actor.zone, m.startsAt)}${until}`
}

const typeText = (type: ComparedType['before'], actor: Actor, say: Say): string =>
  type === null
    ? ''
    : `${type.labels[actor.locale]} · ${type.layer === 'exclusive' ? say('排他', 'exclusive') : say('叠加', 'overlay')} · ${say('先后', 'precedence')} ${type.precedence}`

function basisText(basis: CompareBasis, actor: Actor, say: Say): string {
  const at = basis.at === null ? '' : dayIn(actor.zone, basis.at)
  if (basis.kind === 'placed') return say('现在的归属', 'Placements as they stand now')
  if (basis.kind === 'archive') return say(`已归档:${at} 最后在用时的归属`, `Archived: as it stood when last in use, ${at}`)
  if (basis.kind === 'computed')
    return `${say(`草稿:${at} 核算`, `Draft: computed ${at}`)}${basis.drifted ? say('(之后又改过)', ' (changed since)') : ''}`
  return {
    notComputed: say('草稿还没有核算,没有数字', 'The draft is not computed yet: no numbers'),
    computing: say('正在计算', 'Being computed'),
    neverUsed: say('从未启用过就归档了,没有数字', 'Archived without ever being in use: no numbers'),
    baseGone: say('草稿的底稿已归档,先并入现行版图', 'The base of the draft is archived; merge it into the active model first'),
  }[basis.why!]
}
