/** Why 因, in words and in the reader's language. The decision is computed again from immutable rules and the account's fields. */
import type { Why as WhyReply } from '../../contract/assignment/endpoints.ts'
import type { Locale } from '../../contract/kernel/shapes.ts'
import { explainMatch, type Loser, linesFor, type WhyLine } from '../../core/assignment/why.ts'
import type { Facts, FieldValue } from '../../core/condition/condition.ts'
import { sentence, type Vocabulary } from '../../core/condition/words.ts'
import { whilePlacing } from '../access/while-placing.ts'
import { type AsOf, type AsOfAsked, asOfAnswer, resolveAsOf, standingsAt } from '../account/as-of.ts'
import { makeParams } from '../account/condition-sql.ts'
import { type AccountRecord, factsOf, RECORD } from '../account/facts.ts'
import type { Actor } from '../kernel/actor.ts'
import { stop } from '../kernel/refusal-error.ts'
import type { Tx } from '../kernel/transaction.ts'
import { inLocale } from '../territory/check-rule.ts'
import { assertReadable } from '../territory/models.ts'
import { loadVocabulary } from '../territory/vocabulary.ts'
import { loadCompiled } from './compiled.ts'

type Placement = {
  owner_id: string | null
  owner_name: string | null
  pool: string | null
  territory_id: string | null
  source: string
  rule_version: number | null
  since: string
  act: { kind: string; reason: string | null; by: string | null; at: string } | null
  pin: { reason: string; until: string | null; by: string | null } | null
  correction: { reason: string; by: string | null; at: string } | null
}

const say = (locale: Locale, zh: string, en: string): string => (locale === 'en' ? en : inLocale(zh, locale))

export async function explainAccount(
  tx: Tx,
  actor: Actor,
  accountId: string,
  query: { modelId?: string | undefined; territoryId?: string | undefined } & AsOfAsked,
): Promise<WhyReply> {
  const started = performance.now()
  const asOf = await resolveAsOf(tx, actor, query)
  const modelId = asOf ? (asOf.model?.id ?? stop('asOf.none', { day: asOf.local.at })) : (query.modelId ?? actor.modelId)
  if (asOf?.model && query.modelId && query.modelId !== modelId) stop('asOf.otherModel', { day: asOf.local.at, model: asOf.model.name }, '/modelId')
  await assertReadable(tx, actor, modelId)
  const found = await tx.query<AccountRecord>(`select ${RECORD} from account a where a.tenant_id = $1 and a.id = $2`, [actor.tenantId, accountId])
  const record = found.rows[0] ?? stop('record.notFound')
  const { compiled, loaded } = await loadCompiled(tx, actor.tenantId, modelId)
  // A field the reader's role hides is neither shown nor hinted at.
  const facts = asOf ? await factsAt(tx, actor, record, asOf) : factsOf(record)
  const why = explainMatch(compiled, facts, query.territoryId ?? null)
  const placement = asOf ? await placementAt(tx, actor, accountId, asOf) : await placementOf(tx, actor, modelId, accountId)
  if (asOf && !placement) stop('asOf.none', { day: asOf.local.at })
  const { locale } = actor
  const standing = asOf ? placement!.territory_id : (placement?.territory_id ?? why.match.territoryId)
  // What was corrected, or pinned, stands there for the reason given, whatever the rules say.
  const ruled = standing !== null && !placement?.correction && loaded.territories.some(t => t.id === standing)
  const criteria = ruled ? linesFor(compiled, standing, facts) : []
  const lines = [...criteria, ...why.losers.flatMap(l => l.failed)]
  const vocabulary = await loadVocabulary(
    tx,
    actor,
    locale,
    lines.map(l => l.condition),
  )
  const byId = new Map(loaded.territories.map(t => [t.id, t]))
  const ref = (id: string | null) => {
    const t = id === null ? undefined : byId.get(id)
    return t ? { id: t.id, code: t.code, name: t.name, colour: t.colour } : null
  }
  const seen = (line: WhyLine): string | null =>
    line.seen === null ? null : actor.fieldAccess.get(line.seen.field) === 'hidden' ? '•••' : valueWords(line.seen.field, line.seen.value, vocabulary)
  // A correction may name a territory that this model never had.
  const stranger = standing !== null && !byId.has(standing) ? await lastKnown(tx, actor, standing) : null
  const nameOf = (id: string) => byId.get(id)?.name ?? (stranger?.id === id ? stranger.name : id)
  return {
    account: { id: accountId, name: record.name },
    modelId,
    modelName: loaded.head.name,
    outcome: {
      territory: ref(standing) ?? stranger,
      owner: placement?.owner_id ? { id: placement.owner_id, name: placement.owner_name ?? '' } : null,
      source: placement?.source ?? 'rule:none',
      ruleVersion: placement?.rule_version ?? null,
      since: placement?.since ?? null,
      contested: why.match.contested.length > 0,
      undecidable: why.match.undecidable,
    },
    sentence: territorySentence(
      locale,
      standing === null ? null : nameOf(standing),
      placement,
      why.match.contested.map(nameOf),
      why.match.undecidable,
      criteria.map(l => sentence(l.condition, vocabulary)),
    ),
    ownerSentence: ownerSentence(locale, placement, standing === null ? null : nameOf(standing)),
    criteria: criteria.map(line => ({
      path: line.path,
      holds: line.verdict,
      words: sentence(line.condition, vocabulary),
      seen: seen(line),
      inheritedFrom: line.own ? null : nameOf(line.territoryId),
    })),
    losers: why.losers.map(loser => ({
      territory: ref(loser.territoryId)!,
      words: loserWords(locale, loser, standing === null ? '' : nameOf(standing), vocabulary, seen),
      failed: loser.failed[0] ? sentence(loser.failed[0].condition, vocabulary) : null,
      nearMiss: loser.failed.length === 1,
    })),
    overlays: why.match.overlays.flatMap(id => ref(id) ?? []),
    counterfactuals: why.counterfactuals
      .filter(c => actor.fieldAccess.get(c.field) !== 'hidden')
      .map(c => ({
        words: say(
          locale,
          `如果${vocabulary.field(c.field)}是 ${valueWords(c.field, c.value, vocabulary)},就归「${nameOf(c.territoryId)}」`,
          `If ${vocabulary.field(c.field)} were ${valueWords(c.field, c.value, vocabulary)}, it would go to "${nameOf(c.territoryId)}"`,
        ),
        territory: ref(c.territoryId),
      })),
    compared: why.compared,
    asOf: asOf && asOfAnswer(asOf),
    milliseconds: Math.round((performance.now() - started) * 10) / 10,
  }
}

