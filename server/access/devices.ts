import { randomBytes } from 'node:crypto'
import { and, eq, gt, inArray, lt } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { knownDevices } from '../../db/schema/access.ts'
import { digest } from './sessions.ts'

/** People who share one office PC keep a token each in its cookie. */
const tokensPerDevice = 6
const keptDays = 180

/** The hash of the token by which this device knows the person, or null for a stranger. */
export async function knownDevice(
  tx: Tx,
  cookie: string | undefined,
  personId: string | null,
  now: Date,
): Promise<string | null> {
  const hashes = tokensIn(cookie).map(digest)
  if (hashes.length === 0) return null
  const [device] = await tx
    .select({ hash: knownDevices.tokenHash })
    .from(knownDevices)
    .where(
      and(
        inArray(knownDevices.tokenHash, hashes),
        gt(knownDevices.createdAt, keptSince(now)),
        personId === null ? undefined : eq(knownDevices.personId, personId),
      ),
    )
    .limit(1)
  return device?.hash ?? null
}

/** Makes the device known to the person; returns the cookie it then carries. */
export async function rememberDevice(
  tx: Tx,
  cookie: string | undefined,
  personId: string,
  now: Date,
): Promise<string | undefined> {
  if (await knownDevice(tx, cookie, personId, now)) return cookie
  const token = randomBytes(24).toString('base64url')
  await tx.insert(knownDevices).values({ tokenHash: digest(token), personId, createdAt: now })
  await tx.delete(knownDevices).where(lt(knownDevices.createdAt, keptSince(now)))
  return [token, ...tokensIn(cookie)].slice(0, tokensPerDevice).join('.')
}

/** After a password reset every device starts anew as a stranger. */
export async function forgetDevices(tx: Tx, personId: string): Promise<void> {
  await tx.delete(knownDevices).where(eq(knownDevices.personId, personId))
}

function tokensIn(cookie: string | undefined): string[] {
  return (cookie ?? '')
    .split('.')
    .filter((token) => /^[\w-]{32}$/.test(token))
    .slice(0, tokensPerDevice)
}

function keptSince(now: Date): Date {
  return new Date(now.getTime() - keptDays * 86_400_000)
}
