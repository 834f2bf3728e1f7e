import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { signInAttempts } from '../../db/schema/access.ts'
import { counted, type Tally, type Tries } from './lockout-rules.ts'
import { digest } from './sessions.ts'

/** Whether a password may be tried, and until when not. `locks`: this try was the one that reached the limit. */
export type Attempt = { until: Date | null; locks: boolean }

/**
 * Counts a try before its password is looked at, in a transaction of its own: tries sent at the same time are all
 * counted, and so is one whose sign-in fails half way. Accounts that do not exist are counted alike.
 */
export async function takeAttempt(tx: Tx, bucket: string, now: Date, tries: Tries): Promise<Attempt> {
  await tx.insert(signInAttempts).values({ bucket, lastAt: now }).onConflictDoNothing()
  const [tally] = await tx.select().from(signInAttempts).where(eq(signInAttempts.bucket, bucket)).for('update')
  if (!tally) throw new Error('the attempt was not counted')
  if (isLocked(tally, now)) return { until: tally.lockedUntil, locks: false }
  const next = counted(tally, now, tries)
  await tx
    .update(signInAttempts)
    .set({ ...next, lastAt: now })
    .where(eq(signInAttempts.bucket, bucket))
  return { until: null, locks: next.lockedUntil !== null }
}

/** Until when a bucket is locked, or null. */
export async function lockedUntil(tx: Tx, bucket: string, now: Date): Promise<Date | null> {
  const [tally] = await tx.select().from(signInAttempts).where(eq(signInAttempts.bucket, bucket))
  return tally && isLocked(tally, now) ? tally.lockedUntil : null
}

/** The right password clears the bucket it came from, and no other. */
export async function clearAttempts(tx: Tx, bucket: string): Promise<void> {
  await tx.delete(signInAttempts).where(eq(signInAttempts.bucket, bucket))
}

/** Every lock of an account, the latest end first. */
export async function locksOf(tx: Tx, account: string, now: Date): Promise<Date[]> {
  const rows = await tx.select().from(signInAttempts).where(ofAccount(account))
  return rows
    .filter((row) => isLocked(row, now))
    .map((row) => row.lockedUntil ?? now)
    .sort((left, right) => right.getTime() - left.getTime())
}

export async function unlock(tx: Tx, account: string): Promise<void> {
  await tx.delete(signInAttempts).where(ofAccount(account))
}

/** Tries on accounts that were forgotten long ago. */
export async function sweepAttempts(tx: Tx, now: Date): Promise<void> {
  const old = new Date(now.getTime() - 3 * 86_400_000)
  await tx.delete(signInAttempts).where(sql`${signInAttempts.lastAt} < ${old.toISOString()}`)
}

/** A known device of the account counts for itself, all others together as strangers. */
export function bucketOf(account: string, device: string | null): string {
  return `${digest(account)}:${device ?? 'strangers'}`
}

function ofAccount(account: string) {
  return sql`starts_with(${signInAttempts.bucket}, ${`${digest(account)}:`})`
}

function isLocked(tally: Tally, now: Date): boolean {
  return tally.lockedUntil !== null && tally.lockedUntil > now
}
