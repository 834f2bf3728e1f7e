import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { cards } from '../../../db/schema/assets.ts'
import { countLines, counts } from '../../../db/schema/inventory.ts'
import { createCards } from '../../assets/actions.ts'
import { type Card, type CardValues, noValues, valuesOf } from '../../assets/card.ts'
import { type CardChange, changeCards } from '../../assets/change-cards.ts'
import type { Piece } from '../../assets/split.ts'
import { splitOff } from '../../assets/split-actions.ts'
import type { Track } from '../../kernel/actor.ts'
import { type Acting, onBehalfOf } from '../../kernel/events.ts'
import { fromStored } from '../../kernel/partial-date.ts'
import { keptBy, type Part, parts, type ValueBasis } from '../lines/rules.ts'
import type { Compilation } from './workflow.ts'

type Line = typeof countLines.$inferSelect
type Found = { line: Line; count: { no: string; unitId: string; track: string } }

/** What becomes of a card, or of a piece of it, that was not found as booked. */
const usageOf: Partial<Record<Part, string>> = { missing: 'awaiting_write_off', scrap: 'awaiting_disposal' }
const valueKinds: Record<ValueBasis, string> = {
  papers: 'original',
  appraisal: 'appraised',
  replacement: 'replacement',
  nominal: 'nominal',
}

/**
 * Enters what a compilation's counts found into the register, in the transaction that files them: changed fields, losses
 * as 待核销, scrap as 待处置, what is unclear as 待界定, and a card for each surplus. A line that speaks of parts of a card
 * splits it first. Nothing leaves the books here: that takes a disposal.
 */
export async function applyFindings(
  tx: Tx,
  acting: Acting,
  county: string,
  document: Compilation,
  filedOn: string,
): Promise<void> {
  const own = onBehalfOf(acting)
  const found = await tx
    .select({ line: countLines, count: { no: counts.no, unitId: counts.unitId, track: counts.track } })
    .from(countLines)
    .innerJoin(counts, eq(counts.id, countLines.countId))
    .where(
      and(
        eq(counts.compilationId, document.id),
        sql`(${countLines.origin} = 'surplus' or ${countLines.missingQuantity} + ${countLines.scrapQuantity} + ${countLines.undeterminedQuantity} > 0 or ${countLines.changes} <> '{}')`,
      ),
    )
    .orderBy(counts.unitCode, countLines.no)
  const booked = found.filter(({ line }) => line.origin === 'booked')
  const locked = await lockCards(tx, booked)
  const whole: CardChange[] = []
  for (const one of booked) {
    const card = locked.get(one.line.cardId ?? '')
    // Merged into another entry while it was counted: the register has it right already.
    if (!card || card.voided) continue
    const kept = await splitParts(tx, own, county, { ...one, card }, filedOn)
    whole.push({ ...kept, detail: { document: documentOf(one.count) } })
  }
  await changeCards(tx, own, whole, { action: 'card.count', effectiveOn: filedOn })
  await enterSurplus(
    tx,
    own,
    county,
    found.filter(({ line }) => line.origin === 'surplus'),
    filedOn,
  )
  await tx.execute(sql`
    insert into paper_links (paper_id, card_id, linked_at)
    select k.paper_id, l.card_id, ${acting.clock.now().toISOString()}::timestamptz
    from counts t join count_lines l on l.count_id = t.id join paper_links k on k.count_line_id = l.id
    where t.compilation_id = ${document.id} and l.card_id is not null
    on conflict do nothing`)
}

async function lockCards(tx: Tx, booked: readonly Found[]): Promise<Map<string, Card>> {
  const ids = booked.flatMap(({ line }) => line.cardId ?? [])
  const found = new Map<string, Card>()
  for (let from = 0; from < ids.length; from += 5000) {
    const rows = await tx
      .select()
      .from(cards)
      .where(inArray(cards.id, ids.slice(from, from + 5000)))
      .orderBy(cards.id)
      .for('update')
    for (const card of rows) found.set(card.id, card)
  }
  return found
}

