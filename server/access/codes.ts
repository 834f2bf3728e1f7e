import { randomInt } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { people } from '../../db/schema/access.ts'
import { accountTokens } from '../../db/schema/accounts.ts'
import { forgetDevices } from './devices.ts'
import { type Person, retirePassword } from './own-password.ts'
import { closeSessionsOf } from './sessions.ts'

/** Neither vowels that make words nor signs that look alike. */
const signs = 'BCDFGHJKMNPQRSTVWXYZ23456789'

/** Sixteen signs of 28: nobody guesses one. */
export function newCode(): string {
  return Array.from({ length: 16 }, () => signs[randomInt(signs.length)] ?? '').join('')
}

/** As it is shown: ABCD-EFGH-JKMN-PQRS. */
export function grouped(code: string): string {
  return code.replaceAll(/(.{4})(?=.)/g, '$1-')
}

/** As typed by hand or copied from a message: case, width, blanks and hyphens do not matter. */
export function readCode(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^A-Z\d]/g, '')
}

/** Codes that nobody has used yet open nothing any more. */
export async function voidCodes(tx: Tx, personId: string, now: Date): Promise<void> {
  await tx
    .update(accountTokens)
    .set({ expiresAt: now })
    .where(and(eq(accountTokens.personId, personId), isNull(accountTokens.usedAt), gt(accountTokens.expiresAt, now)))
}

/** Whatever opened the account stops at once: the password, codes, sessions and known devices. */
export async function stopAccess(tx: Tx, person: Person, now: Date): Promise<void> {
  await retirePassword(tx, person, now)
  await tx
    .update(people)
    .set({ passwordHash: null, mustChangePassword: true, version: sql`${people.version} + 1` })
    .where(eq(people.id, person.id))
  await closeSessionsOf(tx, person.id)
  await forgetDevices(tx, person.id)
  await voidCodes(tx, person.id, now)
}

/** Until when the person's code waits for them, or null. */
export async function openCodeOf(tx: Tx, personId: string, now: Date): Promise<Date | null> {
  const [open] = await tx
    .select({ until: accountTokens.expiresAt })
    .from(accountTokens)
    .where(and(eq(accountTokens.personId, personId), isNull(accountTokens.usedAt), gt(accountTokens.expiresAt, now)))
  return open?.until ?? null
}
