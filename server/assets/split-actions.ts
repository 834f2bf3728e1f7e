import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards, cardVersions } from '../../db/schema/assets.ts'
import type { EventDetail } from '../../db/schema/kernel.ts'
import { Forbidden, RuleBroken, Stale } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { changeCard, createCards, lockCard, mayKeep } from './actions.ts'
import { type Card, type CardValueKey, type CardValues, valuesOf } from './card.ts'
import { firstDocuments } from './documents.ts'
import { blocking, holdSentence, holdsOn } from './holds.ts'
import { dividedKeys, dividedLabels, type Piece, splitValues, unsplittable } from './split.ts'

export type Split = { version: number; pieces: readonly Piece[]; effectiveOn: string; comment: string | null }

/** Splits pieces off a card: each becomes a card with a code of its own, the rest stays where it was. */
export async function splitCard(
  tx: Tx,
  acting: Acting,
  county: string,
  code: string,
  { version, pieces, effectiveOn, comment }: Split,
): Promise<{ code: string }[]> {
  const card = await lockCard(tx, acting.actor, code)
  if (!mayKeep(acting.actor, card)) throw new Forbidden()
  if (card.version !== version) throw new Stale()
  await refuseHeld(tx, card)
  const why = unsplittable(card)
  if (why) throw new RuleBroken(why)
  if (effectiveOn < card.validFrom) throw new RuleBroken([tooEarly(card)])
  return splitOff(tx, acting, county, card, pieces, { effectiveOn, comment })
}

/** Splits pieces off a locked card that may be split. For verbs that have done their own checking. */
export async function splitOff(
  tx: Tx,
  acting: Acting,
  county: string,
  card: Card,
  pieces: readonly Piece[],
  { effectiveOn, comment, document }: Pick<Split, 'effectiveOn' | 'comment'> & { document?: EventDetail['document'] },
): Promise<{ id: string; code: string }[]> {
  const split = splitValues(valuesOf(card), pieces)
  const made = await createCards(
    tx,
    acting,
    county,
    split.pieces.map((values) => ({ values, written: withoutDivided(card.written), splitFromId: card.id })),
    { action: 'card.split-off', effectiveOn, comment, detail: { document: documentOf(card) } },
  )
  const told = made.map(({ code: own }, index) => ({ code: own, quantity: pieces[index]?.quantity ?? null }))
  await changeCard(
    tx,
    acting,
    card,
    split.rest,
    { action: 'card.split', effectiveOn, comment, detail: { pieces: told, ...(document ? { document } : {}) } },
    { written: withoutDivided(card.written) },
  )
  return made
}

/** The last split of a card that has not been undone: the states before and after it, and the codes it made. */
export async function openSplit(tx: Tx, card: Card) {
  const [found] = await tx.execute<{ id: string; version: number; codes: string[] }>(sql`
    select e.id::text as id, v.version, array(select p ->> 'code' from jsonb_array_elements(e.detail -> 'pieces') p) as codes
    from events e join card_versions v on v.event_id = e.id
    where e.card_id = ${card.id} and e.action = 'card.split' and not exists (
      select from events u where u.card_id = e.card_id and u.action = 'card.unsplit' and u.detail ->> 'split' = e.id::text)
    order by v.version desc limit 1`)
  if (!found || card.voided) return undefined
  const before = await stateOf(tx, card, found.version)
  const after = await stateOf(tx, card, found.version + 1)
  return { eventId: found.id, codes: found.codes, before, after }
}

