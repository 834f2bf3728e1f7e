import Big from 'big.js'
import type { RowProblem } from '../../db/schema/imports.ts'
import { type Answers, allOthers, decided, noAnswers } from '../../imports/answers.ts'
import { leafOf } from '../../imports/recognising/columns.ts'
import { readHeader } from '../../imports/recognising/header.ts'
import type { Batch, RowToResolve } from '../../imports/target.ts'
import { plainFigure } from '../../imports/values/decimal.ts'
import type { UnitOn } from '../access/units.ts'
import { type Actor, mayEnter, type Track, trackLabels } from '../kernel/actor.ts'
import { type CardValueKey, type CardValues, noValues, valueKeys } from './card.ts'
import { guessCardType } from './card-type.ts'
import type { Unclear } from './import-unclear.ts'
import type { Surroundings } from './import-units.ts'

/** A staged row with its names resolved: what the file says of a card; null is a blank cell. */
export type ResolvedRow = {
  values: CardValues
  /** The card's code as the file gives it. */
  code: string | null
  extra: Record<string, string>
  /** What the register says to the row. */
  findings: RowProblem[]
  /** Why nothing may be written for the row in this import; a card it only repeats needs no right to. */
  barred: RowProblem[]
  /** Texts that mean no unit or place, or several; the chosen unit and where it lies are taken. */
  unclear: Unclear[]
  /** Whether the file itself names owner, place and day; what is only filled in never changes an existing card. */
  names: { owner: boolean; place: boolean; acquired: boolean; track: boolean }
  /** Whether its one area is a bare 面积: the ground of land, the floors of a building. */
  plainArea: boolean
}

/** What the columns of the file say of all its rows: whether days and tracks have one, and whether an area is a bare 面积. */
export type Layout = { dated: boolean; tracked: boolean; plainArea: boolean }

export function layoutOf({ fields, headers }: Batch): Layout {
  const areas = [headers.landArea, headers.floorArea].flatMap((header) => header ?? [])
  return {
    dated: fields.includes('acquiredOn'),
    tracked: fields.includes('track'),
    plainArea: areas.length === 1 && areas.every((header) => readHeader(leafOf(header)).bare === '面积'),
  }
}

/** Reads a staged row against the county's units and places. What the file said stays in `extra` where it is not used. */
export function resolveRow(
  row: RowToResolve,
  around: Surroundings,
  actor: Actor,
  track: Track,
  { dated, tracked, plainArea }: Layout,
  answers: Answers = noAnswers,
): ResolvedRow {
  const given = row.values
  const values: CardValues = { ...noValues, track }
  for (const key in given) if (own.has(key)) values[key as CardValueKey] = given[key] ?? null
  values.quantity = storedQuantity(values.quantity)
  const resolved: ResolvedRow = {
    values,
    code: null,
    extra: { ...row.extra },
    findings: [],
    barred: [],
    unclear: [],
    names: { owner: false, place: false, acquired: dated, track: tracked },
    plainArea,
  }
  readTrack(resolved, given.track, track)
  readCode(resolved, given.code ?? null)
  const owner = readOwner(resolved, given.ownerUnit ?? null, around, actor, track, answers)
  readUser(resolved, given.usingUnit ?? null, around)
  readDivision(resolved, given.division ?? null, around, owner, answers)
  readAcquired(resolved, answers)
  return resolved
}

const unitKeys: readonly CardValueKey[] = ['ownerUnit', 'usingUnit', 'division', 'track']
/** Values that are taken as they were read. */
const own: ReadonlySet<string> = new Set(valueKeys.filter((key) => !unitKeys.includes(key)))

/** With the three places it is stored with, so that 10.5 in a file is no change of 10.500 on the card. */
function storedQuantity(text: string | null): string | null {
  return text === null ? null : (plainFigure(text, 3) ?? new Big(text).toFixed(3))
}

function readTrack(resolved: ResolvedRow, text: string | null | undefined, track: Track): void {
  if (text === null || text === undefined || text === track) return
  const label = trackLabels[text as Track]
  if (label === undefined) {
    keep(resolved, '资产属性', text)
    return
  }
  resolved.values.track = text
  resolved.barred.push(wrong('track', `这一行是${label}资产，本次导入的是${trackLabels[track]}资产，请另行导入。`))
}

/** Our codes are 14 digits; any other is the office's own. */
function readCode(resolved: ResolvedRow, code: string | null): void {
  if (code === null) return
  if (/^\d{14}$/.test(code)) resolved.code = code
  else if (resolved.values.originalCode === null) resolved.values.originalCode = code
  else keep(resolved, '资产编号', code)
}

