import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { countLines } from '../../../db/schema/inventory.ts'
import { NotFound, type Problem, Stale } from '../../kernel/errors.ts'
import { type Acting, changed, record } from '../../kernel/events.ts'
import { toStored } from '../../kernel/partial-date.ts'
import { lineDifferences, told } from './differences.ts'
import {
  type CountedVia,
  countedNow,
  type Line,
  type LineAt,
  type OpenLine,
  openCount,
  openLine,
  write,
} from './open.ts'
import { refuse, surplusProblems, type ValueBasis } from './rules.ts'

export type SurplusEntry = {
  name: string
  cardType: string
  quantity: string
  foundOn: string
  valueBasis: ValueBasis
  valueNote: string | null
  cost: string | null
  depreciation: string | null
  unitOfMeasure: string | null
  location: string | null
  specification: string | null
  structure: string | null
  floorArea: string | null
  landArea: string | null
  acquiredOn: string | null
  usage: string | null
  source: string | null
  keeper: string | null
  condition: string | null
  remark: string | null
}

/** 盘盈: something found that no card stands for. */
export async function addSurplus(
  tx: Tx,
  acting: Acting,
  countId: string,
  entry: SurplusEntry,
  via: CountedVia,
): Promise<Line> {
  // The next number of the count is taken by one at a time.
  const count = await openCount(tx, acting.actor, countId, 'no key update')
  checkSurplus(acting, entry)
  const [last] = await tx
    .select({ no: sql<number>`coalesce(max(${countLines.no}), 0)` })
    .from(countLines)
    .where(eq(countLines.countId, countId))
  const [line] = await tx
    .insert(countLines)
    .values({
      countId,
      no: (last?.no ?? 0) + 1,
      origin: 'surplus',
      divisionCode: count.divisionCode,
      bookQuantity: '0',
      ...surplusColumns(entry),
      ...countedNow(acting, via),
    })
    .returning()
  if (!line) throw new Error('the surplus was not written')
  await record(
    tx,
    acting,
    { kind: 'count', id: countId },
    { action: 'count.surplus', detail: { line: line.no, name: line.name, changes: changed({}, told(line)) ?? {} } },
  )
  return line
}

/** Corrects a surplus that has been opened. */
export async function editSurplus(
  tx: Tx,
  acting: Acting,
  { line }: OpenLine,
  version: number,
  entry: SurplusEntry,
  via: CountedVia,
): Promise<Line> {
  if (line.origin !== 'surplus') throw new NotFound()
  const next = surplusColumns(entry)
  if (line.version !== version) throw new Stale(lineDifferences(line, { ...line, ...next }))
  checkSurplus(acting, entry)
  return write(tx, acting, line, next, via)
}

export async function dropSurplus(tx: Tx, acting: Acting, at: LineAt, version: number): Promise<void> {
  const { line } = await openLine(tx, acting.actor, at)
  if (line.origin !== 'surplus') throw new NotFound()
  if (line.version !== version) throw new Stale()
  await tx.execute(sql`
    update baseline_lines set line_id = null, matched_by = null, version = version + 1 where line_id = ${line.id}`)
  await tx.execute(sql`delete from paper_links where count_line_id = ${line.id}`)
  await tx.delete(countLines).where(eq(countLines.id, line.id))
  await record(
    tx,
    acting,
    { kind: 'count', id: at.countId },
    {
      action: 'count.drop-surplus',
      detail: { line: line.no, name: line.name, changes: changed(told(line), {}) ?? {} },
    },
  )
}

function checkSurplus({ clock }: Acting, entry: SurplusEntry): void {
  refuse(surplusEntryProblems(clock.today(), entry))
}

/** Everything that keeps a surplus from standing, by the field it belongs to. */
export function surplusEntryProblems(today: string, entry: SurplusEntry): Problem[] {
  const problems = surplusProblems(entry)
  if (entry.foundOn > today) problems.push({ field: 'foundOn', text: `发现日期不能晚于今天 ${today}。` })
  if (entry.acquiredOn !== null && entry.acquiredOn > today) {
    problems.push({ field: 'acquiredOn', text: `建成/取得时间不能晚于今天 ${today}。` })
  }
  return problems
}

export function surplusColumns(entry: SurplusEntry) {
  const { quantity, cost, depreciation, acquiredOn, ...rest } = entry
  const acquired = acquiredOn === null ? null : toStored(acquiredOn)
  return {
    ...rest,
    acquiredOn: acquired?.day ?? null,
    acquiredPrecision: acquired?.precision ?? null,
    countedQuantity: quantity,
    surplusQuantity: quantity,
    surplusCost: entry.valueBasis === 'nominal' ? '1' : cost,
    surplusDepreciation: depreciation,
  }
}
