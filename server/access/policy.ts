import type { Tx } from '../../db/client.ts'
import { type SettingKey, settingDefinitions } from '../settings/definitions.ts'
import { definitionOf, settingsOn } from '../settings/settings.ts'
import type { Tries } from './lockout-rules.ts'
import type { PasswordPolicy } from './password-rules.ts'
import type { Limits } from './sessions.ts'

/** The security administrator's rules as they hold on one day. */
export type Policy = {
  password: PasswordPolicy
  /** Days a password may be used; null: as long as it is kept secret. */
  passwordDays: number | null
  tries: Tries
  limits: Limits
  /** How many places one person may be signed in at. */
  atOnce: { administrators: number; others: number }
  activationHours: number
}

const keys = settingDefinitions.filter(({ kind }) => kind === 'policy').map(({ key }) => key)

/** The policy of a day; `limits` are the environment's, for what nobody has set in the county. */
export async function policyOn(tx: Tx, day: string, limits?: Limits): Promise<Policy> {
  const set = await settingsOn(tx, keys, day)
  const number = (key: SettingKey, otherwise?: number) =>
    set.has(key) ? Number(set.get(key)) : (otherwise ?? Number(definitionOf(key).default))
  const asvs = (set.get('passwordProfile') ?? definitionOf('passwordProfile').default) === 'asvs'
  return {
    password: {
      minLength: number('passwordMinLength'),
      kinds: asvs ? 1 : number('passwordKinds'),
      former: number('passwordFormer'),
    },
    passwordDays: asvs ? null : number('passwordDays'),
    tries: { failures: number('lockFailures'), minutes: number('lockMinutes') },
    limits: {
      idleMinutes: number('sessionIdleMinutes', limits?.idleMinutes),
      hours: number('sessionHours', limits?.hours),
    },
    atOnce: { administrators: number('sessionsAdministrator'), others: number('sessionsOthers') },
    activationHours: number('activationHours'),
  }
}

/** Has a password been used for longer than the policy allows? */
export function isOutworn(changedAt: Date | null, policy: Policy, now: Date): boolean {
  if (policy.passwordDays === null || changedAt === null) return false
  return now.getTime() - changedAt.getTime() > policy.passwordDays * 86_400_000
}
