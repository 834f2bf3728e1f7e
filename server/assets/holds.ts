import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { holds } from '../../db/schema/assets.ts'
import { brokenConstraint, RuleBroken } from '../kernel/errors.ts'
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
  determine: '权属界定',
  plan: '列入盘活方案',
  transfer: '移交',
  dispose: '处置',
  register: '申报登记',
  split: '拆分',
  merge: '合并重复',
} as const
export type CardVerb = keyof typeof cardVerbs

/** Which hold keeps which verb from the card; a document's own hold never does. Printed in docs/workflows/holds.md. */
export const holdMatrix: Record<HoldKind, readonly CardVerb[]> = {
  planned: ['determine', 'plan', 'transfer', 'dispose', 'split', 'merge'],
  transferring: ['edit', 'determine', 'plan', 'transfer', 'dispose', 'register', 'split', 'merge'],
  disposing: ['edit', 'determine', 'plan', 'transfer', 'dispose', 'register', 'split', 'merge'],
  disputed: ['plan', 'transfer', 'dispose', 'register', 'split', 'merge'],
  mortgaged: ['transfer', 'dispose', 'split', 'merge'],
  undetermined: ['determine', 'transfer', 'dispose', 'register', 'merge'],
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

/** The holds among these that keep a verb from the card. */
export function blocking(verb: CardVerb, found: readonly Hold[], own?: Pick<HoldingDocument, 'kind' | 'id'>): Hold[] {
  return found.filter(
    (hold) =>
      holdMatrix[hold.kind as HoldKind].includes(verb) &&
      !(hold.documentKind === own?.kind && hold.documentId === own.id),
  )
}

export function holdSentence(verb: CardVerb, hold: Hold): string {
  return `不能${cardVerbs[verb]}：资产${holdKinds[hold.kind as HoldKind]}（${hold.documentNo}），请先办结该事项。`
}

/** Places a document's hold on whole cards; two documents cannot hold the same card in the same way. */
export async function placeHolds(
  tx: Tx,
  acting: Acting,
  cardIds: readonly string[],
  kind: HoldKind,
  document: HoldingDocument,
): Promise<void> {
  const rows = cardIds.map((cardId) => ({
    cardId,
    kind,
    documentKind: document.kind,
    documentId: document.id,
    documentNo: document.no,
    documentPath: document.path,
    since: acting.clock.now(),
  }))
  try {
    await tx.insert(holds).values(rows)
  } catch (error) {
    if (brokenConstraint(error)?.name !== 'holds_no_overlap') throw error
    throw new RuleBroken(`有资产已被另一事项占用（${holdKinds[kind]}），请到资产卡片查看后再办。`)
  }
}

export async function releaseHolds(tx: Tx, acting: Acting, document: HoldingDocument): Promise<void> {
  await tx
    .update(holds)
    .set({ releasedAt: acting.clock.now() })
    .where(and(eq(holds.documentKind, document.kind), eq(holds.documentId, document.id), isNull(holds.releasedAt)))
}
