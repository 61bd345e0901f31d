/** Refusals of imports, in words; those of single rows name the field and what to write. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const IMPORT_REFUSALS = {
  'import.state': { status: 409, zh: '这次导入处于「{state}」,现在不能这样做。', en: 'This import is "{state}"; that cannot be done now.' },
  'import.noName': { status: 400, zh: '请把一列对应到「客户名称」。', en: 'Map one column to "Name".' },
  'import.noKey': { status: 400, zh: '按外部编号匹配时,请把一列对应到「外部编号」。', en: 'To match by external key, map one column to it.' },
  'import.twice': { status: 400, zh: '「{field}」对应了两列。', en: '"{field}" is mapped to two columns.' },
  'import.nothing': { status: 400, zh: '没有可写入的行,请先改正。', en: 'There is no row to write; correct the file first.' },
  'row.required': { status: 400, zh: '「{field}」是空的,请填写', en: '"{field}" is empty; fill it in' },
  'row.number': { status: 400, zh: '「{value}」不是数字,请写成 1234 或 3.2万', en: '"{value}" is not a number; write 1234' },
  'row.date': { status: 400, zh: '「{value}」不是日期,请写成 2026-01-31', en: '"{value}" is not a date; write 2026-01-31' },
  'row.option': { status: 400, zh: '「{value}」不在选项里,请对应到一个选项或改正', en: '"{value}" is none of the options; map it or correct it' },
  'row.industry': { status: 400, zh: '「{value}」不是已知行业,请对应到一个行业', en: '"{value}" is no known industry; map it to one' },
  'row.division': {
    status: 400,
    zh: '「{value}」认不出行政区划,请写成 江苏省苏州市 或 320500',
    en: '"{value}" is no known division; write its name or six-digit code',
  },
  'row.owner': { status: 400, zh: '没有叫「{value}」的人,请写登录名或唯一的姓名', en: 'Nobody is called "{value}"; write a login or a unique name' },
  'row.value': { status: 400, zh: '「{value}」不适合这个字段', en: '"{value}" does not fit this field' },
  'row.sameKey': { status: 400, zh: '与第 {row} 行编号相同', en: 'Has the same key as row {row}' },
  'row.notFound': { status: 400, zh: '更新模式下找不到这家客户', en: 'In update mode there is no such account' },
  'row.ambiguous': { status: 400, zh: '有 {count} 家客户符合,无法确定是哪一家', en: '{count} accounts fit; it is not clear which one is meant' },
  'row.invisible': { status: 400, zh: '这家客户不在你的可改范围内', en: 'You may not change this account' },
  'row.ragged': { status: 400, zh: '这一行比表头多出 {extra} 格', en: 'This row has {extra} cells more than the header' },
} as const satisfies Record<string, RefusalWords>
