import Big from 'big.js'
import type { Field } from '../sheets/fields.ts'
import { knowsChoice, parseChoice } from '../values/choice.ts'
import { moneyUnit } from '../values/money.ts'
import { isFigure, parseValue } from '../values/value.ts'
import { type Candidate, labelWeight } from './dictionary.ts'

type Described = { header: string; unit: string | null; candidates: readonly Candidate[]; texts: readonly string[] }
/** `rank` is what the header alone weighs. */
export type Fitting = Candidate & { rank: number }

/** Weighs what a header may mean by what stands below it; drops what its values speak against. */
export function fitOf(column: Described, fields: readonly Field[]): Fitting[] {
  const samples = column.texts.slice(0, 100)
  const best = column.candidates[0]
  if (!best) return []
  const open = column.candidates.filter((candidate) => candidate.sure === best.sure)
  const fitted: Fitting[] = []
  for (const candidate of open) {
    const fit = agreement(candidate.field, samples, column.unit, fields)
    if (fit === null) continue
    const weight =
      candidate.weight + 20 * fit + Math.min(samples.length, 100) * 0.01 + preference(candidate.field, column)
    fitted.push({
      field: candidate.field,
      weight,
      sure: candidate.sure && (fit >= 0.5 || candidate.weight === labelWeight),
      rank: candidate.weight,
    })
  }
  if (fitted.length === 0) return otherChoice(open, samples, fields)
  // Two fields that the header names equally well leave it open which is meant.
  return fitted.map((candidate) => ({
    ...candidate,
    sure: candidate.sure && !fitted.some((other) => other.field !== candidate.field && other.rank === candidate.rank),
  }))
}

/** Share of the values that the field can hold; null when none can be meant. */
function agreement(
  field: Field,
  samples: readonly string[],
  unit: string | null,
  fields: readonly Field[],
): number | null {
  if (samples.length === 0) return 1
  const share = (good: (text: string) => boolean) => samples.filter(good).length / samples.length
  if (field.kind === 'choice') {
    const choices = field.choices ?? []
    const known = share((text) => knowsChoice(text, choices))
    if (known > 0) return known
    return samples.some((text) => parseChoice(text, choices).value !== null) ? 0 : null
  }
  if (isFigure(field)) {
    const readable = share((text) => {
      const parsed = parseValue(text, field, unit ?? undefined)
      return parsed.value !== null || parsed.problem === undefined
    })
    return readable === 0 && samples.length >= 3 ? null : readable
  }
  // 资产编号 in other people's registers is their own number: ours has a fixed number of digits.
  if (field.key === 'code' && share((text) => /^\d+$/.test(text) && text.length === field.max) < 0.5) return null
  // 权属 over 国有 and 集体 names no unit.
  if (field.kind === 'unit' && isChoosing(samples, fields)) return null
  // 单位 over units of measure is short; over names of units it is not.
  if (field.key === 'unitOfMeasure' && share((text) => text.length <= 4) < 0.5) return null
  return 1
}

/** What is counted in 元 goes before what is counted in 万元; 面积 alone names land where it is counted in 亩 or 公顷, a building otherwise. */
function preference(field: Field, column: Described): number {
  // Of 原值(元) and 原值(万元) the first has the cents.
  if (field.kind === 'money') return new Big(moneyUnit(column.unit ?? '元')?.factor ?? 1).gt(1) ? -2 : 0
  const land = /亩|公顷/.test(column.unit ?? '') || column.texts.some((text) => /亩|公顷/.test(text))
  if (field.key === 'landArea') return land ? 5 : -5
  if (field.key === 'floorArea') return land ? -5 : 5
  return 0
}

/** A choice's header over the values of another choice (资产属性 over 经营性) means that other one. */
function otherChoice(open: readonly Candidate[], samples: readonly string[], fields: readonly Field[]): Fitting[] {
  if (samples.length === 0 || !open.some(({ field }) => field.kind === 'choice' || field.kind === 'unit')) return []
  return fields
    .filter((field) => isChoiceOf(field, samples))
    .map((field) => ({ field, weight: 30, rank: 30, sure: false }))
}

function isChoosing(samples: readonly string[], fields: readonly Field[]): boolean {
  return fields.some((field) => isChoiceOf(field, samples))
}

function isChoiceOf(field: Field, samples: readonly string[]): boolean {
  return field.kind === 'choice' && samples.every((text) => knowsChoice(text, field.choices ?? []))
}
