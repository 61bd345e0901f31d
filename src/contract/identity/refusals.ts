/** Refusals of identity and access, in words. */
import type { RefusalWords } from '../kernel/refusals.ts'

export const IDENTITY_REFUSALS = {
  'login.wrong': { status: 401, zh: '账号或密码不对。', en: 'The account or the password is wrong.' },
  'login.blocked': { status: 429, zh: '连续输错太多次,请 {seconds} 秒后再试。', en: 'Too many wrong tries; try again in {seconds} seconds.' },
  'login.inactive': { status: 403, zh: '这个账号已停用,请联系管理员。', en: 'This account is deactivated; ask an administrator.' },
  'login.taken': { status: 409, zh: '登录名「{login}」已被使用。', en: 'The login name "{login}" is taken.' },
  'password.weak': { status: 400, zh: '密码至少 10 个字符,且不能是常见密码。', en: 'A password has at least 10 characters and is not a common one.' },
  'ticket.spent': { status: 410, zh: '链接已失效,请让管理员重发。', en: 'The link is spent or expired; ask for a new one.' },
  'tenant.exists': { status: 409, zh: '公司已建好,请登录。', en: 'The company exists already; sign in.' },
  'user.lastAdministrator': {
    status: 409,
    zh: '这是最后一位管理员,先指定另一位。',
    en: 'This is the last administrator; appoint another one first.',
  },
  'user.selfDeactivate': { status: 409, zh: '不能停用自己。', en: 'You cannot deactivate yourself.' },
  'user.needsSuccessor': {
    status: 409,
    zh: '此人名下还有 {accounts} 家客户、{territories} 个区域、{others} 项其他,请指定接手人,或先做交接。',
    en: 'This person still holds {accounts} customers, {territories} territories and {others} other things; name a successor, or hand over first.',
  },
  'user.inactiveSuccessor': { status: 409, zh: '接手人必须是在职的另一个人。', en: 'The successor must be another active person.' },
  'role.builtIn': {
    status: 409,
    zh: '内置的管理员角色不能删除或失去权限。',
    en: 'The built-in administrator role cannot be deleted or lose permissions.',
  },
  'role.inUse': { status: 409, zh: '还有 {users} 人使用这个角色。', en: '{users} people still have this role.' },
  'key.expiry': { status: 400, zh: '有效期最长 366 天。', en: 'A key lives at most 366 days.' },
  'department.cycle': { status: 409, zh: '部门不能放到自己的下级里。', en: 'A department cannot be moved below itself.' },
  'department.inUse': {
    status: 409,
    zh: '部门里还有 {users} 人或下级部门。',
    en: 'The department still has {users} people or departments below it.',
  },
  'company.currencyFixed': {
    status: 409,
    zh: '已有按 {currency} 记录的金额,币种不能再改。',
    en: 'Amounts are recorded in {currency} already; the currency cannot change any more.',
  },
  'company.zone': { status: 400, zh: '没有时区「{zone}」。', en: 'There is no time zone "{zone}".' },
  'catalogue.order': {
    status: 409,
    zh: '列表刚被他人改过,请重新读取后再排。',
    en: 'Somebody changed the list meanwhile; read it again before you put it in order.',
  },
} as const satisfies Record<string, RefusalWords>
