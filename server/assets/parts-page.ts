import { usages } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { minus } from '../kernel/money.ts'
import { type Card, valuesOf } from './card.ts'
import { type Hold, type HoldKind, holdKinds, partsHeld, touches } from './holds.ts'
import { areaOfParts, mayHaveParts, measuredArea, sharesOf } from './parts.ts'
import { usageTones } from './usage-tones.ts'

/** The panel 部位 of the card's page; null where a card of this type has none. */
export function partsPanel(card: Card, holds: readonly Hold[]) {
  if (!mayHaveParts(card.cardType)) return null
  return {
    totals: totalsOf(card),
    rows: sharesOf(valuesOf(card), card.parts).map(({ part, area, percent, cost, netValue }) => ({
      no: part ? String(part.no) : '',
      name: part ? part.name : '未划分部分',
      area,
      percent: `${percent}%`,
      usage: part && { badge: choiceLabel(usages, part.usage), tone: usageTones[part.usage] ?? 'neutral' },
      idleSince: part?.idleSince ?? null,
      cost,
      netValue,
      hold: part && holdOn(holds, part.no),
      tone: part ? null : 'muted',
    })),
  }
}

export function totalsOf(card: Card) {
  const sum = areaOfParts(card.parts)
  const whole = measuredArea(card)
  return { sum, whole, rest: whole === null ? null : minus(whole, sum) }
}

/** The first hold that names this part; all of them, and those of the whole card, stand above the page. */
export function holdOn(holds: readonly Hold[], partNo: number) {
  const [first, ...more] = holds.filter((hold) => partsHeld(hold) !== null && touches(hold, partNo))
  if (!first) return null
  const text = `${holdKinds[first.kind as HoldKind]} ${first.documentNo}`
  return { text, href: first.documentPath, hint: more.length > 0 ? `另有 ${more.length} 件` : null }
}
