import type { Tx } from '../../../db/client.ts'
import { type Card, type CardValueKey, type CardValues, valuesOf } from '../../assets/card.ts'
import { type Problem, RuleBroken } from '../../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../../kernel/forms.ts'
import { fromStored } from '../../kernel/partial-date.ts'
import type { LineEntry } from './actions.ts'
import { changeableKeys, changeFields, lineFields, surplusFields } from './fields.ts'
import { cardOf, type Line, type OpenLine } from './open.ts'
import { outcomeOf, type Part, type ValueBasis } from './rules.ts'
import type { SurplusEntry } from './surplus-actions.ts'

type Said = Omit<LineEntry, 'version' | 'via'>

/**
 * What was sent of a line: fields that the form did not have stay as they are. A blank count means that everything is
 * there; of what the card says, only what differs is kept. `booked` has the card's values that the form speaks of.
 */
export function readEntry(answers: Answers, line: Line, booked: Partial<CardValues>): Said {
  const sent = lineFields.filter(({ key }) => key in answers)
  const { values, problems } = readForm(sent, answers)
  const has = (key: string) => sent.some((field) => field.key === key)
  const value = (key: string, stored: string | null) => (has(key) ? (values[key] ?? null) : stored)
  const changes = { ...line.changes }
  for (const key of changeableKeys) {
    if (!has(`change.${key}`)) continue
    const next = values[`change.${key}`] ?? null
    const old = booked[key as CardValueKey] ?? null
    if (next === old) delete changes[key]
    else changes[key] = { old, new: next }
  }
  if (problems.length > 0) throw new RuleBroken(problems)
  const { outcome, reason } = values
  return {
    findings: outcome
      ? single(line, outcome as Part, reason ?? null)
      : {
          counted: value('counted', line.countedQuantity) ?? line.bookQuantity,
          scrap: value('scrap', line.scrapQuantity) ?? '0',
          undetermined: value('undetermined', line.undeterminedQuantity) ?? '0',
          missingReason: value('missingReason', line.missingReason),
          scrapReason: value('scrapReason', line.scrapReason),
          undeterminedReason: value('undeterminedReason', line.undeterminedReason),
        },
    changes,
    condition: value('condition', line.condition),
    remark: value('remark', line.remark),
  }
}

/** What the card says of the fields that a form has: a row of the table speaks of its usage alone. */
export async function bookedOf(tx: Tx, { line, card }: OpenLine, body: Answers): Promise<Partial<CardValues>> {
  const others = Object.keys(body).some((key) => key.startsWith('change.') && key !== 'change.usage')
  return others ? valuesOf(await cardOf(tx, line.cardId ?? '')) : { usage: card?.usage ?? null }
}

function single({ bookQuantity }: Line, outcome: Part | 'matched', reason: string | null): LineEntry['findings'] {
  const of = (part: Part) => (outcome === part ? bookQuantity : '0')
  const why = (part: Part) => (outcome === part ? reason : null)
  return {
    counted: outcome === 'missing' ? '0' : bookQuantity,
    scrap: of('scrap'),
    undetermined: of('undetermined'),
    missingReason: why('missing'),
    scrapReason: why('scrap'),
    undeterminedReason: why('undetermined'),
  }
}

/** Where the form of a single thing shows what is wrong. */
export function onSingleForm(answers: Answers, problems: readonly Problem[]): readonly Problem[] {
  if (answers.outcome === undefined) return problems
  return problems.map((problem) => {
    if (problem.field?.endsWith('Reason')) return { ...problem, field: 'reason' }
    return problem.field === 'counted' || problem.field === 'scrap' ? { ...problem, field: 'outcome' } : problem
  })
}

/** A line as its form shows it: what was found, or else what the books say. */
export function answersOfLine(line: Line, card: Card): Answers {
  const booked = valuesOf(card)
  const changes = changeableKeys.map((key) => {
    const change = line.changes[key]
    return [`change.${key}`, (change ? change.new : booked[key as CardValueKey]) ?? ''] as const
  })
  return {
    counted: line.countedQuantity === null ? '' : figure(line.countedQuantity),
    scrap: blankZero(line.scrapQuantity),
    undetermined: blankZero(line.undeterminedQuantity),
    missingReason: line.missingReason ?? '',
    scrapReason: line.scrapReason ?? '',
    undeterminedReason: line.undeterminedReason ?? '',
    ...singleAnswers(line),
    condition: line.condition ?? '',
    remark: line.remark ?? '',
    ...Object.fromEntries(changes),
  }
}

/** Which of the card's fields can be otherwise than booked: a thing without floors has none. */
export function changeFieldsOf({ cardType, parts }: Pick<Card, 'cardType' | 'parts'>): FormField[] {
  const built = ['house', 'structure', 'public_facility'].includes(cardType)
  const ground = built || ['land', 'resource'].includes(cardType)
  const apart: Record<string, boolean> = {
    floorArea: built,
    structure: built,
    safetyGrade: cardType === 'house',
    landArea: ground,
    idleArea: ground && parts.length === 0,
    titleKind: ground,
    certificate: ground || cardType === 'vehicle',
    specification: !ground,
    usage: parts.length === 0,
    idleSince: parts.length === 0,
  }
  return changeFields.filter(({ key }) => apart[key.slice('change.'.length)] ?? true)
}

export function readSurplus(answers: Answers): SurplusEntry {
  const { values, problems } = readForm(surplusFields, answers)
  if (problems.length > 0) throw new RuleBroken(withoutDoubles(problems))
  const { name, cardType, quantity, foundOn, valueBasis, ...rest } = values
  return {
    ...(rest as Omit<SurplusEntry, 'name' | 'cardType' | 'quantity' | 'foundOn' | 'valueBasis'>),
    name: name ?? '',
    cardType: cardType ?? '',
    quantity: quantity ?? '0',
    foundOn: foundOn ?? '',
    valueBasis: (valueBasis ?? 'papers') as ValueBasis,
  }
}

export function answersOfSurplus(line: Line): Answers {
  return {
    ...Object.fromEntries(
      surplusFields.map(({ key }) => [key, (line[key as keyof Line] as string | null | undefined) ?? '']),
    ),
    quantity: figure(line.surplusQuantity),
    cost: line.surplusCost ?? '',
    depreciation: line.surplusDepreciation ?? '',
    acquiredOn: fromStored(line.acquiredOn, line.acquiredPrecision) ?? '',
  }
}

/** 10.000 → 10 */
export function figure(quantity: string): string {
  return quantity.includes('.') ? quantity.replace(/\.?0+$/, '') : quantity
}

function singleAnswers(line: Line): Answers {
  const outcome = outcomeOf(line)
  return {
    outcome: outcome === 'changed' ? 'matched' : outcome === 'uncounted' ? '' : outcome,
    reason: line.missingReason ?? line.scrapReason ?? line.undeterminedReason ?? '',
  }
}

function blankZero(quantity: string): string {
  return Number(quantity) === 0 ? '' : figure(quantity)
}

function withoutDoubles(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ field }, at) => problems.findIndex((other) => other.field === field) === at)
}
