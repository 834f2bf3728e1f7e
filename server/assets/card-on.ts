import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { cardTypes, tracks, usages } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { Actor } from '../kernel/actor.ts'
import { shanghaiDay } from '../kernel/clock.ts'
import { NotFound } from '../kernel/errors.ts'
import { valuesOf } from './card.ts'
import { type Names, sectionsOf } from './card-page.ts'
import { type CardState, cardAddress, lasted, statesOf, versionRows } from './card-states.ts'
import { sheetNames } from './sheet-rows.ts'
import { usageTones } from './usage-tones.ts'

/**
 * The card as it was on a past day. It opens for whoever owned or used it on that day, and for whoever does now; who
 * only did then sees the states of its own time and nothing that came later.
 */
export async function cardOnDay(tx: Tx, actor: Actor, code: string, day: string) {
  const [card] = await tx.select().from(cards).where(eq(cards.code, code))
  if (!card) throw new NotFound()
  const all = await statesOf(tx, card)
  const reads = ({ state }: CardState) =>
    actor.keys.includes(state.ownerKey) || actor.keys.includes(state.userKey ?? '')
  const present = all.at(-1)
  const seen = present && reads(present) ? all : all.filter(reads)
  const [first] = seen
  if (!first) throw new NotFound()
  const at = seen.findIndex(({ from, to }) => from <= day && (to === null || to > day))
  const shown = seen[at]
  if (!shown && day >= first.from) throw new NotFound()
  const names = await sheetNames(tx, day)
  const lasting = seen.filter(lasted)
  const place = shown ? lasting.indexOf(shown) : -1
  const address = (other: CardState | undefined) =>
    other && { from: other.from, href: cardAddress(code, other.to === null ? null : other.from) }
  return {
    code,
    name: (shown ?? first).state.name,
    day,
    todayHref: seen === all ? cardAddress(code, null) : `/assets?asOf=${day}`,
    firstDay: shown ? null : { day: first.from, href: cardAddress(code, first.from) },
    shown: shown ? describe(shown, day, names) : null,
    before: shown ? address(lasting[place - 1]) : undefined,
    after: shown ? address(lasting[place + 1]) : undefined,
    versions: versionRows(code, seen, names),
  }
}

function describe({ state, from, to, recordedAt }: CardState, day: string, names: Names) {
  const recorded = shanghaiDay(recordedAt)
  return {
    from,
    to,
    recorded,
    later: recorded > day,
    voided: state.voided,
    undetermined: state.undetermined,
    typeLabel: choiceLabel(cardTypes, state.cardType),
    trackLabel: choiceLabel(tracks, state.track),
    usageLabel: choiceLabel(usages, state.usage),
    usageTone: usageTones[state.usage ?? ''] ?? 'neutral',
    sections: sectionsOf(state, valuesOf(state), names),
    parts: state.parts.map((part) => ({
      no: String(part.no),
      name: part.name,
      area: part.area,
      usage: choiceLabel(usages, part.usage),
      idleSince: part.idleSince,
    })),
  }
}