/** Takes a split back: its pieces are voided and the card has again what they took. Nothing may have happened since. */
export async function unsplitCard(
  tx: Tx,
  acting: Acting,
  code: string,
  { version, effectiveOn, comment }: Omit<Split, 'pieces'>,
): Promise<void> {
  const card = await lockCard(tx, acting.actor, code)
  if (!mayKeep(acting.actor, card)) throw new Forbidden()
  if (card.version !== version) throw new Stale()
  const split = await openSplit(tx, card)
  if (!split) throw new RuleBroken('这张卡片没有可以撤销的拆分。')
  await refuseHeld(tx, card)
  const pieces = await tx.select().from(cards).where(inArray(cards.code, split.codes)).orderBy(cards.id).for('update')
  const changed = await changedSince(tx, card, split.after, pieces)
  if (changed) throw new RuleBroken(changed)
  if (pieces.some((piece) => !mayKeep(acting.actor, piece))) throw new Forbidden()
  for (const piece of pieces) {
    const effect = { action: 'card.split-back', effectiveOn, comment, detail: { document: documentOf(card) } }
    await changeCard(tx, acting, piece, valuesOf(piece), effect, { voided: true })
  }
  const before = valuesOf(split.before)
  const back = Object.fromEntries(dividedKeys.map((key) => [key, before[key]])) as Partial<CardValues>
  await changeCard(
    tx,
    acting,
    card,
    { ...valuesOf(card), ...back },
    {
      action: 'card.unsplit',
      effectiveOn,
      comment,
      detail: { split: split.eventId, pieces: split.codes.map((one) => ({ code: one })) },
    },
    { written: { ...card.written, ...onlyDivided(split.before.written) } },
  )
}

/** A sentence that names the first card with which something happened after the split. */
async function changedSince(tx: Tx, card: Card, after: Card, pieces: readonly Card[]): Promise<string | undefined> {
  const [now, then] = [valuesOf(card), valuesOf(after)]
  if (now.usage === 'disposed') return `不能撤销：${card.code} 已处置。`
  if (now.ownerUnit !== then.ownerUnit || now.track !== then.track) {
    return `不能撤销：拆分后 ${card.code} 的权属已有变动，拆出的资产不再与它同属一家。`
  }
  const other = dividedKeys.filter((key) => now[key] !== then[key])
  if (other.length > 0) {
    const labels = other.map((key) => dividedLabels[key]).join('、')
    return `不能撤销：拆分后 ${card.code} 的${labels}又有变动，请先改回或另行修改卡片。`
  }
  const documents = await firstDocuments(
    tx,
    pieces.map(({ id }) => id),
  )
  for (const piece of pieces) {
    if (piece.voided) return `不能撤销：拆出的资产 ${piece.code} 已并入别的卡片，请先撤销合并。`
    if (piece.version > 1) return `不能撤销：拆出的资产 ${piece.code} 已有变动，请逐张修改。`
    const document = documents.get(piece.id)
    if (document) return `不能撤销：拆出的资产 ${piece.code} 已有${document}，请先处理。`
  }
  return undefined
}

async function refuseHeld(tx: Tx, card: Card): Promise<void> {
  const [block] = blocking('split', await holdsOn(tx, [card.id]))
  if (block) throw new RuleBroken(holdSentence('split', block))
}

/** A version of a card as if it were the present one. */
export async function stateOf(tx: Tx, card: Card, version: number): Promise<Card> {
  if (version === card.version) return card
  const [row] = await tx
    .select()
    .from(cardVersions)
    .where(and(eq(cardVersions.cardId, card.id), eq(cardVersions.version, version)))
  if (!row) throw new Error(`card ${card.code} has no version ${version}`)
  const { id: _id, cardId: _card, validTo: _to, recordedAt: _at, supersededAt: _until, eventId: _event, ...state } = row
  return { ...card, ...state }
}

function documentOf({ code }: Card) {
  return { kind: 'card', no: code, path: `/assets/${code}` }
}

function tooEarly(card: Card) {
  return { field: 'effectiveOn', text: `生效日期不能早于上一次变动的 ${card.validFrom}，请改为该日或之后。` }
}

/** How a figure was written before says nothing of its share. */
function withoutDivided(written: Record<string, string>) {
  return Object.fromEntries(Object.entries(written).filter(([key]) => !dividedKeys.includes(key as CardValueKey)))
}

function onlyDivided(written: Record<string, string>) {
  return Object.fromEntries(Object.entries(written).filter(([key]) => dividedKeys.includes(key as CardValueKey)))
}
