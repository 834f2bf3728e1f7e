import { desc, eq, notInArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { divisions, people } from '../../db/schema/access.ts'
import { formerPasswords } from '../../db/schema/accounts.ts'
import type { Problem } from '../kernel/errors.ts'
import { type PasswordPolicy, passwordProblem } from './password-rules.ts'
import { hashPassword, verifyPassword } from './passwords.ts'

export type Person = Pick<typeof people.$inferSelect, 'id' | 'account' | 'name' | 'passwordHash'>
type Given = { password: string; again: string }

/** As many as the policy may ever ask for. */
const kept = 10

/** What is wrong with a new password typed twice; none when it may be taken. */
export async function newPasswordProblems(
  tx: Tx,
  person: Person,
  given: Given,
  policy: PasswordPolicy,
): Promise<Problem[]> {
  const counties = await tx.select({ name: divisions.name }).from(divisions).where(eq(divisions.level, 3))
  const names = [person.account, person.name, ...counties.map(({ name }) => name)]
  const problem = passwordProblem(given.password, person.account, policy, names)
  const problems: Problem[] = []
  if (problem) problems.push({ field: 'password', text: problem })
  else if (await wasUsed(tx, person, given.password, policy.former)) {
    const text =
      policy.former === 1
        ? '新密码不能与现在的相同，请换一个。'
        : `新密码不能与现在的或最近 ${policy.former} 次用过的相同，请换一个。`
    problems.push({ field: 'password', text })
  }
  if (given.password !== given.again) problems.push({ field: 'again', text: '两次输入的新密码不一样，请重新输入。' })
  return problems
}

/** Sets a person's own password over the old one, which is remembered so that it does not come back at once. */
export async function setPassword(tx: Tx, person: Person, password: string, now: Date): Promise<void> {
  await retirePassword(tx, person, now)
  await tx
    .update(people)
    .set({
      passwordHash: await hashPassword(password),
      passwordChangedAt: now,
      mustChangePassword: false,
      version: sql`${people.version} + 1`,
    })
    .where(eq(people.id, person.id))
}

/** Keeps the hash of the password that stops now; the caller puts another or none in its place. */
export async function retirePassword(tx: Tx, person: Person, now: Date): Promise<void> {
  if (person.passwordHash === null) return
  await tx.insert(formerPasswords).values({ personId: person.id, passwordHash: person.passwordHash, replacedAt: now })
  const latest = await formerOf(tx, person.id, kept)
  const ids = latest.map(({ id }) => id)
  await tx
    .delete(formerPasswords)
    .where(sql`${eq(formerPasswords.personId, person.id)} and ${notInArray(formerPasswords.id, ids)}`)
}

async function wasUsed(tx: Tx, person: Person, password: string, count: number): Promise<boolean> {
  const former = await formerOf(tx, person.id, person.passwordHash === null ? count : count - 1)
  for (const hash of [person.passwordHash, ...former.map(({ hash }) => hash)]) {
    if (hash !== null && (await verifyPassword(password, hash))) return true
  }
  return false
}

async function formerOf(tx: Tx, personId: string, count: number) {
  return tx
    .select({ id: formerPasswords.id, hash: formerPasswords.passwordHash })
    .from(formerPasswords)
    .where(eq(formerPasswords.personId, personId))
    .orderBy(desc(formerPasswords.replacedAt), desc(formerPasswords.id))
    .limit(count)
}
