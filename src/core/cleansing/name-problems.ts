/**
 * Names of customers 客户名称: what was typed to fill the field, a person in place of a company, and forms that make one company look like two.
 * A missing legal form is a hint alone: schools, shops and brands have none.
 */
import type { Problem } from './problem.ts'

const PLACEHOLDER =
  /^(?:测试.{0,4}|试用|示例|样例|无|没有|暂无|未知|不详|空|待定|待补|其他|其它|客户|公司|新客户|某公司|某某公司|临时.{0,2}|n\/?a|null|none|nil|unknown|tbd|test(?:ing)?\d*|demo\d*|temp|company|customer|asdf\w*|qwer\w*|abc(?:d\w*)?|123\d*)$/i
/** aaa, xxxx, ……, 111: one sign again and again, or no letter at all. */
const ONE_SIGN = /^(.)\1+$/u
const NO_LETTER = /^[^\p{L}]+$/u

const SURNAMES = new Set(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎常武乔贺赖龚文',
)
/** What the name of an organisation says somewhere: a legal form, a kind of house, a trade. */
const ORGANISATION =
  /公司|集团|企业|厂|店|铺|行$|院|所|中心|社|部$|会$|校|学|园|馆|站|场|局|委|办|银行|酒店|宾馆|医|药|科技|工业|实业|贸易|商|电|网|食品|建|机|化|材|控股|投资|物流|传媒|文化|农|牧|渔|矿|能源|设备|服务|工程|工作室|事务|联盟|协会|基金/
const LEGAL_FORM =
  /公司|集团|厂|合伙|合作社|个体|工作室|事务所|研究[所院]|大学|学院|学校|中学|小学|幼儿园|医院|银行|中心|委员会|协会|基金会|局$|院$|所$|店$|部$|社$|馆$|站$|行$|场$/
const HAN = /\p{Script=Han}/u

const BRACKETS: Readonly<Record<string, string>> = {
  '【': '（',
  '】': '）',
  '〔': '（',
  '〕': '）',
  '[': '（',
  ']': '）',
  '(': '（',
  ')': '）',
  '［': '（',
  '］': '）',
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones meant, and those without width
const UNSEEN = /[\u0000-\u001f\u007f\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]/g

/** Full width letters and digits, several spaces, characters nobody sees: as the name is written in the register. Brackets stay. */
export function plainName(name: string): string {
  const half = name
    .replace(UNSEEN, c => (c === '\t' || c === '\n' || c === '\r' ? ' ' : ''))
    .replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0\s]+/g, ' ')
    .trim()
  // Between two Chinese characters a space says nothing.
  return half.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
}

/** Around Chinese the brackets of the business register are （ and ）; a Latin name keeps its own. */
export function plainBrackets(name: string): string {
  return HAN.test(name) ? name.replace(/[【】〔〕[\]()［］]/g, c => BRACKETS[c]!) : name
}

export function nameProblems(name: string, field = 'name'): readonly Problem[] {
  const plain = plainName(name)
  if (PLACEHOLDER.test(plain) || (plain.length > 1 && ONE_SIGN.test(plain)) || NO_LETTER.test(plain)) return [{ field, kind: 'name.placeholder' }]
  const found: Problem[] = []
  const proper = plainBrackets(plain)
  if (plain !== name) found.push({ field, kind: 'name.form', proposal: proper })
  else if (proper !== name) found.push({ field, kind: 'name.brackets', proposal: proper })
  if (field !== 'name') return found
  if (isPerson(plain)) found.push({ field, kind: 'name.person' })
  else if (HAN.test(plain) && plain.length > 4 && !LEGAL_FORM.test(plain)) found.push({ field, kind: 'name.noLegalForm' })
  return found
}

/** Two or three characters that begin with one of the hundred common surnames, and nothing that names an organisation. */
const isPerson = (name: string): boolean =>
  /^\p{Script=Han}{2,3}(?:先生|女士|小姐|总|经理)?$/u.test(name) && SURNAMES.has(name[0]!) && !ORGANISATION.test(name)
