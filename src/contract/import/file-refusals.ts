/** Why a file that somebody brought cannot be read, in words that say what to do about it. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const FILE_REFUSALS = {
  'file.empty': { status: 422, zh: '文件是空的。', en: 'The file is empty.' },
  'file.noRows': { status: 422, zh: '文件只有表头,没有数据。', en: 'The file has a heading row but no data.' },
  'file.unknownKind': { status: 422, zh: '认不出这个文件,请用 CSV 或 .xlsx。', en: 'This is not a table we can read; use CSV or .xlsx.' },
  'file.oldExcel': { status: 422, zh: '这是旧版 .xls 文件,请另存为 .xlsx 再上传。', en: 'This is an old .xls file; save it as .xlsx first.' },
  'file.encrypted': { status: 422, zh: '文件有密码,请去掉密码再上传。', en: 'The file has a password; remove it first.' },
  'file.otherZip': { status: 422, zh: '压缩包里不是 .xlsx 表格。', en: 'The archive is not an .xlsx workbook.' },
  'file.damaged': { status: 422, zh: '文件已损坏,读不出来。请重新导出。', en: 'The file is damaged and cannot be read; export it again.' },
  'file.tooLarge': {
    status: 422,
    zh: '表格太大(上限 {limit})。请拆成几个文件,或改用 CSV。',
    en: 'The workbook is too large (limit {limit}); split it, or use CSV.',
  },
  'file.bomb': {
    status: 422,
    zh: '这个工作簿展开后大得不合常理,没有读取。请另存为 CSV 再导入。',
    en: 'The workbook unpacks to an unlikely size and was not read; save it as CSV.',
  },
  'file.entities': {
    status: 422,
    zh: '工作簿里有表格不该有的实体声明(DTD),没有读取。请重新导出。',
    en: 'The workbook declares entities (DTD), which no table needs; it was not read. Export it again.',
  },
  'file.tooManyRows': { status: 422, zh: '一张工作表最多 {limit} 行,请改用 CSV。', en: 'A worksheet holds at most {limit} rows; use CSV.' },
  'file.tooManyColumns': { status: 422, zh: '第 {line} 行超过 {limit} 列。', en: 'Line {line} has more than {limit} columns.' },
  'file.cellTooLong': {
    status: 422,
    zh: '第 {line} 行的内容超过 {limit} 个字符。',
    en: 'The record at line {line} is longer than {limit} characters.',
  },
  'file.unclosedQuote': {
    status: 422,
    zh: '第 {line} 行开始的双引号没有配对,之后的内容无法分列。',
    en: 'A double quote opened in the record at line {line} is never closed.',
  },
  'file.nul': { status: 422, zh: '第 {line} 行附近有不可见的空字符(NUL)。', en: 'There is a NUL character near line {line}.' },
  'file.brokenText': {
    status: 422,
    zh: '第 {line} 行附近的文字不是 {encoding} 编码。请另存为 UTF-8。',
    en: 'The text near line {line} is not {encoding}; save the file as UTF-8.',
  },
} as const satisfies Record<string, RefusalWords>
