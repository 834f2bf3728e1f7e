import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, lt, or, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { sessions } from '../../db/schema/access.ts'

export type Session = { idHash: string; personId: string; flash: string | null }
export type Limits = { idleMinutes: number; hours: number }

/** 32 random bytes for the cookie; the table keeps only their hash. */
export async function openSession(
  tx: Tx,
  personId: string,
  now: Date,
  limits: Limits,
  origin: { address: string; browser: string },
): Promise<string> {
  const id = randomBytes(32).toString('base64url')
  await tx.insert(sessions).values({
    idHash: digest(id),
    personId,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + limits.hours * 3_600_000),
    address: origin.address,
    browser: origin.browser.slice(0, 200),
  })
  return id
}

/** The live session behind a cookie; idle and absolute ends both count. */
export async function findSession(tx: Tx, id: string, now: Date, limits: Limits): Promise<Session | undefined> {
  const [session] = await tx
    .select({ idHash: sessions.idHash, personId: sessions.personId, flash: sessions.flash })
    .from(sessions)
    .where(
      and(
        eq(sessions.idHash, digest(id)),
        gt(sessions.expiresAt, now),
        gt(sessions.lastSeenAt, idleSince(now, limits)),
      ),
    )
    .prepare('session')
    .execute()
  return session
}

/** Moves the idle clock, at most once a minute, so that reading a page does not mean a write. */
export async function touchSession(tx: Tx, idHash: string, now: Date): Promise<void> {
  await tx
    .update(sessions)
    .set({ lastSeenAt: now })
    .where(and(eq(sessions.idHash, idHash), lt(sessions.lastSeenAt, new Date(now.getTime() - 60_000))))
    .prepare('touch')
    .execute()
}

/** Gives a running session another id, after a new password; returns what the cookie then holds. */
export async function rotateSession(tx: Tx, idHash: string): Promise<{ id: string; idHash: string }> {
  const id = randomBytes(32).toString('base64url')
  await tx
    .update(sessions)
    .set({ idHash: digest(id) })
    .where(eq(sessions.idHash, idHash))
  return { id, idHash: digest(id) }
}

export async function closeSession(tx: Tx, idHash: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.idHash, idHash))
}

/** Ends every session of a person, one may be kept: after a new password, a disabled account. */
export async function closeSessionsOf(tx: Tx, personId: string, keep?: string): Promise<void> {
  await tx.delete(sessions).where(and(eq(sessions.personId, personId), sql`${sessions.idHash} <> ${keep ?? ''}`))
}

/** Ends a person's oldest sessions until so many are left with the one that is kept; returns how many ended. */
export async function closeOldest(tx: Tx, personId: string, keep: string, places: number): Promise<number> {
  const ended = await tx.execute(sql`
    delete from ${sessions} where id_hash in (
      select id_hash from ${sessions} where person_id = ${personId} and id_hash <> ${keep}
      order by created_at desc, last_seen_at desc, id_hash offset ${places - 1})
    returning id_hash`)
  return ended.length
}

export async function sweepSessions(tx: Tx, now: Date, limits: Limits): Promise<void> {
  await tx.delete(sessions).where(or(lt(sessions.expiresAt, now), lt(sessions.lastSeenAt, idleSince(now, limits))))
}

export async function setFlash(tx: Tx, idHash: string, flash: string | null): Promise<void> {
  await tx.update(sessions).set({ flash }).where(eq(sessions.idHash, idHash))
}

export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function idleSince(now: Date, limits: Limits): Date {
  return new Date(now.getTime() - limits.idleMinutes * 60_000)
}
