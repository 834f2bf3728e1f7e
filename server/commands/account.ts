import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { people } from '../../db/schema/access.ts'
import { type Code, issueCode } from '../access/activation.ts'
import { addPerson, grantRole } from '../access/people-actions.ts'
import { unlockPerson } from '../access/people-endings.ts'
import { policyOn } from '../access/policy.ts'
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
  const acting = asSystem(systemClock)
  const today = systemClock.today()
  const { unit, code } = await withCounty(config, (county) =>
    county.transaction({}, async (tx) => {
      const found = await resolveUnit(tx, unitGiven, track === 'both' ? null : track, today)
      if (await findAccount(tx, account)) {
        throw new RuleBroken(`账号 ${account} 已有人使用：请换一个，或用 account reset 为它生成开通码。`)
      }
      const personId = await addPerson(tx, acting, { account, name, password: null })
      await grantRole(tx, acting, { personId, unitId: found.id, role, track, validFrom: today })
      return { unit: found, code: await codeFor(tx, personId) }
    }),
  )
  say(`已建立账号 ${account}（${name}，${unitText(unit)}，${roles[role]}）。`)
  tell(code, config)
}

async function reset(args: readonly string[], config: Config): Promise<undefined> {
  const account = readAccount(readArguments(args, ['账号'], {}).words[0] ?? '')
  const code = await withCounty(config, (county) =>
    county.transaction({}, async (tx) => {
      const person = await findAccount(tx, account)
      if (!person) throw new RuleBroken(`没有账号 ${account}，请核对写法。`)
      // Whoever asks the operator is often locked out after too many tries.
      await unlockPerson(tx, asSystem(systemClock), person.id)
      return codeFor(tx, person.id)
    }),
  )
  say(`账号 ${account} 的原密码已停用，原有登录均已退出。`)
  tell(code, config)
}

async function codeFor(tx: Tx, personId: string): Promise<Code> {
  const { activationHours } = await policyOn(tx, systemClock.today())
  return issueCode(tx, asSystem(systemClock), personId, activationHours)
}

function tell({ code, until }: Code, config: Config): void {
  const address = config.PUBLIC_ORIGIN ?? `http://${config.HOST}:${config.PORT}`
  say(`开通码：${code}`)
  say(`请本人打开 ${address}/activate，输入开通码，设置自己的密码。${minuteOf(until)} 前有效，只能用一次。`)
}

/** A moment in the county's time: 2026-11-25 09:30. */
function minuteOf(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
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