/** Fills in whose the row is; the unit where the file itself names one. */
function readOwner(
  resolved: ResolvedRow,
  text: string | null,
  around: Surroundings,
  actor: Actor,
  track: Track,
  answers: Answers,
): UnitOn | undefined {
  const found = text === null ? { unit: around.chosen } : ownerMeant(resolved, text, around, answers)
  if (typeof found === 'object' && 'outside' in found) {
    const problem = wrong('ownerUnit', `「${text}」不归${around.chosen.name}管理，请改正单位或由该单位导入。`)
    // Of several nobody knows whose card this would be, so that it cannot be held against one.
    const [unit, other] = found.outside
    ;(other ? resolved.findings : resolved.barred).push(problem)
    resolved.values.ownerUnit = unit?.id ?? null
    resolved.names.owner = true
    return undefined
  }
  if (found === 'unknown' && text !== null) keep(resolved, '权属单位', text)
  const unit = found === 'unknown' ? around.chosen : found.unit
  resolved.values.ownerUnit = unit.id
  resolved.names.owner = text !== null && found !== 'unknown'
  resolved.values.division = unit.divisionCode
  if (unit.state === 'closed') {
    const text = `${unit.name}已于 ${unit.closedOn} 撤销，请把权属单位改为承继它的单位。`
    resolved.barred.push(wrong('ownerUnit', text))
  } else if (!mayEnter(actor, unit.id, track)) {
    resolved.barred.push(wrong('ownerUnit', `您不经办${unit.name}的${trackLabels[track]}资产，请由经办人导入。`))
  }
  return resolved.names.owner ? unit : undefined
}

/** What people decided of a text, or else what it says; what is not clear is asked. */
function ownerMeant(
  resolved: ResolvedRow,
  text: string,
  around: Surroundings,
  answers: Answers,
): { unit: UnitOn } | { outside: readonly UnitOn[] } | 'unknown' {
  const answer = decided(answers, 'ownerUnit', text)
  const unit = typeof answer === 'string' ? around.coded(answer) : undefined
  const found = around.read(text)
  if (typeof found === 'object' && 'unit' in found && answer === undefined) return found
  if (typeof found === 'object' && 'outside' in found && answer === undefined) return found
  const candidates =
    typeof found === 'object' && 'several' in found
      ? found.several.map(({ code, name }) => ({ value: code, label: `${name}（${code}）` }))
      : []
  const valid = answer === null || unit !== undefined
  resolved.unclear.push({ field: 'ownerUnit', text, candidates, decided: valid ? answer : undefined })
  return unit ? { unit } : 'unknown'
}

function readUser(resolved: ResolvedRow, text: string | null, around: Surroundings): void {
  if (text === null) return
  const found = around.readUser(text)
  if (found && found.state !== 'closed') {
    resolved.values.usingUnit = found.id
    return
  }
  keep(resolved, '使用单位', text)
  const why = found ? `使用单位「${text}」已于 ${found.closedOn} 撤销` : `没有找到使用单位「${text}」`
  resolved.findings.push(told('usingUnit', `${why}，原文已作为附加栏目保留。`))
}

function readDivision(
  resolved: ResolvedRow,
  text: string | null,
  around: Surroundings,
  owner: UnitOn | undefined,
  answers: Answers,
): void {
  if (text === null) return
  const found = around.places(text, owner)
  const answer = decided(answers, 'division', text)
  const code =
    typeof answer === 'string' ? around.places(answer)[0]?.code : found.length === 1 ? found[0]?.code : undefined
  if (answer !== undefined || code === undefined) {
    const candidates = found.length > 1 ? found.map((place) => ({ value: place.code, label: place.name })) : []
    const valid = answer === null || code !== undefined
    resolved.unclear.push({ field: 'division', text, candidates, decided: valid ? answer : undefined })
  }
  if (answer !== null && code !== undefined) {
    resolved.values.division = code
    resolved.names.place = true
    return
  }
  keep(resolved, '所在村(社区)', text)
  const why = found.length > 1 ? `有 ${found.length} 个「${text}」` : `没有找到「${text}」`
  resolved.findings.push(told('division', `${why}，按单位所在地记录，原文已作为附加栏目保留。`))
}

/**
 * A file with no column for the day of acquisition often tells when a thing was finished or put to use. The day it was
 * entered in the books does not count: a stocktake enters things that are decades old.
 */
function readAcquired({ values, names }: ResolvedRow, answers: Answers): void {
  if (names.acquired || decided(answers, 'acquiredOn', allOthers) === null) return
  values.acquiredOn = values.completedOn ?? values.inServiceOn
}

/** A new card needs a type; the name tells it where the file does not. */
export function typed(values: CardValues): CardValues {
  return values.cardType === null ? { ...values, cardType: guessCardType(values.name ?? '') } : values
}

/** What could not be placed, beside the columns that no field took. */
export function unplacedOf({ extra }: Pick<RowToResolve, 'extra'>, resolved: ResolvedRow): Record<string, string> {
  const unplaced: Record<string, string> = {}
  for (const header in resolved.extra) if (!(header in extra)) unplaced[header] = resolved.extra[header] ?? ''
  return unplaced
}

function keep(resolved: ResolvedRow, header: string, text: string): void {
  resolved.extra[header] ??= text
}

export function wrong(field: string | null, message: string): RowProblem {
  return { column: null, field, message, severity: 'wrong' }
}

export function told(field: string | null, message: string): RowProblem {
  return { column: null, field, message, severity: 'told' }
}
