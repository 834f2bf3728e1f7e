import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { claims } from '../../db/schema/claims.ts'
import { within } from '../access/scope.ts'
import { mayEnter } from '../kernel/actor.ts'
import { type Difference, Forbidden, NotFound, type Problem, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, changed, record } from '../kernel/events.ts'
import { toStored } from '../kernel/partial-date.ts'
import { type Claim, type ClaimValues, columnsOf, labelOf, telling, valuesOf } from './claim.ts'
import { insertClaims } from './entering.ts'

/** Enters a claim or a debt of a collective. */
export async function enterClaim(
  tx: Tx,
  acting: Acting,
  unitId: string,
  values: ClaimValues,
): Promise<{ id: string; no: string }> {
  if (!mayEnter(acting.actor, unitId, 'collective')) throw new Forbidden()
  refuse(claimProblems(values, acting.clock.today()))
  const [made] = await insertClaims(tx, acting, [{ unitId, values }], { action: 'claim.enter' })
  if (!made) throw new Error('the claim was not written')
  return made
}

/** Corrects a claim, or what is left of it. */
export async function editClaim(tx: Tx, acting: Acting, id: string, version: number, values: ClaimValues) {
  const claim = await openClaim(tx, acting, id)
  if (claim.version !== version) throw new Stale(differences(claim, values))
  refuse(claimProblems(values, acting.clock.today()))
  const changes = changed(valuesOf(claim), values)
  if (!changes) return
  await write(tx, acting, claim, columnsOf(values))
  await record(tx, acting, { kind: 'claim', id }, { action: 'claim.edit', detail: { changes } })
}

/** 了结: nothing is owed any more; the entry stays with the amount that was settled. */
export async function endClaim(
  tx: Tx,
  acting: Acting,
  id: string,
  version: number,
  { endedOn, endedReason }: { endedOn: string; endedReason: string },
) {
  const claim = await openClaim(tx, acting, id)
  if (claim.version !== version) throw new Stale()
  const today = acting.clock.today()
  if (endedOn > today) throw new RuleBroken([{ field: 'endedOn', text: `了结日期不能晚于今天 ${today}。` }])
  if (claim.occurredOn !== null && endedOn < claim.occurredOn) {
    throw new RuleBroken([{ field: 'endedOn', text: `了结日期不能早于形成时间 ${claim.occurredOn}。` }])
  }
  await write(tx, acting, claim, { endedOn, endedReason })
  const happening = { action: 'claim.end', effectiveOn: endedOn, comment: endedReason }
  await record(tx, acting, { kind: 'claim', id }, happening)
}

/** Takes an end back that was recorded by mistake. */
export async function reopenClaim(tx: Tx, acting: Acting, id: string, version: number, reason: string) {
  const claim = await lockClaim(tx, acting, id)
  if (claim.version !== version) throw new Stale()
  if (claim.endedOn === null || claim.voided) throw new RuleBroken('这一笔没有了结，不用恢复。')
  await write(tx, acting, claim, { endedOn: null, endedReason: null })
  await record(tx, acting, { kind: 'claim', id }, { action: 'claim.reopen', comment: reason })
}

/** What keeps a claim from being entered as it is written. */
export function claimProblems({ amount, occurredOn, dueOn }: ClaimValues, today: string): Problem[] {
  const problems: Problem[] = []
  const since = occurredOn === null ? null : toStored(occurredOn).day
  if (Number(amount) === 0) problems.push({ field: 'amount', text: '金额是 0，没有欠款的不用登记；结清的请点“了结”。' })
  if (since !== null && since > today) problems.push({ field: 'occurredOn', text: `形成时间不能晚于今天 ${today}。` })
  if (since !== null && dueOn !== null && dueOn < since) {
    problems.push({ field: 'dueOn', text: '到期日不能早于形成时间。' })
  }
  return problems
}

async function lockClaim(tx: Tx, { actor }: Acting, id: string): Promise<Claim> {
  const [claim] = await tx
    .select()
    .from(claims)
    .where(and(eq(claims.id, id), within(actor, claims.scopeKey)))
    .for('no key update')
  if (!claim) throw new NotFound()
  if (!mayEnter(actor, claim.unitId, 'collective')) throw new Forbidden()
  return claim
}

async function openClaim(tx: Tx, acting: Acting, id: string): Promise<Claim> {
  const claim = await lockClaim(tx, acting, id)
  if (claim.voided) throw new RuleBroken('这一笔已作废，不能再改。')
  if (claim.endedOn !== null) throw new RuleBroken('这一笔已经了结，不能再改；了结有误的，请先恢复。')
  return claim
}

async function write(tx: Tx, { clock }: Acting, claim: Claim, columns: Partial<typeof claims.$inferInsert>) {
  await tx
    .update(claims)
    .set({ ...columns, version: sql`${claims.version} + 1`, updatedAt: clock.now() })
    .where(eq(claims.id, claim.id))
}

/** What somebody else has saved beside what was sent now. */
function differences(claim: Claim, sent: ClaimValues): Difference[] {
  const changes = changed(valuesOf(claim), sent) ?? {}
  return Object.entries(changes).map(([field, { old, new: yours }]) => ({
    ...{ field: labelOf(field), old: null, clash: true },
    ...{ new: telling.value(field, old), yours: telling.value(field, yours) },
  }))
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new RuleBroken([...problems])
}
