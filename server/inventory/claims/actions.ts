import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { claimLines, claims } from '../../../db/schema/claims.ts'
import { claimCategories, kindOfCategory } from '../../../imports/sheets/claim-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { type Difference, NotFound, type Problem, RuleBroken, Stale } from '../../kernel/errors.ts'
import { type Acting, changed, record } from '../../kernel/events.ts'
import { compare } from '../../kernel/money.ts'
import { fromStored, toStored } from '../../kernel/partial-date.ts'
import type { LineAt } from '../lines/open.ts'
import { openCount } from '../lines/open.ts'
import { openClaimLines } from './opening.ts'

export type ClaimLine = typeof claimLines.$inferSelect

/** What a unit found of a booked claim or debt. */
export type Checked = { counted: string; reason: string | null; remark: string | null }
/** One that no book has. */
export type FoundClaim = Checked & {
  category: string
  counterparty: string
  occurredOn: string | null
  purpose: string | null
}

/** Says how much of a booked claim there is; whoever saves it has seen the ledger as it is now. */
export async function saveClaimLine(
  tx: Tx,
  acting: Acting,
  at: LineAt,
  version: number,
  checked: Checked,
): Promise<ClaimLine> {
  const line = await openLine(tx, acting, at)
  if (line.claimId === null) throw new NotFound()
  if (line.version !== version) throw new Stale(differences(line, checked))
  if (compare(checked.counted, line.bookAmount) !== 0 && checked.reason === null) {
    throw new RuleBroken([
      { field: 'reason', text: `核实数与账面 ${line.bookAmount} 元不同，请写明差额原因，如 已归还、已核销、记错账。` },
    ])
  }
  const [claim] = await tx.select({ version: claims.version }).from(claims).where(eq(claims.id, line.claimId))
  return write(tx, acting, line, { ...countedOf(checked), claimVersion: claim?.version ?? line.claimVersion })
}

/** Says of lines nobody has checked yet that they are as booked; how many that were. */
export async function checkAsBooked(tx: Tx, acting: Acting, countId: string, nos: readonly number[]): Promise<number> {
  let saved = 0
  for (const no of [...new Set(nos)].sort((a, b) => a - b)) {
    const line = await openLine(tx, acting, { countId, no })
    if (line.claimId === null || line.countedAmount !== null) continue
    await write(tx, acting, line, { countedAmount: line.bookAmount, reason: null })
    saved += 1
  }
  return saved
}

/** 账外: a claim or debt that was found and that no book has. */
export async function addFoundClaim(tx: Tx, acting: Acting, countId: string, found: FoundClaim): Promise<ClaimLine> {
  await openCollective(tx, acting, countId, 'no key update')
  refuse(foundProblems(found, acting.clock.today()))
  const [last] = await tx
    .select({ no: sql<number>`coalesce(max(${claimLines.no}), 0)` })
    .from(claimLines)
    .where(eq(claimLines.countId, countId))
  const [line] = await tx
    .insert(claimLines)
    .values({ countId, no: (last?.no ?? 0) + 1, bookAmount: '0', ...foundColumns(found), ...countedBy(acting) })
    .returning()
  if (!line) throw new Error('the line was not written')
  await tell(tx, acting, line, 'count.claim-found', changed({}, told(line)) ?? {})
  return line
}

export async function editFoundClaim(
  tx: Tx,
  acting: Acting,
  at: LineAt,
  version: number,
  found: FoundClaim,
): Promise<ClaimLine> {
  const line = await openLine(tx, acting, at)
  if (line.claimId !== null) throw new NotFound()
  if (line.version !== version) throw new Stale(differences(line, found))
  refuse(foundProblems(found, acting.clock.today()))
  return write(tx, acting, line, foundColumns(found))
}

export async function dropFoundClaim(tx: Tx, acting: Acting, at: LineAt, version: number): Promise<void> {
  const line = await openLine(tx, acting, at)
  if (line.claimId !== null) throw new NotFound()
  if (line.version !== version) throw new Stale()
  await tx.delete(claimLines).where(eq(claimLines.id, line.id))
  await tell(tx, acting, line, 'count.claim-drop', changed(told(line), {}) ?? {})
}

