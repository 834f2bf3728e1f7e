import { inArray } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards, type Part } from '../../db/schema/assets.ts'
import type { RowProblem } from '../../db/schema/imports.ts'
import { withoutBlanks } from '../../imports/resolved.ts'
import { usages } from '../../imports/sheets/card-choices.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import type { StagedRow, Verdict } from '../../imports/staging.ts'
import { changed } from '../kernel/events.ts'
import { compare, minus } from '../kernel/money.ts'
import { type Card, type CardValues, describingArea, valueKeys, valuesOf } from './card.ts'
import { blocking, type Hold, holdSentence, holdsOn } from './holds.ts'
import { type Printed, printedOn } from './import-printed.ts'
import { type ResolvedRow, told, unplacedOf, wrong } from './import-row.ts'
import { following, followingKeys, partProblems } from './parts.ts'
import { checkCard, isWrong } from './rules.ts'

export type Compared = { row: StagedRow; resolved: ResolvedRow; keys: readonly (string | null)[] }

type Judging = {
  today: string
  effectiveOn: string
  /** Whether a card may be written by this import at all. */
  reaches: (card: Card) => boolean
}

/** Holds rows against the cards they mean: what would change, and what keeps it from changing. */
export async function judgeAgainstCards(tx: Tx, found: readonly Compared[], judging: Judging): Promise<Verdict[]> {
  const ids = found.flatMap(({ row }) => row.entryId ?? [])
  if (ids.length === 0) return []
  const stored = await tx.select().from(cards).where(inArray(cards.id, ids))
  const byId = new Map(stored.map((card) => [card.id, card]))
  const held = Map.groupBy(await holdsOn(tx, ids), ({ cardId }) => cardId)
  const printed = await printedOn(tx, stored)
  return found.map((compared) => {
    const card = byId.get(compared.row.entryId ?? '')
    if (!card) throw new Error(`row ${compared.row.row} has lost its card`)
    return judge(compared, card, held.get(card.id) ?? [], printed, judging)
  })
}

function judge(
  { row, resolved, keys }: Compared,
  card: Card,
  held: readonly Hold[],
  printed: Printed,
  { today, effectiveOn, reaches }: Judging,
): Verdict {
  const values = merged(card, resolved)
  const findings = [...resolved.findings, ...check(values, resolved, card, today)]
  const changes = { ...changed(valuesOf(card), values), ...extraChanges(card, row, resolved, printed) }
  const verdict = (status: Verdict['status'], more: readonly RowProblem[] = []): Verdict => ({
    ...{ id: row.id, status, keys, entryId: card.id, entryVersion: card.version, unplaced: unplacedOf(row, resolved) },
    resolved: withoutBlanks(values),
    findings: [...findings, ...more],
    changes: status === 'changed' ? changes : null,
  })
  if (findings.some(isWrong)) return verdict('wrong', resolved.barred)
  if (Object.keys(changes).length === 0) return verdict('unchanged')
  if (resolved.barred.length > 0) return verdict('wrong', resolved.barred)
  if (!reaches(card)) {
    return verdict('wrong', [wrong('code', `资产 ${card.code} 不归本次导入的单位和条线，请由它的单位导入。`)])
  }
  const barred = barredBy(card, held, effectiveOn)
  return barred === null ? verdict('changed') : verdict('wrong', [wrong(null, barred)])
}

/** A blank cell changes nothing; the net value follows cost and depreciation unless the file gives its own. */
function merged(card: Card, { values: given, names, plainArea }: ResolvedRow): CardValues {
  const old = valuesOf(card)
  const values = plainArea ? { ...given, ...placedArea(given, old) } : given
  const next = Object.fromEntries(valueKeys.map((key) => [key, said(key, values[key], old[key])])) as CardValues
  if (!names.track) next.track = old.track
  if (!names.owner) next.ownerUnit = old.ownerUnit
  if (!names.place) next.division = old.division
  if (!names.acquired) next.acquiredOn = old.acquiredOn
  const valued = values.cost !== null || values.depreciation !== null
  if (valued && values.netValue === null) next.netValue = derived(next) ?? old.netValue
  return following(next, card.parts)
}

