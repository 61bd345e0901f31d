/**
 * One table maps each refusal to its HTTP status and its words. {name} is filled from the refusal's values. Traditional Chinese is
 * converted from the simplified text (docs/decisions/0003-traditional-chinese.md); capabilities add their own rows beside their contract.
 */
export type RefusalWords = { readonly status: number; readonly zh: string; readonly en: string }

export const KERNEL_REFUSALS = {
  'input.invalid': { status: 400, zh: '输入有误,请改正标出的字段。', en: 'Some input is not valid; correct the fields named.' },
  'input.tooLarge': { status: 413, zh: '内容太大,上限 {limit}。', en: 'Too large; the limit is {limit}.' },
  'input.unsupported': { status: 415, zh: '不支持这种内容类型。', en: 'This content type is not supported.' },
  'session.missing': { status: 401, zh: '请先登录。', en: 'Sign in first.' },
  'session.crossSite': { status: 403, zh: '请求来自别的网站,已拒绝。', en: 'The request came from another site and was refused.' },
  'permission.missing': {
    status: 403,
    zh: '你的角色不能做这件事({permission})。请联系管理员。',
    en: 'Your role may not do this ({permission}). Ask an administrator.',
  },
  'viewAs.readOnly': { status: 403, zh: '正以他人身份查看,只能看,不能改。', en: 'While viewing as somebody else nothing can be changed.' },
  'record.notFound': { status: 404, zh: '没有这条记录,或你看不到它。', en: 'There is no such record, or you may not see it.' },
  'record.stale': {
    status: 409,
    zh: '记录已被他人改过(现为第 {current} 版),请看过再改。',
    en: 'Someone changed the record meanwhile (now version {current}); look again before you change it.',
  },
  'record.staleField': { status: 409, zh: '「{field}」现在是「{now}」,你要改成「{yours}」。', en: '"{field}" is now "{now}"; you wanted "{yours}".' },
  'record.versionMissing': { status: 428, zh: '请在 If-Match 里带上你看到的版本号。', en: 'Send the version you saw in If-Match.' },
  'record.notEditable': { status: 403, zh: '你可以看这条记录,但不能改。', en: 'You may see this record but not change it.' },
  'record.duplicate': { status: 409, zh: '已有同样的记录({name})。', en: 'Such a record exists already ({name}).' },
  'idempotency.otherBody': {
    status: 422,
    zh: '同一个 Idempotency-Key 已用于另一个请求。',
    en: 'This Idempotency-Key was used for a different request.',
  },
  'rate.limited': { status: 429, zh: '请求太多,请 {seconds} 秒后再试。', en: 'Too many requests; try again in {seconds} seconds.' },
  'route.notFound': { status: 404, zh: '没有这个地址。', en: 'There is no such address.' },
  'server.busy': { status: 503, zh: '数据库暂时不可用,请稍后再试。', en: 'The database is not available at the moment; try again shortly.' },
  'server.failed': { status: 500, zh: '服务器出错了,已记录(编号 {request})。', en: 'The server failed; it was recorded (number {request}).' },
} as const satisfies Record<string, RefusalWords>