function valueWords(field: string, value: FieldValue, vocabulary: Vocabulary): string {
  if (value === null || value === undefined || value === '') return say(vocabulary.locale, '(空)', '(empty)')
  if (Array.isArray(value)) return value.map(v => (typeof v === 'number' ? v.toFixed(4) : vocabulary.value(field, String(v)))).join(', ')
  return vocabulary.value(field, String(value))
}

const SINCE = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since`
const DAY = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD')`

/** The act and the pin behind a placement `p`, at an instant. $1 tenant, $3 account. */
const REASONS = (at: string) => `
    (select json_build_object('kind', o.kind, 'reason', o.reason, 'by', ou.name, 'at', ${DAY('o.at')}) from ownership_act o left join app_user ou on ou.tenant_id = $1 and ou.id = o.created_by
      where o.tenant_id = $1 and o.account_id = $3 and o.at <= ${at} and (o.cancelled_at is null or o.cancelled_at > ${at}) order by o.at desc, o.id desc limit 1) as act,
    (select json_build_object('reason', n.reason, 'until', ${DAY('n.ends_at')}, 'by', nu.name) from territory_pin n left join app_user nu on nu.tenant_id = $1 and nu.id = n.created_by
      where n.tenant_id = $1 and n.account_id = $3 and n.territory_id = p.territory_id and (n.cancelled_at is null or n.cancelled_at > ${at}) and n.starts_at <= ${at} and (n.ends_at is null or n.ends_at > ${at})
      order by n.created_at desc, n.id desc limit 1) as pin`

async function placementOf(tx: Tx, actor: Actor, modelId: string, accountId: string): Promise<Placement | null> {
  const found = await tx.query<Placement>(
    `select p.owner_id::text, u.name as owner_name, (select k.name from pool k where k.tenant_id = $1 and k.id = p.pool_id) as pool, p.territory_id::text, p.source, p.rule_version, ${SINCE('p.valid_from')}, ${REASONS('clock_timestamp()')}, null as correction
       from account_placement p left join app_user u on u.tenant_id = $1 and u.id = p.owner_id where p.tenant_id = $1 and p.model_id = $2 and p.account_id = $3`,
    [actor.tenantId, modelId, accountId],
  )
  return found.rows[0] ?? null
}

