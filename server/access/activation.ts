import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { accountTokens } from '../../db/schema/accounts.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { grouped, newCode, readCode, stopAccess } from './codes.ts'
import { unlock } from './lockout.ts'
import { newPasswordProblems, setPassword } from './own-password.ts'
import { heldBy } from './people-actions.ts'
import { lockPerson, refuseSelf } from './people-endings.ts'
import { isOpenedByOperator, operatorSentence } from './people-rules.ts'
import type { Policy } from './policy.ts'
import { closeSessionsOf, digest } from './sessions.ts'

/** Shown once to the one who made it; `until` is its last moment. */
export type Code = { code: string; until: Date }

/**
 * Makes the one-time code by which a person sets a password of their own. Whatever opened the account before stops
 * at once: the password, earlier codes, sessions and known devices.
 */
export async function issueCode(tx: Tx, acting: Acting, personId: string, hours: number): Promise<Code> {
  refuseSelf(acting, personId, '自己的密码请在“修改密码”里改。')
  const person = await lockPerson(tx, personId)
  if (person.disabledAt) throw new RuleBroken('这个账号已经停用，请先恢复再生成开通码。')
  if (acting.actor.personId !== null && isOpenedByOperator(await heldBy(tx, personId), acting.clock.today())) {
    throw new RuleBroken(`安全管理员、审计管理员的开通码不在网页上生成：${operatorSentence(person.account)}`)
  }
  const now = acting.clock.now()
  await stopAccess(tx, person, now)
  const code = newCode()
  const until = new Date(now.getTime() + hours * 3_600_000)
  await tx.insert(accountTokens).values({
    tokenHash: digest(code),
    personId,
    createdBy: acting.actor.personId,
    createdAt: now,
    expiresAt: until,
  })
  await record(
    tx,
    acting,
    { kind: 'person', id: personId },
    { action: person.passwordHash === null ? 'person.issue-code' : 'person.reset-code', detail: { hours } },
  )
  return { code: grouped(code), until }
}

type Given = { code: string; password: string; again: string }

/** Turns a code into the person's own password, once; returns whose account it opened. */
export async function activate(
  tx: Tx,
  given: Given,
  policy: Policy,
  now: Date,
): Promise<{ personId: string; account: string }> {
  const hash = digest(readCode(given.code))
  const [found] = await tx
    .select({ personId: accountTokens.personId })
    .from(accountTokens)
    .where(eq(accountTokens.tokenHash, hash))
  if (!found) throw refused('开通码不对，请核对后重新输入；仍然不行，请系统管理员重新生成。')
  // The person first: whoever makes a new code holds the same lock, so one of the two comes first for good.
  const person = await lockPerson(tx, found.personId)
  const [token] = await tx.select().from(accountTokens).where(eq(accountTokens.tokenHash, hash)).for('update')
  if (!token || token.usedAt) throw refused('这个开通码已经用过，请直接登录；忘记密码请系统管理员重新生成。')
  if (token.expiresAt <= now || person.disabledAt) {
    throw refused('这个开通码已过期或已停用，请系统管理员重新生成。')
  }
  const problems = await newPasswordProblems(tx, person, given, policy.password)
  if (problems.length > 0) throw new RuleBroken(problems)
  await setPassword(tx, person, given.password, now)
  await tx.update(accountTokens).set({ usedAt: now }).where(eq(accountTokens.tokenHash, hash))
  await closeSessionsOf(tx, person.id)
  await unlock(tx, person.account)
  return { personId: person.id, account: person.account }
}

function refused(text: string): RuleBroken {
  return new RuleBroken([{ field: 'code', text }])
}
