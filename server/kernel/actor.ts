export const roles = {
  keeper: '经办人',
  lead: '牵头',
  approver: '县级',
  registrar: '登记',
  inspector: '督导',
  leader: '领导',
  system_administrator: '系统管理员',
  security_administrator: '安全管理员',
  audit_administrator: '审计管理员',
} as const

export type Role = keyof typeof roles
export type Track = 'state' | 'collective'

export const trackLabels: Record<Track, string> = { state: '国有', collective: '集体' }

/** Roles that see business rows; the three administrators see none. */
export const businessRoles: readonly Role[] = ['keeper', 'lead', 'approver', 'registrar', 'inspector', 'leader']
export const administratorRoles: readonly Role[] = [
  'system_administrator',
  'security_administrator',
  'audit_administrator',
]

/** One membership in force, with the scope keys it acts on and the ones it reads. */
export type Grant = {
  role: Role
  track: Track | 'both'
  unitId: string
  unitName: string
  keys: ReadonlySet<string>
  reads: ReadonlySet<string>
}

export type Actor = {
  /** Null: the operator 系统, who acts from the command line. */
  personId: string | null
  name: string
  unitId: string | null
  unitName: string
  grants: readonly Grant[]
  /** Every key some grant reads. */
  keys: readonly string[]
  mustChangePassword: boolean
}

/** Scope key of a unit on a track, as the database generates it. */
export function scopeKey(unitId: string, track: Track): string {
  return String(BigInt(unitId) * 2n + (track === 'collective' ? 1n : 0n))
}

/** Both of a unit's scope keys. */
export function keysOfUnit(unitId: string): string[] {
  return [scopeKey(unitId, 'state'), scopeKey(unitId, 'collective')]
}

export function unitOfKey(key: string): string {
  return String(BigInt(key) / 2n)
}

export function has(actor: Actor, ...wanted: readonly Role[]): boolean {
  return actor.grants.some((grant) => wanted.includes(grant.role))
}

/** Does the actor hold one of these roles over this key? */
export function holds(actor: Actor, wanted: readonly Role[], key: string): boolean {
  return actor.grants.some((grant) => wanted.includes(grant.role) && grant.keys.has(key))
}

/** Keepers and leads enter data for the units they act for; the operator for all. */
export function mayEnter(actor: Actor, unitId: string, track: Track): boolean {
  return actor.personId === null || holds(actor, ['keeper', 'lead'], scopeKey(unitId, track))
}
