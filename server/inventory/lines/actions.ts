import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { cards } from '../../../db/schema/assets.ts'
import { countLines, type LineChanges } from '../../../db/schema/inventory.ts'
import { followingKeys } from '../../assets/parts.ts'
import { unsplittable } from '../../assets/split.ts'
import { NotFound, type Problem, Stale } from '../../kernel/errors.ts'
import { type Acting, record } from '../../kernel/events.ts'
import { lineDifferences } from './differences.ts'
import { type CardNow, type CountedVia, type Line, type LineAt, type OpenLine, openLine, write } from './open.ts'
import { countSide, type Findings, findingProblems, isWhole, partsOf, refuse } from './rules.ts'

/** What somebody found of a booked line; null leaves the fields as they are. */
export type LineEntry = {
  version: number
  findings: Findings
  changes: LineChanges
  condition: string | null
  remark: string | null
  via: CountedVia
}

/**
 * Saves what was found of one booked line, with its event. Many people count at once: each waits for nobody but who saves
 * the same line, and the count cannot be handed in meanwhile.
 */
export async function saveLine(tx: Tx, acting: Acting, at: LineAt, entry: LineEntry): Promise<Line> {
  return saveOpened(tx, acting, await openLine(tx, acting.actor, at), entry)
}

/** The same of a line that has been opened already. */
export async function saveOpened(tx: Tx, acting: Acting, { line, card }: OpenLine, entry: LineEntry): Promise<Line> {
  if (line.origin !== 'booked' || !card) throw new NotFound()
  const side = {
    ...countSide(line, entry.findings),
    changes: entry.changes,
    condition: entry.condition,
    remark: entry.remark,
  }
  if (line.version !== entry.version) throw new Stale(lineDifferences(line, { ...line, ...side }))
  refuse([...findingProblems(line, entry.findings), ...cardProblems(line, card, entry)])
  return write(tx, acting, line, side, entry.via)
}

/** What the card itself keeps from being said of it. */
export function cardProblems(
  line: Line,
  card: CardNow,
  { findings, changes }: Pick<LineEntry, 'findings' | 'changes'>,
): Problem[] {
  const given = partsOf(line, findings)
  if (card.voided) {
    const gone = given.length === 1 && given[0] === 'missing' && isWhole(line, findings)
    return gone
      ? []
      : [{ field: 'counted', text: '这张卡片已作废（并入别的卡片），清查数请写 0，盘亏原因写“重复入账”。' }]
  }
  const problems: Problem[] = []
  const why = given.length > 0 && !isWhole(line, findings) ? unsplittable(card) : undefined
  if (why) problems.push({ field: 'counted', text: `${why}或整项写同一结果。` })
  if (card.parts.length > 0) {
    const key = followingKeys.find((one) => one in changes)
    if (key)
      problems.push({ field: `change.${key}`, text: '划分了部位的资产，使用状况和闲置面积请在卡片的部位里修改。' })
  }
  return problems
}

/** Says of booked lines nobody has counted yet that they are as booked; how many that were. */
export async function countAsBooked(
  tx: Tx,
  acting: Acting,
  countId: string,
  nos: readonly number[],
  via: CountedVia,
): Promise<number> {
  let saved = 0
  for (const no of [...new Set(nos)].sort((a, b) => a - b)) {
    const { line } = await openLine(tx, acting.actor, { countId, no })
    if (line.origin !== 'booked' || line.countedQuantity !== null) continue
    await write(tx, acting, line, countSide(line, asBooked(line)), via)
    saved += 1
  }
  return saved
}

export function asBooked({ bookQuantity }: Pick<Line, 'bookQuantity'>): Findings {
  const none = { missingReason: null, scrapReason: null, undeterminedReason: null }
  return { counted: bookQuantity, scrap: '0', undetermined: '0', ...none }
}

/** The unit has looked again at a card that changed after the call was issued. */
export async function confirmSeen(tx: Tx, acting: Acting, at: LineAt, version: number): Promise<void> {
  const { line } = await openLine(tx, acting.actor, at)
  if (line.version !== version) throw new Stale()
  const [card] = await tx
    .select({ version: cards.version })
    .from(cards)
    .where(eq(cards.id, line.cardId ?? ''))
  if (!card || card.version === line.cardVersion) return
  const [seen] = await tx
    .update(countLines)
    .set({ cardVersion: card.version, version: sql`${countLines.version} + 1` })
    .where(and(eq(countLines.id, line.id), eq(countLines.version, version)))
    .returning({ id: countLines.id })
  if (!seen) throw new Stale()
  await record(
    tx,
    acting,
    { kind: 'count', id: at.countId },
    { action: 'count.seen', detail: { line: line.no, code: line.code, version: card.version } },
  )
}