/** Takes what was entered into the ledger after the call went out; how many lines that made. */
export async function takeFromLedger(tx: Tx, acting: Acting, countId: string): Promise<number> {
  await openCollective(tx, acting, countId, 'no key update')
  const made = await openClaimLines(tx, sql`t.id = ${countId}`)
  if (made > 0) {
    await record(tx, acting, { kind: 'count', id: countId }, { action: 'count.claims-taken', detail: { lines: made } })
  }
  return made
}

async function openCollective(tx: Tx, { actor }: Acting, countId: string, lock: 'share' | 'no key update') {
  const count = await openCount(tx, actor, countId, lock)
  if (count.track !== 'collective') throw new RuleBroken('债权债务只清查集体经济组织的。')
  return count
}

async function openLine(tx: Tx, acting: Acting, { countId, no }: LineAt): Promise<ClaimLine> {
  await openCollective(tx, acting, countId, 'share')
  const [line] = await tx
    .select()
    .from(claimLines)
    .where(and(eq(claimLines.countId, countId), eq(claimLines.no, no)))
  if (!line) throw new NotFound()
  return line
}

async function write(tx: Tx, acting: Acting, line: ClaimLine, side: Partial<ClaimLine>): Promise<ClaimLine> {
  const [saved] = await tx
    .update(claimLines)
    .set({ ...side, ...countedBy(acting), returned: null, version: sql`${claimLines.version} + 1` })
    .where(and(eq(claimLines.id, line.id), eq(claimLines.version, line.version)))
    .returning()
  if (!saved) throw new Stale()
  await tell(tx, acting, saved, 'count.claim', changed(told(line), told(saved)))
  return saved
}

async function tell(
  tx: Tx,
  acting: Acting,
  { countId, no, counterparty }: ClaimLine,
  action: string,
  changes: ReturnType<typeof changed>,
): Promise<void> {
  const detail = { claimLine: no, name: counterparty, ...(changes ? { changes } : {}) }
  await record(tx, acting, { kind: 'count', id: countId }, { action, detail })
}

function countedBy({ actor, clock }: Acting) {
  return { countedBy: actor.personId, countedName: actor.name, countedAt: clock.now() }
}

function countedOf({ counted, reason, remark }: Checked) {
  return { countedAmount: counted, reason, remark }
}

function foundColumns({ category, counterparty, occurredOn, purpose, ...checked }: FoundClaim) {
  const occurred = occurredOn === null ? null : toStored(occurredOn)
  return {
    ...countedOf(checked),
    ...{ category, kind: kindOfCategory(category), counterparty, purpose },
    ...{ occurredOn: occurred?.day ?? null, occurredPrecision: occurred?.precision ?? null },
  }
}

function foundProblems({ counted, occurredOn }: FoundClaim, today: string): Problem[] {
  const day = occurredOn === null ? null : toStored(occurredOn).day
  return [
    ...(Number(counted) === 0 ? [{ field: 'counted', text: '核实数是 0，没有欠款的不用登记。' }] : []),
    ...(day !== null && day > today ? [{ field: 'occurredOn', text: `形成时间不能晚于今天 ${today}。` }] : []),
  ]
}

/** Label → value, as events and 409 pages tell a line. */
function told(line: Partial<ClaimLine>): Record<string, string | null> {
  const own = line.claimId === null
  return {
    核实数: line.countedAmount ?? null,
    差额原因: line.reason ?? null,
    备注: line.remark ?? null,
    ...(own
      ? {
          科目类别: choiceLabel(claimCategories, line.category) || null,
          '对方单位(个人)': line.counterparty ?? null,
          形成时间: fromStored(line.occurredOn ?? null, line.occurredPrecision ?? null),
          事由: line.purpose ?? null,
        }
      : {}),
  }
}

function differences(line: ClaimLine, sent: Checked | FoundClaim): Difference[] {
  const next = 'category' in sent ? foundColumns(sent) : countedOf(sent)
  const [theirs, yours] = [told(line), told({ ...line, ...next })]
  return Object.keys(yours)
    .filter((field) => (theirs[field] ?? null) !== (yours[field] ?? null))
    .map((field) => ({ field, old: null, new: theirs[field] ?? null, yours: yours[field] ?? null, clash: true }))
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new RuleBroken([...problems])
}
