import { eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards, cardVersions } from '../../db/schema/assets.ts'
import { type EventDetail, events } from '../../db/schema/kernel.ts'
import { refuseEnded } from '../access/enterable.ts'
import { within } from '../access/scope.ts'
import { type Actor, holds as holdsRole, type Track } from '../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, changed, eventRow, record } from '../kernel/events.ts'
import { takeNumbers } from '../kernel/numbers.ts'
import { type Card, type CardValues, columnsOf, valuesOf } from './card.ts'
import { differences, drawnFrom } from './differences.ts'
import { settledByDetermination } from './fields.ts'
import { blocking, holdProblem, holdsOn } from './holds.ts'
import { following, partChanges, partProblems } from './parts.ts'
import { checkCard, isWrong } from './rules.ts'

export type NewCard = {
  values: CardValues
  extra?: Record<string, string>
  written?: Record<string, string>
  /** The card it was split from. */
  splitFromId?: string
}

export type Effect = {
  /** The day the change takes effect: of the act or of the books. */
  effectiveOn: string
  action: string
  comment?: string | null
  detail?: EventDetail
  /** A new version even where nothing differs, for acts that are a turning point by themselves. */
  always?: boolean
}

/** What brings something new to a unit; pieces of what it has may also come to one that is wound up. */
const entering = ['card.create', 'card.import']

/** Cards per statement: 50 columns each, and a statement takes 65,535 parameters. */
const chunk = 500

/**
 * Enters new cards with one event each and returns their ids and codes in the order given.
 * The caller has checked the rules and that the actor may enter cards for these units.
 */
export async function createCards(
  tx: Tx,
  acting: Acting,
  county: string,
  entries: readonly NewCard[],
  effect: Effect,
): Promise<{ id: string; code: string }[]> {
  refuseFuture(effect.effectiveOn, acting.clock.today())
  const owners = entries.map(({ values }) => values.ownerUnit)
  await refuseEnded(tx, owners, 'ownerUnit', entering.includes(effect.action))
  const users = entries.map(({ values }) => values.usingUnit)
  await refuseEnded(tx, users, 'usingUnit')
  const now = acting.clock.now()
  const first = entries.length > 0 ? await takeNumbers(tx, 'card', entries.length) : 0n
  const made: { id: string; code: string }[] = []
  for (let from = 0; from < entries.length; from += chunk) {
    const part = entries.slice(from, from + chunk)
    const rows = await tx
      .insert(cards)
      .values(
        part.map((entry, index) => ({
          ...columnsOf(entry.values),
          code: cardCode(county, first + BigInt(from + index)),
          extra: entry.extra ?? {},
          written: entry.written ?? {},
          ...(entry.splitFromId ? { splitFromId: entry.splitFromId } : {}),
          valuesOn: effect.effectiveOn,
          validFrom: effect.effectiveOn,
          createdAt: now,
          updatedAt: now,
        })),
      )
      .returning({ id: cards.id, code: cards.code })
    await tx
      .insert(events)
      .values(rows.map(({ id }) => eventRow(acting, { kind: 'card', id }, { ...effect, detail: effect.detail ?? {} })))
    made.push(...rows)
  }
  return made
}

export type CardEdit = {
  version: number
  values: CardValues
  effectiveOn: string
  comment?: string | null
}

/** Changes a card by hand. A stale version shows what differs; a hold, an owner or a track names its document. */
export async function editCard(tx: Tx, acting: Acting, code: string, edit: CardEdit): Promise<Card> {
  const card = await lockCard(tx, acting.actor, code)
  if (!mayKeep(acting.actor, card)) throw new Forbidden()
  const old = valuesOf(card)
  if (card.version !== edit.version)
    throw new Stale(differences(await drawnFrom(tx, card, edit.version), card, edit.values))
  if (card.voided) throw new RuleBroken('这张卡片已作废，不能修改。')
  if (card.usage === 'disposed') throw new RuleBroken('已处置的资产不能修改，如有错误请另办更正单据。')
  const [block] = blocking('edit', await holdsOn(tx, [card.id]))
  if (block) throw new RuleBroken([holdProblem('edit', block)])
  for (const key of settledByDetermination) {
    if (edit.values[key as keyof CardValues] !== old[key as keyof CardValues]) {
      throw new RuleBroken([{ field: key, text: '权属单位和资产属性只能通过“权属界定”改变。' }])
    }
  }
  if (old.ownership === 'undetermined' && edit.values.ownership !== 'undetermined') {
    throw new RuleBroken([{ field: 'ownership', text: '待界定的资产要办理“权属界定”后才能改为权属明确。' }])
  }
  const values = following(edit.values, card.parts)
  const problems = [...checkCard(values, acting.clock.today()).filter(isWrong), ...partProblems(card.parts, values)]
  if (problems.length > 0) throw new RuleBroken(problems)
  return changeCard(tx, acting, card, values, {
    action: 'card.edit',
    effectiveOn: edit.effectiveOn,
    comment: edit.comment ?? null,
  })
}

