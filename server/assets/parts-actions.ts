import type { Tx } from '../../db/client.ts'
import type { Part } from '../../db/schema/assets.ts'
import { type Difference, Forbidden, type Problem, RuleBroken, Stale } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { compare } from '../kernel/money.ts'
import { changeCard, lockCard, mayKeep } from './actions.ts'
import { type Card, valuesOf } from './card.ts'
import { differing, drawnFrom } from './differences.ts'
import { blocking, type Hold, holdKinds, holdProblem, holdsOn, partsHeld, touches } from './holds.ts'
import { partChanges, partLabel, partProblems, partText } from './parts.ts'

/** A part as it is to be: with its number, or without one where it is new. */
export type PartEntry = Omit<Part, 'no'> & {
  no: number | null
  /** The row of the form it was written in; names the field of a problem. */
  row: number
}

export type Arrangement = {
  version: number
  entries: readonly PartEntry[]
  effectiveOn: string
  comment?: string | null
}

/** Divides a card into parts anew: parts keep their numbers, new ones get the next, a number that left is spent. */
export async function arrangeParts(tx: Tx, acting: Acting, code: string, arrangement: Arrangement): Promise<Card> {
  const card = await lockCard(tx, acting.actor, code)
  if (!mayKeep(acting.actor, card)) throw new Forbidden()
  const parts = numbered(arrangement.entries, card.lastPart)
  if (card.version !== arrangement.version) {
    const drawn = await drawnFrom(tx, card, arrangement.version)
    throw new Stale(differencesOfParts(drawn.parts, card.parts, parts))
  }
  if (card.voided) throw new RuleBroken('这张卡片已作废，不能划分部位。')
  if (card.usage === 'disposed') throw new RuleBroken('已处置的资产不能划分部位，如有错误请另办更正单据。')
  const problems = [
    ...entryProblems(arrangement.entries, card),
    ...partProblems(parts, valuesOf(card)).map(({ text }) => ({ field: null, text })),
    ...heldProblems(card, parts, await holdsOn(tx, [card.id])),
  ]
  if (problems.length > 0) throw new RuleBroken(problems)
  const { effectiveOn, comment = null } = arrangement
  return changeCard(tx, acting, card, valuesOf(card), { action: 'card.parts', effectiveOn, comment }, { parts })
}

function numbered(entries: readonly PartEntry[], last: number): Part[] {
  let next = last
  return entries
    .map(({ no, name, area, usage, idleSince }) => {
      if (no === null) next += 1
      return { no: no ?? next, name, area, usage, idleSince }
    })
    .sort((a, b) => a.no - b.no)
}

function entryProblems(entries: readonly PartEntry[], card: Card): Problem[] {
  const problems: Problem[] = []
  const names = new Set<string>()
  const seen = new Set<number>()
  for (const { row, no, name, area, usage, idleSince } of entries) {
    if (names.has(name)) problems.push({ field: `name${row}`, text: `有两个部位都叫“${name}”，请改成不同的名称。` })
    names.add(name)
    if (no !== null && (seen.has(no) || !card.parts.some((part) => part.no === no))) {
      problems.push({ field: `name${row}`, text: `这张卡片上没有部位 ${no}，请重新打开“划分部位”再填。` })
    }
    if (no !== null) seen.add(no)
    if (compare(area, '0') <= 0) problems.push({ field: `area${row}`, text: `部位“${name}”的面积要大于 0。` })
    if (usage === 'disposed') {
      problems.push({ field: `usage${row}`, text: `部位“${name}”要通过处置单据才能成为已处置，请改选其他使用状况。` })
    }
    if (idleSince !== null && usage !== 'idle') {
      problems.push({ field: `idleSince${row}`, text: `部位“${name}”不是闲置，请把闲置起始时间留空。` })
    }
  }
  return problems
}

/** Nothing changes under a hold of the whole card; under one of a part, that part stays as it is, the others may change. */
function heldProblems(card: Card, parts: readonly Part[], found: readonly Hold[]): Problem[] {
  const [whole] = blocking(
    'arrange',
    found.filter((hold) => partsHeld(hold) === null),
  )
  if (whole) return [holdProblem('arrange', whole)]
  const changes = partChanges(card.parts, parts)
  return card.parts.flatMap((part) => {
    const change = changes[`part.${part.no}`]
    if (!change) return []
    // What a document names by its number must be there as long as the document is open.
    const naming = found.filter((hold) => partsHeld(hold) !== null && touches(hold, part.no))
    const [hold] = change.new === null ? naming : blocking('arrange', naming)
    if (!hold) return []
    const verb = change.new === null ? '取消' : '改动'
    const kind = holdKinds[hold.kind as keyof typeof holdKinds]
    const text = `不能${verb}${partLabel(part)}：${kind}（${hold.documentNo}），请先办结该事项。`
    return [{ field: null, text, href: hold.documentPath }]
  })
}

function differencesOfParts(drawn: readonly Part[], saved: readonly Part[], yours: readonly Part[]): Difference[] {
  const numbers = [...new Set([...drawn, ...saved, ...yours].map(({ no }) => no))].sort((a, b) => a - b)
  return numbers.flatMap((no) => {
    const [old, now, own] = [drawn, saved, yours].map((parts) => parts.find((part) => part.no === no))
    const words = (part: Part | undefined) => (part ? `${part.name}，${partText(part)}` : null)
    const name = (own ?? now ?? old)?.name ?? ''
    return differing(partLabel({ no, name }), words(old), words(now), words(own))
  })
}
