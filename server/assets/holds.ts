import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards, holds } from '../../db/schema/assets.ts'
import { brokenConstraint, type Problem, type Reason, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'

export const holdKinds = {
  planned: '盘活中',
  transferring: '移交中',
  disposing: '处置中',
  disputed: '有争议',
  mortgaged: '已抵押',
  undetermined: '待界定',
} as const
export type HoldKind = keyof typeof holdKinds

export const cardVerbs = {
  edit: '修改',
  arrange: '划分部位',
  split: '拆分',
  merge: '合并重复',
  determine: '权属界定',
  restrict: '登记抵押',
  plan: '列入盘活方案',
  transfer: '移交',
  dispose: '处置',
  register: '申报登记',
} as const
export type CardVerb = keyof typeof cardVerbs

/**
 * Which hold keeps which verb from what it covers; a document's own hold never does. Printed in docs/workflows/holds.md.
 * Whatever holds a card keeps it from being split or merged: a document means the card it names, and what secures a
 * debt stays whole until it is paid (最高人民法院关于适用民法典有关担保制度的解释 §38). Whose ownership is unclear or
 * disputed cannot be mortgaged (民法典 §399); a dispute itself can be recorded at any time.
 */
export const holdMatrix: Record<HoldKind, readonly CardVerb[]> = {
  planned: ['split', 'merge', 'determine', 'plan', 'transfer', 'dispose'],
  transferring: Object.keys(cardVerbs) as CardVerb[],
  disposing: Object.keys(cardVerbs) as CardVerb[],
  disputed: ['split', 'merge', 'restrict', 'plan', 'transfer', 'dispose', 'register'],
  mortgaged: ['split', 'merge', 'transfer', 'dispose'],
  undetermined: ['split', 'merge', 'determine', 'restrict', 'transfer', 'dispose', 'register'],
}

export type Hold = typeof holds.$inferSelect
/** The document that holds: its kind, id, the number people see, and the address of its page. */
export type HoldingDocument = { kind: string; id: string; no: string; path: string }

export async function holdsOn(tx: Tx, cardIds: readonly string[]): Promise<Hold[]> {
  if (cardIds.length === 0) return []
  return tx
    .select()
    .from(holds)
    .where(and(inArray(holds.cardId, [...cardIds]), isNull(holds.releasedAt)))
    .orderBy(holds.since, holds.id)
}

/**
 * The holds among these that keep a verb from the card or, where parts are named, from these parts: a verb on the whole
 * card meets every hold of any part of it.
 */
export function blocking(
  verb: CardVerb,
  found: readonly Hold[],
  own?: Pick<HoldingDocument, 'kind' | 'id'>,
  partNos?: readonly number[],
): Hold[] {
  return found.filter(
    (hold) =>
      holdMatrix[hold.kind as HoldKind].includes(verb) &&
      !(hold.documentKind === own?.kind && hold.documentId === own.id) &&
      (partNos === undefined || partNos.some((no) => touches(hold, no))),
  )
}

/** Whether a hold covers this part. */
export function touches(hold: Pick<Hold, 'parts'>, partNo: number): boolean {
  const range = partsHeld(hold)
  return range === null || (partNo >= range.from && partNo < range.to)
}

/** The part numbers a hold covers, the last one excluded; null: the whole card. */
export function partsHeld({ parts }: Pick<Hold, 'parts'>): { from: number; to: number } | null {
  const [, from, to] = /^\[(\d+),(\d+)\)$/.exec(parts) ?? []
  return from === undefined || to === undefined ? null : { from: Number(from), to: Number(to) }
}

/** Part numbers as ranges, neighbours in one; none are the whole card. */
export function rangesOf(partNos: readonly number[] = []): string[] {
  if (partNos.length === 0) return ['(,)']
  const sorted = [...new Set(partNos)].sort((a, b) => a - b)
  const starts = sorted.filter((no) => !sorted.includes(no - 1))
  const ends = sorted.filter((no) => !sorted.includes(no + 1))
  return starts.map((start, index) => `[${start},${(ends[index] ?? start) + 1})`)
}

export function holdSentence(verb: CardVerb, hold: Hold): string {
  const what = partsText(hold) || '资产'
  return `不能${cardVerbs[verb]}：${what}${holdKinds[hold.kind as HoldKind]}（${hold.documentNo}），请先办结该事项。`
}

/** 部位 2、3; nothing for the whole card. */
export function partsText(hold: Pick<Hold, 'parts'>): string {
  const range = partsHeld(hold)
  if (range === null) return ''
  return `部位 ${Array.from({ length: range.to - range.from }, (_, index) => range.from + index).join('、')} `
}

/** The sentence with the way to the document that holds. */
export function holdProblem(verb: CardVerb, hold: Hold): Problem & { href: string } {
  return { field: null, text: holdSentence(verb, hold), href: hold.documentPath }
}

/** Why a button is dead, each document once. */
export function holdReasons(verb: CardVerb, found: readonly Hold[]): Exclude<Reason, string>[] {
  const reasons = found.map((hold) => ({ text: holdSentence(verb, hold), href: hold.documentPath }))
  return reasons.filter(({ text }, index) => reasons.findIndex((other) => other.text === text) === index)
}

/** A card, or the parts of it that a document names. */
export type HoldEntry = { cardId: string; parts?: readonly number[] }

/**
 * Places a document's hold on cards and parts; two documents cannot hold the same thing in the same way. The cards are
 * locked in the order of their ids, so that no part leaves while it is being held.
 */
export async function placeHolds(
  tx: Tx,
  acting: Acting,
  entries: readonly HoldEntry[],
  kind: HoldKind,
  document: HoldingDocument,
): Promise<void> {
  const cardIds = entries.map(({ cardId }) => cardId)
  const locked = await tx.select().from(cards).where(inArray(cards.id, cardIds)).orderBy(cards.id).for('update')
  for (const { cardId, parts = [] } of entries) {
    const card = locked.find(({ id }) => id === cardId)
    if (card?.voided) throw new RuleBroken(`资产 ${card.code} 已作废，请从事项中去掉或换成在册的资产。`)
    const missing = parts.find((no) => !card?.parts.some((part) => part.no === no))
    if (missing !== undefined) throw new RuleBroken(`资产 ${card?.code} 没有部位 ${missing}，请重新选择部位。`)
  }
  const held = await holdsOn(tx, cardIds)
  const clash = held.find(
    (hold) => hold.kind === kind && entries.some((entry) => entry.cardId === hold.cardId && meets(hold, entry)),
  )
  if (clash) throw await occupied(tx, clash)
  const rows = entries.flatMap(({ cardId, parts }) =>
    rangesOf(parts).map((range) => ({
      cardId,
      parts: range,
      kind,
      documentKind: document.kind,
      documentId: document.id,
      documentNo: document.no,
      documentPath: document.path,
      since: acting.clock.now(),
    })),
  )
  try {
    await tx.insert(holds).values(rows)
  } catch (error) {
    if (brokenConstraint(error)?.name !== 'holds_no_overlap') throw error
    throw new RuleBroken(`有资产刚被另一事项占用（${holdKinds[kind]}），请到资产卡片查看后再办。`)
  }
}

function meets(hold: Hold, { parts = [] }: HoldEntry): boolean {
  return parts.length === 0 || parts.some((no) => touches(hold, no))
}

async function occupied(tx: Tx, hold: Hold): Promise<RuleBroken> {
  const [card] = await tx.select({ code: cards.code }).from(cards).where(eq(cards.id, hold.cardId))
  const what = `资产 ${card?.code} ${partsHeld(hold) ? `的${partsText(hold)}` : ''}`
  const text = `${what}已被 ${hold.documentNo} 占用（${holdKinds[hold.kind as HoldKind]}），请先办结该事项。`
  return new RuleBroken([{ field: null, text, href: hold.documentPath }])
}

export async function releaseHolds(tx: Tx, acting: Acting, document: HoldingDocument): Promise<void> {
  await tx
    .update(holds)
    .set({ releasedAt: acting.clock.now() })
    .where(and(eq(holds.documentKind, document.kind), eq(holds.documentId, document.id), isNull(holds.releasedAt)))
}