/**
 * Gives a locked card its next state: the old one is kept as a version up to the effective date, one event tells the
 * difference. Nothing happens when nothing differs. What follows from parts is computed here, whoever calls.
 * For verbs that have done their own checking.
 */
export async function changeCard(
  tx: Tx,
  acting: Acting,
  card: Card,
  values: CardValues,
  effect: Effect,
  beyond: Partial<Pick<Card, 'extra' | 'written' | 'parts' | 'voided'>> = {},
): Promise<Card> {
  refuseFuture(effect.effectiveOn, acting.clock.today())
  if (effect.effectiveOn < card.validFrom) {
    throw new RuleBroken([
      { field: 'effectiveOn', text: `生效日期不能早于上一次变动的 ${card.validFrom}，请改为该日或之后。` },
    ])
  }
  const parts = beyond.parts ?? card.parts
  const columns = columnsOf(following(values, parts))
  const told = {
    ...changed(valuesOf(card), valuesOf({ ...card, ...columns } as Card)),
    ...partChanges(card.parts, parts),
  }
  const next = { ...columns, written: stillWritten(card.written, told), ...beyond }
  const changes = Object.keys(told).length > 0 ? told : undefined
  const flags = Object.entries(beyond).some(([key, value]) => key !== 'parts' && card[key as keyof Card] !== value)
  if (!changes && !flags && !effect.always) return card
  const revived = card.voided && beyond.voided === false
  if (revived || changes?.ownerUnit) await refuseEnded(tx, [values.ownerUnit], 'ownerUnit')
  if (revived || changes?.usingUnit) await refuseEnded(tx, [values.usingUnit], 'usingUnit')
  const eventId = await record(
    tx,
    acting,
    { kind: 'card', id: card.id },
    {
      ...effect,
      detail: { ...effect.detail, ...(changes ? { changes } : {}) },
    },
  )
  const now = acting.clock.now()
  const {
    id,
    code: _code,
    splitFromId: _split,
    mergedIntoId: _merged,
    lastPart,
    createdAt: _created,
    updatedAt: recordedAt,
    ownerKey: _owner,
    userKey: _user,
    ...state
  } = card
  await tx
    .insert(cardVersions)
    .values({ ...state, cardId: id, validTo: effect.effectiveOn, recordedAt, supersededAt: now, eventId })
  const valued = changes && (changes.cost || changes.depreciation || changes.netValue)
  const [row] = await tx
    .update(cards)
    .set({
      ...next,
      lastPart: Math.max(lastPart, ...parts.map(({ no }) => no)),
      ...(valued ? { valuesOn: effect.effectiveOn } : {}),
      validFrom: effect.effectiveOn,
      version: sql`${cards.version} + 1`,
      updatedAt: now,
    })
    .where(eq(cards.id, id))
    .returning()
  if (!row) throw new NotFound()
  return row
}

/** How a value was written once says nothing of the one that took its place. */
function stillWritten(written: Readonly<Record<string, string>>, changes: object): Record<string, string> {
  return Object.fromEntries(Object.entries(written).filter(([key]) => !(key in changes)))
}

/**
 * Settles track and owner of cards by a decided determination: the only way either changes outside a transfer.
 * The caller has authorised the verb; cards are locked in the order of their ids.
 */
export async function settleOwnership(
  tx: Tx,
  acting: Acting,
  cardIds: readonly string[],
  decided: { ownerUnitId: string; track: Track },
  effect: Omit<Effect, 'action'>,
): Promise<void> {
  const locked = await tx
    .select()
    .from(cards)
    .where(inArray(cards.id, [...cardIds]))
    .orderBy(cards.id)
    .for('update')
  for (const card of locked) {
    const values = { ...valuesOf(card), ownerUnit: decided.ownerUnitId, track: decided.track, ownership: 'settled' }
    await changeCard(tx, acting, card, values, { ...effect, action: 'card.determine' })
  }
}

/** Locks a card of the actor's scope by its code. */
export async function lockCard(tx: Tx, actor: Actor, code: string): Promise<Card> {
  const [card] = await tx
    .select()
    .from(cards)
    .where(sql`${cards.code} = ${code} and ${within(actor, cards.ownerKey)}`)
    .for('update')
  if (!card) throw new NotFound()
  return card
}

/** Keepers and leads enter and edit the cards of the units they act for. */
export function mayKeep(actor: Actor, card: Pick<Card, 'ownerKey'>): boolean {
  return holdsRole(actor, ['keeper', 'lead'], card.ownerKey)
}

/** County 6 digits + serial 8: meaningless on purpose, so that nothing it could mean ever becomes untrue. */
function cardCode(county: string, serial: bigint): string {
  return `${county}${String(serial).padStart(8, '0')}`
}

export function refuseFuture(effectiveOn: string, today: string): void {
  if (effectiveOn > today) {
    throw new RuleBroken([{ field: 'effectiveOn', text: `生效日期不能晚于今天 ${today}，请改正。` }])
  }
}