/** Where it stood then. The account was read before, behind today's fence. */
async function placementAt(tx: Tx, actor: Actor, accountId: string, asOf: AsOf): Promise<Placement | null> {
  const params = makeParams(actor.tenantId, asOf.at, accountId)
  const rows = standingsAt(asOf, params)
  return whilePlacing(tx, async () => {
    const found = await tx.query<Placement>(
      `select p.owner_id::text, u.name as owner_name, null as pool, p.territory_id::text, p.source, p.rule_version, ${SINCE('p.valid_from')}, ${REASONS('$2::timestamptz')},
              (select json_build_object('reason', c.reason, 'by', cu.name, 'at', ${DAY('c.created_at')}) from placement_correction c left join app_user cu on cu.tenant_id = $1 and cu.id = c.created_by
                where c.tenant_id = $1 and c.id = p.correction_id) as correction
         from (${rows}) p left join app_user u on u.tenant_id = $1 and u.id = p.owner_id where p.account_id = $3`,
      params.values,
    )
    return found.rows[0] ?? null
  })
}

/** The fields that rules read, as they were then; of a time before the first record, as first recorded. */
async function factsAt(tx: Tx, actor: Actor, record: AccountRecord, asOf: AsOf): Promise<Facts> {
  const found = await tx.query<{ facts: Facts }>(
    `select v.facts from account_version v where v.tenant_id = $1 and v.account_id = $2 order by v.at <= $3::timestamptz desc, case when v.at <= $3::timestamptz then v.at end desc, v.at limit 1`,
    [actor.tenantId, record.id, asOf.at],
  )
  return found.rows[0]?.facts ?? factsOf(record)
}

async function lastKnown(tx: Tx, actor: Actor, id: string) {
  const found = await tx.query<{ id: string; code: string; name: string; colour: number }>(
    'select t.id::text, t.code, t.name, t.colour from territory t where t.tenant_id = $1 and t.id = $2 order by t.model_id desc limit 1',
    [actor.tenantId, id],
  )
  return found.rows[0] ?? null
}

function territorySentence(
  locale: Locale,
  territory: string | null,
  p: Placement | null,
  contested: readonly string[],
  undecidable: boolean,
  criteria: readonly string[],
): string {
  if (p?.correction) {
    const { by, at, reason } = p.correction
    const place = territory === null ? say(locale, '没有区域', 'had no territory') : say(locale, `归「${territory}」`, `belonged to "${territory}"`)
    return say(locale, `那时${place}:${by ?? ''} 于 ${at} 更正,${reason}`, `It ${place}, as ${by ?? ''} corrected on ${at}: ${reason}`)
  }
  if (territory === null) {
    return undecidable
      ? say(
          locale,
          '还判不了:规则要看的字段有空值,补上就能归。',
          'Not decidable yet: a field that rules read is empty; fill it in and it can be placed.',
        )
      : say(locale, '没有规则接住这家客户:它在空白里。', 'No rule takes this account: it stands in a gap.')
  }
  if (p?.source.startsWith('pin') && p.pin) {
    const until = p.pin.until ? say(locale, `,到 ${p.pin.until} 为止`, `, until ${p.pin.until}`) : ''
    return say(
      locale,
      `${p.pin.by ?? ''} 点名到「${territory}」${until}:${p.pin.reason}`,
      `Pinned to "${territory}" by ${p.pin.by ?? ''}${until}: ${p.pin.reason}`,
    )
  }
  const rule = criteria.length > 0 ? criteria.join(locale === 'en' ? ', ' : ',') : say(locale, '所有客户', 'all accounts')
  const base = say(locale, `归「${territory}」,因为${rule}。`, `Belongs to "${territory}" because ${rule}.`)
  if (contested.length === 0) return base
  const names = contested.map(n => (locale === 'en' ? `"${n}"` : `「${n}」`)).join(locale === 'en' ? ', ' : '、')
  return (
    base + say(locale, `与${names}重叠,先后未定,暂归编号在前的。`, ` It overlaps ${names}; the order is undecided, so the one made first holds it.`)
  )
}

