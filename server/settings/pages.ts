import type { SettingsPage } from './routes.ts'

/** 策略: the security administrator's rules; the audit administrator reads them. */
export function policies(environment: { idleMinutes: number; hours: number }): SettingsPage {
  return {
    path: '/policies',
    kind: 'policy',
    title: '策略',
    subtitle: '密码、锁定和登录的规定。由安全管理员修改，从指定的那天起生效，审计管理员可以查看。',
    writer: 'security_administrator',
    readers: ['audit_administrator'],
    defaults: { sessionIdleMinutes: String(environment.idleMinutes), sessionHours: String(environment.hours) },
  }
}

/** 参数: what law leaves to the county, each track's by its own bureau. */
export const countySettings: SettingsPage = {
  path: '/settings',
  kind: 'county',
  title: '参数',
  subtitle: '国家没有统一规定、由县里确定的数。由本条线的县级部门修改，从指定的那天起生效，以前办理的事按当时的规定。',
  writer: 'approver',
  readers: ['lead'],
}
