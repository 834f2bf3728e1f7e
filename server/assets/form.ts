import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { endedSentence } from '../access/enterable.ts'
import { findUnits, formerNote, type UnitOn, unitsOn, unitText } from '../access/units.ts'
import { type Actor, mayEnter, type Track, trackLabels } from '../kernel/actor.ts'
import type { Problem } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { type Card, type CardValues, noValues, valuesOf } from './card.ts'
import { cardFormFields } from './fields.ts'

/** Beside the card's own fields, an edit says from which day it holds and why. */
export const effectFields: readonly FormField[] = [
  { key: 'effectiveOn', label: '生效日期', kind: 'day', required: true, hint: '变动发生或入账的日期' },
  { key: 'comment', label: '变动原因', kind: 'text', max: 200 },
]

/**
 * Reads a sent card form: figures, days and choices first, then units and the division by what they mean today.
 * A field that the form did not show keeps the value of `base`: another type's details are not lost by an edit.
 */
export async function readCardForm(tx: Tx, answers: Answers, today: string, base: CardValues = noValues) {
  const shown = cardFormFields.filter(({ key, required }) => required || answers[key] !== undefined)
  const { values: read, problems } = readForm([...shown, ...effectFields], answers)
  const { effectiveOn, comment, ...rest } = read
  const values: CardValues = { ...base, ...rest }
  const said = { problems, notes: '' }
  values.ownerUnit = await unitOf(tx, 'ownerUnit', '权属单位', rest.ownerUnit ?? null, today, said)
  values.usingUnit = await unitOf(tx, 'usingUnit', '使用单位', rest.usingUnit ?? null, today, said)
  values.division = await divisionOf(tx, rest.division ?? null, values.ownerUnit, today, problems)
  return { values, effectiveOn: effectiveOn ?? today, comment: comment ?? null, ...said }
}

/** The answers that show a stored card in its form. */
export async function answersOf(tx: Tx, card: Card, today: string): Promise<Answers> {
  const values = valuesOf(card)
  const units = await unitsOn(tx, today, sql`u.id in (${card.ownerUnitId}, ${card.userUnitId})`)
  const text = (id: string | null) => {
    const unit = units.find((candidate) => candidate.id === id)
    return unit ? unitText(unit) : ''
  }
  return {
    ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? ''])),
    ownerUnit: text(card.ownerUnitId),
    usingUnit: text(card.userUnitId),
    division: await divisionText(tx, card.divisionCode),
    quantity: values.quantity?.replace(/\.?0+$/, '') ?? '',
    effectiveOn: today,
  }
}

/** The division's name as people write it, its code where another place has the same name. */
async function divisionText(tx: Tx, code: string): Promise<string> {
  const named = await tx.execute<{ name: string }>(
    sql`select name from divisions where name = (select name from divisions where code = ${code})`,
  )
  return named.length === 1 ? (named[0]?.name ?? code) : code
}

/** A keeper of one unit starts with it filled in, on the track its books are on. */
export function firstAnswers(actor: Actor, units: readonly UnitOn[], today: string): Answers {
  const own = units.find((unit) => unit.id === actor.unitId)
  const track = own?.regime === 'collective' ? 'collective' : own ? 'state' : ''
  return { ownerUnit: own ? unitText(own) : '', track, ownership: 'settled', quantity: '1', effectiveOn: today }
}

/** A sentence when the actor may not enter cards for that unit on that track. */
export function entryProblem(actor: Actor, values: CardValues): Problem | null {
  const track = values.track as Track | null
  if (values.ownerUnit === null || track === null) return null
  return mayEnter(actor, values.ownerUnit, track)
    ? null
    : { field: 'ownerUnit', text: `您不经办该单位的${trackLabels[track]}资产，请选择您经办的单位。` }
}

export async function unitOf(
  tx: Tx,
  field: string,
  label: string,
  text: string | null,
  today: string,
  said: { problems: Problem[]; notes: string },
): Promise<string | null> {
  if (text === null) return null
  const found = await findUnits(tx, text, today)
  const [unit] = found
  if (found.length === 1 && unit) {
    if (unit.state === 'closed') said.problems.push({ field, text: await endedSentence(tx, unit) })
    said.notes += formerNote(unit)
    return unit.id
  }
  const why = found.length === 0 ? '没有找到' : '有几个单位叫'
  said.problems.push({ field, text: `${label}：${why}“${text}”，请从列表中选择带编码的名称。` })
  return null
}

async function divisionOf(
  tx: Tx,
  text: string | null,
  ownerUnit: string | null,
  today: string,
  problems: Problem[],
): Promise<string | null> {
  if (text === null) {
    if (ownerUnit === null) return null
    const [owner] = await unitsOn(tx, today, sql`u.id = ${ownerUnit}`)
    return owner?.divisionCode ?? null
  }
  const found = await tx.execute<{ code: string }>(
    sql`select code from divisions where code = ${text} or name = ${text} or name = ${`${text}委会`} limit 2`,
  )
  if (found.length === 1 && found[0]) return found[0].code
  const why = found.length === 0 ? '没有找到' : '有几处叫'
  problems.push({ field: 'division', text: `所在村(社区)：${why}“${text}”，请填写 12 位区划代码。` })
  return null
}