/** Splits off what does not stay with the card; returns the card with the state it is to have. */
async function splitParts(
  tx: Tx,
  acting: Acting,
  county: string,
  { line, count, card }: Found & { card: Card },
  filedOn: string,
): Promise<CardChange> {
  const quantities = {
    missing: line.missingQuantity,
    scrap: line.scrapQuantity,
    undetermined: line.undeterminedQuantity,
  }
  const keeps = keptBy(quantities, line.bookQuantity)
  const leaving = parts.filter((part) => part !== keeps && Number(quantities[part]) > 0)
  if (leaving.length === 0) return nextOf(card, line, keeps)
  const effectiveOn = card.validFrom > filedOn ? card.validFrom : filedOn
  await splitOff(
    tx,
    acting,
    county,
    card,
    leaving.map((part) => pieceOf(part, quantities[part])),
    { effectiveOn, comment: null, document: documentOf(count) },
  )
  const [rest] = await tx.select().from(cards).where(eq(cards.id, card.id))
  return nextOf(rest ?? card, line, keeps)
}

function pieceOf(part: Part, quantity: string): Piece {
  const usage = usageOf[part]
  return { quantity, ...(usage ? { usage } : {}), ...(part === 'undetermined' ? { ownership: 'undetermined' } : {}) }
}

function nextOf(card: Card, line: Line, keeps: Part | 'matched'): CardChange {
  const values: CardValues = { ...valuesOf(card) }
  for (const [key, change] of Object.entries(line.changes)) values[key as keyof CardValues] = change.new
  const usage = keeps === 'matched' ? undefined : usageOf[keeps]
  if (keeps === 'undetermined') values.ownership = 'undetermined'
  if (usage === undefined) return { card, values }
  // The usage of a divided building follows from its parts.
  const divided = card.parts.map((part) => ({ ...part, usage, idleSince: null }))
  return { card, values: { ...values, usage, idleSince: null }, parts: divided }
}

/** 盘盈 comes into the register as it was valued; where it came from may be unknown. */
async function enterSurplus(
  tx: Tx,
  acting: Acting,
  county: string,
  found: readonly Found[],
  filedOn: string,
): Promise<void> {
  for (const [no, own] of Map.groupBy(found, ({ count }) => count.no)) {
    const entries = own.map(({ line, count }) => ({ values: surplusValues(line, count.unitId, count.track as Track) }))
    const made = await createCards(tx, acting, county, entries, {
      action: 'card.found',
      effectiveOn: filedOn,
      detail: { document: documentOf({ no }) },
    })
    for (const [at, { line }] of own.entries()) {
      const card = made[at]
      if (!card) throw new Error(`no card for line ${line.no} of ${no}`)
      await tx
        .update(countLines)
        .set({ cardId: card.id, cardVersion: 1, code: card.code })
        .where(eq(countLines.id, line.id))
    }
  }
}

function surplusValues(line: Line, unitId: string, track: Track): CardValues {
  return {
    ...noValues,
    name: line.name,
    track,
    cardType: line.cardType,
    ownerUnit: unitId,
    ownership: 'settled',
    division: line.divisionCode,
    location: line.location,
    structure: line.structure,
    specification: line.specification,
    acquiredOn: fromStored(line.acquiredOn, line.acquiredPrecision),
    landArea: line.landArea,
    floorArea: line.floorArea,
    quantity: line.surplusQuantity,
    unitOfMeasure: line.unitOfMeasure,
    cost: line.surplusCost,
    depreciation: line.surplusDepreciation,
    valueKind: valueKinds[line.valueBasis as ValueBasis],
    source: line.source ?? 'surplus',
    usage: line.usage,
    keeper: line.keeper,
    remark: line.remark,
  }
}

function documentOf({ no }: { no: string }) {
  return { kind: 'count', no, path: `/inventory/counts/${no}` }
}
