import { type Actor, businessRoles, has, type Role, type Track } from './kernel/actor.ts'

type Item = {
  label: string
  href: string
  icon: string
  soon?: boolean
  /** Other places that belong to it. */
  also?: readonly string[]
  for: 'business' | 'everyone' | readonly Role[]
  /** Only for those who see something of it. */
  track?: Track
}

/** Assets are imported by the business, people by the administrators of accounts and roles. */
const importers: readonly Role[] = [...businessRoles, 'system_administrator', 'security_administrator']

const items: readonly Item[] = [
  { label: '工作台', href: '/', icon: 'layout-dashboard', for: 'everyone' },
  { label: '资产台账', href: '/assets', icon: 'table', for: 'business', also: ['/restrictions', '/papers'] },
  { label: '债权债务', href: '/claims', icon: 'transfer', for: 'business', track: 'collective' },
  { label: '导入', href: '/imports', icon: 'file-import', for: importers },
  { label: '权属界定', href: '/determinations', icon: 'scale', for: 'business' },
  { label: '清查', href: '/inventory', icon: 'clipboard-check', for: 'business' },
  { label: '移交', href: '/transfers', icon: 'arrows-exchange', for: 'business', soon: true },
  { label: '盘活处置', href: '/disposals', icon: 'recycle', for: 'business', soon: true },
  { label: '确权登记', href: '/registration', icon: 'certificate', for: 'business', soon: true },
  { label: '统计', href: '/statistics', icon: 'chart-bar', for: 'business' },
  { label: '公示', href: '/notices', icon: 'info-circle', for: 'business', also: ['/resolutions'] },
  { label: '代录决定', href: '/decisions', icon: 'gavel', for: 'business' },
  { label: '放假安排', href: '/calendar', icon: 'clock', for: 'business' },
  { label: '单位', href: '/units', icon: 'sitemap', for: 'everyone' },
  { label: '账号', href: '/people', icon: 'users', for: ['system_administrator', 'security_administrator'] },
  { label: '策略', href: '/policies', icon: 'lock', for: ['security_administrator', 'audit_administrator'] },
  { label: '参数', href: '/settings', icon: 'clipboard', for: ['approver', 'lead'] },
  { label: '审计', href: '/audit', icon: 'history', for: ['audit_administrator'] },
]

/** What this person can open, with the present place marked. */
export function navigation(actor: Actor, url: string) {
  const path = url.split('?')[0] ?? '/'
  const shown = ({ for: whom, track }: Item) =>
    (whom === 'everyone' || has(actor, ...(whom === 'business' ? businessRoles : whom))) &&
    (track === undefined || actor.grants.some((grant) => grant.track === track || grant.track === 'both'))
  const within = (place: string) => path === place || path.startsWith(`${place}/`)
  return items.filter(shown).map(({ label, href, icon, soon, also = [] }) => ({
    label,
    href,
    icon,
    soon: soon ?? false,
    current: href === '/' ? path === '/' : [href, ...also].some(within),
  }))
}
