import type { LineChanges } from '../../../db/schema/inventory.ts'
import { usages } from '../../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import type { FieldProblem } from '../../../imports/target.ts'
import type { Problem } from '../../kernel/errors.ts'
import { compare } from '../../kernel/money.ts'
import { toStored } from '../../kernel/partial-date.ts'
import { cardProblems } from './actions.ts'
import type { CardNow, Line } from './open.ts'
import { countSide, type Findings, findingProblems, quantityText, thousandths, type ValueBasis } from './rules.ts'
import { type SurplusEntry, surplusColumns, surplusEntryProblems } from './surplus-actions.ts'

export type Values = Readonly<Record<string, string | null | undefined>>
export type Side = Partial<Line>
/** What a row comes to: the columns it would give its line, null where it says nothing of it. */
export type Outcome = { side: Side | null; findings: FieldProblem[] }

export const wrong = (field: string | null, message: string): FieldProblem => ({ field, message, severity: 'wrong' })
export const told = (field: string | null, message: string): FieldProblem => ({ field, message, severity: 'told' })

const figures = { counted: '清查数量', missing: '盘亏数量', scrap: '待报废数量', undetermined: '待界定数量' } as const
/** Cells that speak of what was found, and so only together with how many there were. */
const beside = ['missing', 'scrap', 'undetermined', 'missingReason', 'scrapReason', 'undeterminedReason'] as const
const changed = { usage: 'usage', newLocation: 'location', keeper: 'keeper' } as const

/** What a row says of a booked line, by the same rules as the page of the line. */
export function bookedOutcome(line: Line, card: CardNow, values: Values): Outcome {
  const findings = [...bookProblems(line, values), ...negatives(values)]
  const told = [...beside, ...Object.keys(changed), 'remark'].filter((key) => isGiven(values[key]))
  const counted = countedOf(line, values)
  if (counted === null) {
    const [first] = told.filter((key) => saysMore(line, key, values))
    if (first) findings.push(wrong('counted', '写了盘点情况，却没有写清查数量，请补写；没有变化的写账面数量。'))
    return { side: null, findings }
  }
  if (findings.some(({ severity }) => severity === 'wrong')) return { side: null, findings }
  findings.push(...sumProblems(line, values, counted))
  const found: Findings = {
    ...{ counted, scrap: values.scrap ?? '0', undetermined: values.undetermined ?? '0' },
    missingReason: values.missingReason ?? null,
    scrapReason: values.scrapReason ?? null,
    undeterminedReason: values.undeterminedReason ?? null,
  }
  const changes = changesOf(line, values)
  const broken = findingProblems(line, found)
  const ofCard = broken.length > 0 ? [] : cardProblems(line, card, { findings: found, changes })
  findings.push(...[...broken, ...ofCard].map(asFinding), ...usageProblems(line, values))
  if (findings.some(({ severity }) => severity === 'wrong')) return { side: null, findings }
  const side = { ...countSide(line, found), changes, condition: line.condition, remark: values.remark ?? line.remark }
  return { side, findings }
}

/** What a row says of something that no card stands for; blank cells leave an entered surplus as it is. */
export function surplusOutcome(line: Line | null, values: Values, today: string): Outcome {
  const findings = negatives(values)
  const given = (key: string, stored: string | null | undefined) => values[key] ?? stored ?? null
  const quantity = given('counted', line?.surplusQuantity)
  const foundOn = values.foundOn ? toStored(values.foundOn).day : (line?.foundOn ?? null)
  const [cardType, valueBasis] = [given('cardType', line?.cardType), given('valueBasis', line?.valueBasis)]
  const needed = { counted: quantity, cardType, foundOn, valueBasis }
  for (const [key, value] of Object.entries(needed))
    if (value === null) findings.push(wrong(key, missingTexts[key] ?? ''))
  findings.push(...usageProblems(line, values))
  if (findings.some(({ severity }) => severity === 'wrong')) return { side: null, findings }
  const entry: SurplusEntry = {
    ...{ name: values.name ?? '', cardType: cardType ?? '', quantity: quantity ?? '0', foundOn: foundOn ?? '' },
    valueBasis: valueBasis as ValueBasis,
    valueNote: given('valueNote', line?.valueNote),
    cost: given('cost', line?.surplusCost),
    depreciation: line?.surplusDepreciation ?? null,
    unitOfMeasure: given('unitOfMeasure', line?.unitOfMeasure),
    location: values.newLocation ?? given('location', line?.location),
    specification: given('specification', line?.specification),
    ...{ structure: line?.structure ?? null, floorArea: line?.floorArea ?? null, landArea: line?.landArea ?? null },
    ...{ acquiredOn: line?.acquiredOn ?? null, source: line?.source ?? null, condition: line?.condition ?? null },
    usage: given('usage', line?.usage),
    keeper: given('keeper', line?.keeper),
    remark: given('explanation', line?.remark) ?? values.remark ?? null,
  }
  findings.push(...surplusEntryProblems(today, entry).map(asFinding))
  return {
    side: { ...surplusColumns(entry), ...(line ? { acquiredPrecision: line.acquiredPrecision } : {}) },
    findings,
  }
}

