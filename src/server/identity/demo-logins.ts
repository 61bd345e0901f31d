/** The people a visitor of the demo company may be. The company is invented; it exists only where --demo was asked for. */
export const DEMO_PASSWORD = 'jiangyu-demo-2026'

export const DEMO_LOGINS = [
  { login: 'ops', password: DEMO_PASSWORD, name: '顾衡', title: '销售运营' },
  { login: 'manager', password: DEMO_PASSWORD, name: '周以宁', title: '华东大区总监' },
  { login: 'rep', password: DEMO_PASSWORD, name: '林若溪', title: '销售代表' },
  { login: 'hq', password: DEMO_PASSWORD, name: '沈知远', title: '总部管理层' },
  { login: 'admin', password: DEMO_PASSWORD, name: '管理员', title: '系统管理员' },
] as const