const ACTS: Readonly<Record<string, readonly [string, string]>> = {
  claim: ['领取', 'claimed it'],
  assign: ['指派', 'assigned it'],
  transfer: ['转移', 'transferred it'],
  return: ['退回', 'returned it'],
  reclaim: ['按回收规则收回', 'reclaimed it by rule'],
  ruling: ['裁决', 'ruled on it'],
  rotation: ['轮转', 'rotation gave it'],
  import: ['导入时带来', 'imported it with its owner'],
}

function ownerSentence(locale: Locale, p: Placement | null, territory: string | null): string {
  if (!p) return say(locale, '这个模型还没计算过;算好后才知道由谁负责。', 'This model is not computed yet; who owns it is known when it is.')
  if (p.correction)
    return p.owner_id
      ? say(locale, `那时由 ${p.owner_name ?? ''} 负责(更正)。`, `${p.owner_name ?? ''} owned it then, as corrected.`)
      : say(locale, '那时没有负责人(更正)。', 'Nobody owned it then, as corrected.')
  if (!p.owner_id && p.source.endsWith(':pool')) {
    const where = p.pool === null ? say(locale, '公海', 'the pool') : say(locale, `公海「${p.pool}」`, `the pool "${p.pool}"`)
    const [zh, en] = (p.act && ACTS[p.act.kind]) || ['', '']
    return p.act && (p.act.kind === 'return' || p.act.kind === 'reclaim')
      ? say(
          locale,
          `没有负责人,在${where}里:${p.act.at} 由 ${p.act.by ?? ''} ${zh}。`,
          `Nobody owns it; it stands in ${where}: ${p.act.by ?? ''} ${en} on ${p.act.at}.`,
        )
      : say(locale, `没有负责人,在${where}里等人领取。`, `Nobody owns it; it stands in ${where} to be claimed.`)
  }
  if (!p.owner_id)
    return territory === null
      ? say(locale, '没有负责人。', 'Nobody owns it.')
      : say(locale, `没有负责人:「${territory}」还没有主责。`, `Nobody owns it: "${territory}" has no lead yet.`)
  const by = p.source.split(':')[1]
  const name = p.owner_name ?? ''
  if (by === 'act' && p.act) {
    const [zh, en] = ACTS[p.act.kind] ?? ['', '']
    const reason = p.act.reason ? `${locale === 'en' ? ': ' : ':'}${p.act.reason}` : ''
    return say(
      locale,
      `${name} 负责:${p.act.at} 由 ${p.act.by ?? ''} ${zh}${reason}`,
      `${name} owns it: ${p.act.by ?? ''} ${en} on ${p.act.at}${reason}`,
    )
  }
  if (by === 'kept')
    return say(
      locale,
      `${name} 负责:原来就是他,且仍是「${territory}」的成员。`,
      `${name} owns it: already the owner, and still a member of "${territory}".`,
    )
  return say(locale, `${name} 负责:是「${territory}」的主责。`, `${name} owns it: the lead of "${territory}".`)
}

function loserWords(locale: Locale, loser: Loser, winner: string, vocabulary: Vocabulary, seen: (line: WhyLine) => string | null): string {
  if (loser.kind === 'tied') return say(locale, '同样符合,先后未定', 'Fits as well; the order is undecided')
  if (loser.kind === 'outranked') {
    if (loser.by === 'precedence') return say(locale, `符合,但类型排在「${winner}」之后`, `Fits, but its type goes after that of "${winner}"`)
    if (loser.by === 'depth') return say(locale, `符合,但「${winner}」更细`, `Fits, but "${winner}" is the finer one`)
    return say(locale, `符合,但优先级低于「${winner}」`, `Fits, but has a lower priority than "${winner}"`)
  }
  const line = loser.failed[0]!
  const words = sentence(line.condition, vocabulary)
  const value = seen(line)
  const rest = loser.failed.length > 1 ? say(locale, `,另有 ${loser.failed.length - 1} 条不符`, `, and ${loser.failed.length - 1} more`) : ''
  if (line.verdict === 'unknown') return say(locale, `判不了「${words}」:值是空的${rest}`, `Cannot tell "${words}": the value is empty${rest}`)
  return say(locale, `不符「${words}」${value ? `,看到的是 ${value}` : ''}${rest}`, `Fails "${words}"${value ? `; seen: ${value}` : ''}${rest}`)
}
