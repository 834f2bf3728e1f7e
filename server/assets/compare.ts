import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { Actor } from '../kernel/actor.ts'
import { NotFound } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { mayKeep } from './actions.ts'
import { type Card, type CardValueKey, valuesOf } from './card.ts'
import { type Names, namesFor, tellingOf } from './card-page.ts'
import { findDistinction } from './distinctions.ts'
import { blocking, holdSentence, holdsOn } from './holds.ts'
import { findCard } from './list.ts'
import { choicesOf, mergeFields, type Whole, wholes } from './merge.ts'
import { unmergeable } from './merge-actions.ts'

/** Two cards that the actor may open by their owners; anything else is not there. */
export async function findPair(tx: Tx, actor: Actor, one: string, two: string): Promise<[Card, Card]> {
  const [first, second] = [await findCard(tx, actor, one), await findCard(tx, actor, two)]
  if (!first || !second || first.id === second.id) throw new NotFound()
  return [first, second]
}

/** Two cards side by side, each field that differs with what would be taken; null when one of them is spent. */
export async function comparePage(
  tx: Tx,
  actor: Actor,
  codes: readonly [string, string],
  answers: Answers,
  today: string,
) {
  const pair = await findPair(tx, actor, ...codes)
  if (pair.some(({ voided }) => voided)) return null
  const [one, two] = pair
  const kept = pair.find(({ code }) => code === answers.keep) ?? older(one, two)
  const other = kept === one ? two : one
  const names = await namesFor(tx, today)
  const distinction = await findDistinction(tx, one, two)
  return {
    pair: pair.map((card) => ({
      code: card.code,
      name: card.name,
      version: card.version,
      kept: card === kept,
      keepHref: `/assets/duplicates/${one.code}/${two.code}?keep=${card.code}`,
      owner: names.unit(card.ownerUnitId),
      track: `${choiceLabel(tracks, card.track)}${card.undetermined ? '，待界定' : ''}`,
      since: card.validFrom,
    })),
    rows: rowsOf(one, two, choicesOf(kept, other, answers), names),
    distinction: distinction ? { reason: distinction.reason, at: distinction.decidedAt } : null,
    maySettle: pair.every((card) => mayKeep(actor, card)),
    barred: distinction ? null : await barredBy(tx, kept, other),
  }
}

function rowsOf(one: Card, two: Card, choices: Record<string, string> | ReturnType<typeof choicesOf>, names: Names) {
  const tell = tellingOf(names)
  const [mine, theirs] = [valuesOf(one), valuesOf(two)]
  const cells = (key: string, kind: string, left: string | null, right: string | null) =>
    [
      { code: one.code, value: left },
      { code: two.code, value: right },
    ].map((cell) => ({ ...cell, kind, checked: choices[key] === cell.code }))
  const fields = mergeFields.flatMap(({ key, label, kind }) => {
    const [left, right] = [mine[key as CardValueKey], theirs[key as CardValueKey]]
    if (left === right) return []
    return { key, label, cells: cells(key, kind, tell.value(key, left), tell.value(key, right)) }
  })
  const whole = (Object.keys(wholes) as Whole[]).flatMap((key) => {
    const [left, right] = [wholeText(one, key), wholeText(two, key)]
    return left === right ? [] : { key, label: wholes[key], cells: cells(key, 'text', left, right) }
  })
  return [...fields, ...whole]
}

function wholeText(card: Card, key: Whole): string | null {
  const parts =
    key === 'parts'
      ? card.parts.map(({ name, area }) => `${name} ${area} ㎡`)
      : Object.entries(card[key]).map(([label, value]) => `${label}：${value}`)
  return parts.length > 0 ? parts.join('；') : null
}

/** Why they cannot be merged, with the document that holds one of them. */
async function barredBy(tx: Tx, kept: Card, other: Card) {
  const [block] = blocking('merge', await holdsOn(tx, [kept.id, other.id]))
  if (block) {
    const code = block.cardId === kept.id ? kept.code : other.code
    const link = { text: block.documentNo, href: block.documentPath }
    return { text: `${code} ${holdSentence('merge', block)}`, link }
  }
  const text = await unmergeable(tx, kept, other)
  return text ? { text, link: null } : null
}

function older(one: Card, two: Card): Card {
  return BigInt(one.id) < BigInt(two.id) ? one : two
}