/** A bare 面积 is the area that describes the card. */
function placedArea({ landArea, floorArea, cardType }: CardValues, old: CardValues) {
  const key = describingArea({ ...old, cardType: cardType ?? old.cardType })
  return { landArea: null, floorArea: null, [key]: landArea ?? floorArea }
}

const quantities: ReadonlySet<string> = new Set(
  [...cardFields, ...allTypeFields].filter(({ kind }) => kind === 'quantity').map(({ key }) => key),
)

/**
 * What reading a file does to any text is no news: blanks around it go, lines are joined, codes come in plain characters,
 * and 11.030 as 11.03.
 */
function said(key: string, text: string | null, old: string | null): string | null {
  if (text === null || old === null || text === old) return text ?? old
  const same = quantities.has(key) ? compare(text, old) === 0 : plain(key, text) === plain(key, old)
  return same ? old : text
}

function plain(key: string, text: string): string {
  const read = text.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim()
  return /code$/i.test(key) ? read.normalize('NFKC') : read
}

function check(values: CardValues, resolved: ResolvedRow, card: Card, today: string): RowProblem[] {
  const findings = checkCard(values, today).map(({ field, text, severity }) =>
    (severity === 'wrong' ? wrong : told)(field, text),
  )
  if (values.ownerUnit !== card.ownerUnitId) {
    findings.push(wrong('ownerUnit', '这项资产现属另一单位，权属只能通过“权属界定”改变。'))
  }
  if (card.undetermined && values.ownership === 'settled') {
    findings.push(wrong('ownership', '待界定的资产要办理“权属界定”后才能改为权属明确。'))
  }
  return [...findings, ...partFindings(values, resolved.values, card.parts)]
}

/** What a file says of usage and idle area loses against the parts, and is told; the area must hold them all. */
function partFindings(values: CardValues, given: CardValues, parts: readonly Part[]): RowProblem[] {
  const ignored =
    parts.length === 0 ? [] : followingKeys.filter((key) => given[key] !== null && given[key] !== values[key])
  return [
    ...partProblems(parts, values).map(({ field, text }) => wrong(field, text)),
    ...ignored.map((key) => {
      const field = cardFields.find((candidate) => candidate.key === key)
      const shown = key === 'usage' ? choiceLabel(usages, given[key]) : given[key]
      return told(key, `${field?.label ?? key}按部位计算，表中的“${shown}”没有采用。`)
    }),
  ]
}

function barredBy(card: Card, held: readonly Hold[], effectiveOn: string): string | null {
  if (card.usage === 'disposed') return `资产 ${card.code} 已处置，不能更新。`
  if (card.validFrom > effectiveOn) {
    return `资产 ${card.code} 在 ${card.validFrom} 已有变动，请把数据日期改为该日或之后再导入。`
  }
  const [block] = blocking('edit', held)
  return block ? holdSentence('edit', block) : null
}

/** 净值 = 原值 − 累计折旧, where both are known. */
export function derived({ cost, depreciation }: CardValues): string | null {
  return cost !== null && depreciation !== null ? minus(cost, depreciation) : null
}

function extraChanges(card: Card, row: StagedRow, resolved: ResolvedRow, printed: Printed) {
  const given = Object.entries({ ...row.extra, ...unplacedOf(row, resolved) })
  const texts = Object.fromEntries(given.filter(([header, text]) => !printed(card, header, text)))
  return changed(
    Object.fromEntries(Object.keys(texts).map((header) => [`extra.${header}`, card.extra[header] ?? null])),
    Object.fromEntries(Object.entries(texts).map(([header, text]) => [`extra.${header}`, text])),
  )
}
