/** Kinds of problems in words: a name for the list, and a sentence that says why it is one. {name} is filled from the problem's values. */
import type { ProblemKind } from '../../core/cleansing/problem.ts'

type Words = { readonly label: readonly [zh: string, en: string]; readonly why: readonly [zh: string, en: string] }

export const PROBLEM_WORDS: Readonly<Record<ProblemKind, Words>> = {
  missing: { label: ['没填', 'Missing'], why: ['这一项没有填。', 'The field is empty.'] },
  'code.length': {
    label: ['位数不对', 'Wrong length'],
    why: ['统一社会信用代码应为 18 位,这里是 {length} 位。', 'A credit code has 18 characters; this has {length}.'],
  },
  'code.form': {
    label: ['写法不规范', 'Not in plain form'],
    why: ['有全角、小写或空格,整理后校验通过。', 'Full width, lower case or spaces; in plain form it is right.'],
  },
  'code.misread': {
    label: ['疑似看错字', 'Probably misread'],
    why: ['代码里不会有 O、I、S、V、Z;换成相像的字后校验通过。', 'A code never has O, I, S, V or Z; with the look-alikes its check digit is right.'],
  },
  'code.checkDigit': {
    label: ['校验位不符', 'Check digit'],
    why: [
      '校验位不符。早年有少数真实代码也不符,请核对营业执照。',
      'The check digit does not match. A few real codes of the first years fail it too; compare the licence.',
    ],
  },
  'phone.form': {
    label: ['格式不统一', 'Not in one form'],
    why: ['号码有效,写法与其他客户不同。', 'A valid number, written in another way than the others.'],
  },
  'phone.short': { label: ['位数太少', 'Too short'], why: ['只有 {digits} 位数字,打不通。', 'Only {digits} digits: nobody can call it.'] },
  'phone.noAreaCode': { label: ['缺区号', 'No area code'], why: ['像是固定电话,没有写区号。', 'Looks like a landline without its area code.'] },
  'phone.service': {
    label: ['服务热线', 'Service number'],
    why: ['这是公共服务号码,找不到这家客户。', 'A public service number, not this customer’s own.'],
  },
  'phone.placeholder': { label: ['占位号码', 'Placeholder'], why: ['这是凑数的号码。', 'A number typed only to fill the field.'] },
  'phone.invalid': { label: ['不是电话', 'No phone number'], why: ['这不是有效的电话号码。', 'This is no valid telephone number.'] },
  'phone.shared': {
    label: ['多家共用', 'Shared by many'],
    why: ['很多客户留了同一个号码,可能是代理或录入人的。', 'Many customers have this number: perhaps an agent’s, or whoever typed it.'],
  },
  'email.form': { label: ['写法不规范', 'Not in plain form'], why: ['有全角字符或空格。', 'Full width characters or spaces.'] },
  'email.syntax': { label: ['不是邮箱', 'No e-mail address'], why: ['这不是有效的邮箱地址。', 'This is no valid e-mail address.'] },
  'email.free': {
    label: ['免费邮箱', 'Free mail'],
    why: ['{domain} 是人人可用的邮箱,不能代表公司。', 'Anybody may have an address at {domain}: it says nothing about the company.'],
  },
  'website.syntax': { label: ['不是网址', 'No web address'], why: ['这不是有效的网址。', 'This is no valid web address.'] },
  'website.freeMail': {
    label: ['是邮箱的网站', 'A mail provider'],
    why: ['{domain} 是邮箱服务商,不是客户的网站。', '{domain} is a mail provider, not the customer’s site.'],
  },
  'name.placeholder': { label: ['占位名称', 'Placeholder'], why: ['这是凑数的名称。', 'A name typed only to fill the field.'] },
  'name.person': { label: ['只有人名', 'Only a person'], why: ['像是一个人的姓名,不是公司名称。', 'Looks like a person’s name, not a company’s.'] },
  'name.form': {
    label: ['写法不规范', 'Not in plain form'],
    why: ['有全角字母数字、多余空格或看不见的字符。', 'Full width letters or digits, spare spaces or characters nobody sees.'],
  },
  'name.brackets': { label: ['括号不统一', 'Brackets'], why: ['中文名称的括号应为（ ）。', 'Around Chinese the brackets are （ ）.'] },
  'name.noLegalForm': {
    label: ['没有组织形式', 'No legal form'],
    why: ['名称里没有「公司、厂、院」之类,可能是简称。', 'The name has no legal form; it may be a short one.'],
  },
  'division.retired': { label: ['已撤销的区划', 'Abolished division'], why: ['「{name}」({code})已撤销。', '"{name}" ({code}) was abolished.'] },
  'division.split': {
    label: ['已拆分的区划', 'Divided division'],
    why: ['「{name}」({code})已撤销,分到了几个区划。', '"{name}" ({code}) was abolished and divided among several.'],
  },
  'division.unknown': { label: ['没有这个区划', 'Unknown division'], why: ['区划表里没有代码 {code}。', 'No edition has the code {code}.'] },
  'division.contradicts': { label: ['与地址不符', 'Contradicts the address'], why: ['地址说在{name}。', 'The address says {name}.'] },
  'division.fromAddress': {
    label: ['地址里有', 'The address tells it'],
    why: ['没有填,地址说在{name}。', 'Not filled in; the address says {name}.'],
  },
  'division.finer': { label: ['地址更细', 'The address is finer'], why: ['地址说得更细:{name}。', 'The address says it more exactly: {name}.'] },
  'address.oldName': {
    label: ['旧地名', 'Old name'],
    why: ['地址还写着「{old}」,现在是「{now}」。', 'The address still says "{old}"; today it is "{now}".'],
  },
  'industry.earlier': {
    label: ['旧版行业代码', 'Earlier edition'],
    why: ['这是 {edition} 年版 GB/T 4754 的代码。', 'A code of GB/T 4754 of {edition}.'],
  },
  'industry.unknown': { label: ['没有这个行业', 'Unknown industry'], why: ['行业分类里没有这个代码。', 'The classification has no such code.'] },
  'option.unknown': { label: ['没有这个选项', 'Unknown option'], why: ['选项里没有「{value}」。', 'There is no option "{value}".'] },
  'number.negative': { label: ['负数', 'Negative'], why: ['这一项不能是负数。', 'This cannot be negative.'] },
  'number.placeholder': {
    label: ['凑数的数字', 'Placeholder'],
    why: ['像是为了填满而写的数字。', 'Looks like a number typed only to fill the field.'],
  },
  'number.outlier': { label: ['大得离谱', 'Far too large'], why: ['没有哪家公司有这么大。', 'No company is that large.'] },
  'point.zero': { label: ['坐标 0,0', 'At 0, 0'], why: ['坐标是 0,0,多半丢了。', 'The point lies at 0, 0: it was probably lost.'] },
  'point.swapped': { label: ['经纬度写反', 'Swapped'], why: ['经度和纬度像是写反了。', 'Longitude and latitude seem to be swapped.'] },
  'point.abroad': { label: ['坐标在境外', 'Abroad'], why: ['区划在国内,坐标在境外。', 'The division is in China, the point is not.'] },
  'point.elsewhere': { label: ['坐标在别的城市', 'In another city'], why: ['坐标落在{name}。', 'The point stands in {name}.'] },
  'point.nextDoor': { label: ['坐标在邻区', 'Next door'], why: ['坐标落在同城的{name}。', 'The point stands in {name} of the same city.'] },
  'point.gcj02': {
    label: ['疑似火星坐标', 'Perhaps GCJ-02'],
    why: ['按 GCJ-02(高德、腾讯)换算后正好落在区划里。', 'Read as GCJ-02 (AMap, Tencent) it stands inside its division.'],
  },
  'point.bd09': {
    label: ['疑似百度坐标', 'Perhaps BD-09'],
    why: ['按 BD-09(百度)换算后正好落在区划里。', 'Read as BD-09 (Baidu) it stands inside its division.'],
  },
  'parent.missing': { label: ['上级不在了', 'Parent is gone'], why: ['上级集团已删除或不存在。', 'The group parent was deleted or never was.'] },
  'parent.loop': {
    label: ['上级绕成圈', 'Parents in a circle'],
    why: ['顺着上级往上走会回到自己。', 'Following the parents leads back to the account itself.'],
  },
  'contact.left': {
    label: ['联系人都离职了', 'All contacts left'],
    why: ['登记的联系人都已离职,没有人可以联系。', 'Everybody named here has left; there is nobody to call.'],
  },
}

/** Reasons of a change that a fix list or a new edition made, by the code that the audit trail keeps. */
const REASONS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  typed: ['按待修清单改写', 'Typed in the fix list'],
  'edition.only': ['区划换版:唯一的去向', 'Divisions edition: the only successor'],
  'edition.address': ['区划换版:地址说的', 'Divisions edition: the address tells'],
  'edition.point': ['区划换版:坐标说的', 'Divisions edition: the point tells'],
  'edition.chosen': ['区划换版:选定的去向', 'Divisions edition: chosen for all'],
}
export function reasonWords(code: string): readonly [zh: string, en: string] | null {
  const kind = (PROBLEM_WORDS as Readonly<Record<string, Words>>)[code]
  return kind ? [`数据体检:${kind.label[0]}`, `Data check-up: ${kind.label[1]}`] : (REASONS[code] ?? null)
}

export const MEASURE_WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  completeness: ['完整', 'Completeness'],
  accuracy: ['准确', 'Accuracy'],
  consistency: ['一致', 'Consistency'],
  hint: ['提示', 'Hint'],
}
