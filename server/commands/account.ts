import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { people } from '../../db/schema/access.ts'
import { initialPassword } from '../access/passwords.ts'
import { addPerson, grantRole } from '../access/people-actions.ts'
import { resetPassword, unlockPerson } from '../access/people-endings.ts'
import { resolveUnit } from '../access/resolve-unit.ts'
import { asSystem } from '../access/system.ts'
import { unitText } from '../access/units.ts'
import type { Config } from '../config.ts'
import { type Role, roles, type Track } from '../kernel/actor.ts'
import { systemClock } from '../kernel/clock.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { readArguments, required } from './arguments.ts'
import { say, withCounty } from './command.ts'

export async function run(args: readonly string[], config: Config): Promise<undefined> {
  const [verb, ...rest] = args
  if (verb === 'add') return add(rest, config)
  if (verb === 'reset') return reset(rest, config)
  throw new RuleBroken('请写 account add 或 account reset。')
}

async function add(args: readonly string[], config: Config): Promise<undefined> {
  const { words, flags } = readArguments(args, ['账号'], { name: 'text', unit: 'text', role: 'text', track: 'text' })
  const account = readAccount(words[0] ?? '')
  const name = required(flags.name, 'name').trim()
  const unitGiven = required(flags.unit, 'unit')
  const role = readRole(required(flags.role, 'role'))
  const track = readTrack(flags.track ?? 'both')
  const password = initialPassword()
  const acting = asSystem(systemClock)
  const today = systemClock.today()
  const unit = await withCounty(config, (county) =>
    county.transaction({}, async (tx) => {
      const found = await resolveUnit(tx, unitGiven, track === 'both' ? null : track, today)
      if (await findAccount(tx, account)) {
        throw new RuleBroken(`账号 ${account} 已有人使用：请换一个，或用 account reset 为它另设密码。`)
      }
      const personId = await addPerson(tx, acting, { account, name, password })
      await grantRole(tx, acting, { personId, unitId: found.id, role, track, validFrom: today })
      return found
    }),
  )
  say(`已建立账号 ${account}（${name}，${unitText(unit)}，${roles[role]}）。`)
  say(`一次性密码：${password}   首次登录后须改密码。`)
}

async function reset(args: readonly string[], config: Config): Promise<undefined> {
  const account = readAccount(readArguments(args, ['账号'], {}).words[0] ?? '')
  const password = await withCounty(config, (county) =>
    county.transaction({}, async (tx) => {
      const person = await findAccount(tx, account)
      if (!person) throw new RuleBroken(`没有账号 ${account}，请核对写法。`)
      const acting = asSystem(systemClock)
      // Whoever asks the operator is often locked out after too many tries.
      await unlockPerson(tx, acting, person.id)
      return resetPassword(tx, acting, person.id)
    }),
  )
  say(`账号 ${account} 的一次性密码：${password}   登录后须改密码，原有登录均已退出。`)
}

async function findAccount(tx: Tx, account: string) {
  const [person] = await tx.select({ id: people.id }).from(people).where(eq(people.account, account))
  return person
}

function readAccount(text: string): string {
  const account = text.trim().toLowerCase()
  if (!/^[a-z0-9][a-z0-9._-]{1,49}$/.test(account)) {
    throw new RuleBroken(`账号“${text}”不合要求：请用 2 至 50 位小写字母、数字、点、横线。`)
  }
  return account
}

function readRole(text: string): Role {
  const found = Object.entries(roles).find(([key, label]) => key === text || label === text)
  if (!found) {
    const known = Object.entries(roles).map(([key, label]) => `${key}（${label}）`)
    throw new RuleBroken(`没有角色“${text}”，可用的有 ${known.join('、')}。`)
  }
  return found[0] as Role
}

function readTrack(text: string): Track | 'both' {
  const tracks: Record<string, Track | 'both' | undefined> = {
    state: 'state',
    国有: 'state',
    collective: 'collective',
    集体: 'collective',
    both: 'both',
  }
  const track = tracks[text]
  if (!track) throw new RuleBroken(`没有条线“${text}”，请写 state（国有）、collective（集体）或 both（两者）。`)
  return track
}