const missingTexts: Record<string, string> = {
  counted: '盘盈的资产请在清查数量里写发现了多少。',
  cardType: '盘盈的资产请写资产类别。',
  foundOn: '盘盈的资产请写发现日期。',
  valueBasis: '盘盈的资产请选计价依据：有关凭据、评估值、重置成本、名义金额（1 元）。',
}

function asFinding({ field, text }: Problem): FieldProblem {
  return wrong(field === 'quantity' ? 'counted' : (field?.replace(/^change\./, '') ?? null), text)
}

function isGiven(value: string | null | undefined): value is string {
  return value !== null && value !== undefined && value !== ''
}

/** How many there were; where only what is missing was written, the rest was there. */
function countedOf({ bookQuantity }: Line, { counted, missing }: Values): string | null {
  if (isGiven(counted)) return counted
  return isGiven(missing) && thousandths(missing) !== 0n
    ? quantityText(thousandths(bookQuantity) - thousandths(missing))
    : null
}

/** A usage or place that is the book's own says nothing. */
function saysMore(line: Line, key: string, values: Values): boolean {
  if (key === 'usage' || key === 'keeper') return values[key] !== line[key]
  if (key in figures) return thousandths(values[key] ?? '0') !== 0n
  return key !== 'newLocation' || values.newLocation !== line.location
}

function negatives(values: Values): FieldProblem[] {
  return Object.entries(figures).flatMap(([key, label]) =>
    values[key]?.startsWith('-') ? [wrong(key, `${label} ${values[key]} 是负数，数量不能小于 0，请改正。`)] : [],
  )
}

function sumProblems({ bookQuantity }: Line, { missing, counted }: Values, found: string): FieldProblem[] {
  if (!isGiven(missing) || !isGiven(counted)) return []
  const left = thousandths(bookQuantity) - thousandths(found)
  if (left === thousandths(missing) || left < 0n) return []
  const text = `账面 ${plainText(bookQuantity)} 减清查 ${plainText(found)}，应盘亏 ${plainText(quantityText(left))}，表里写的是 ${missing}，请核对。`
  return [wrong('missing', text)]
}

/** The book side stays what it was when the call was issued, whatever the sheet says by now. */
function bookProblems(line: Line, { name, bookQuantity, bookCost }: Values): FieldProblem[] {
  const findings: FieldProblem[] = []
  if (isGiven(name) && name !== line.name) {
    findings.push(told('name', `这一行是“${line.name}”，表里写成“${name}”：账面名称不改，请核对没有填错行。`))
  }
  if (isGiven(bookQuantity) && thousandths(bookQuantity) !== thousandths(line.bookQuantity)) {
    const book = plainText(line.bookQuantity)
    findings.push(told('bookQuantity', `账面数量是 ${book}，表里改成了 ${bookQuantity}：账面数不改，仍按 ${book}。`))
  }
  if (isGiven(bookCost) && (line.bookCost === null || compare(bookCost, line.bookCost) !== 0)) {
    const book = line.bookCost ?? '空白'
    findings.push(told('bookCost', `账面原值是 ${book}，表里改成了 ${bookCost}：账面原值不改，仍按 ${book}。`))
  }
  return findings
}

const settledUsages = ['awaiting_disposal', 'awaiting_write_off', 'disposed']

function usageProblems(line: Line | null, { usage }: Values): FieldProblem[] {
  if (!isGiven(usage) || !settledUsages.includes(usage) || usage === line?.usage) return []
  return [wrong('usage', `使用状况不能写“${choiceLabel(usages, usage)}”：要报废的写待报废数量，没有了的写盘亏数量。`)]
}

/** Blank cells change nothing; what is as booked again is no change any more. */
function changesOf(line: Line, values: Values): LineChanges {
  const changes = { ...line.changes }
  for (const [column, key] of Object.entries(changed)) {
    const value = values[column]
    if (!isGiven(value)) continue
    const old = line[key as 'usage' | 'location' | 'keeper']
    if (value === old) delete changes[key]
    else changes[key] = { old, new: value }
  }
  return changes
}

export function plainText(quantity: string): string {
  return quantity.includes('.') ? quantity.replace(/\.?0+$/, '') : quantity
}
