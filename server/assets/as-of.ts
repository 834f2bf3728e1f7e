import { type SQL, sql } from 'drizzle-orm'
import { cardTypes } from '../../imports/sheets/card-choices.ts'
import { keyArray, within } from '../access/scope.ts'
import { type Actor, keysOfUnit, type Track } from '../kernel/actor.ts'

/** The part of the register that figures and sheets are about: the states in force on a day. */
export type Cut = Part & { day: string }

/** Which cards are looked at, whatever the day. */
export type Part = {
  track?: Track | '' | undefined
  /** Division code of a township: cards lying in it. */
  town?: string | undefined
  /** Owners, by id; all of the actor's scope where missing. */
  units?: readonly string[] | undefined
  type?: string | undefined
}

/** The cards of a cut as they were on its day, under the alias c; voided cards are in no figure. */
export function statesOn(actor: Actor, cut: Cut): SQL {
  return sql`card_history c where ${inForce(cut.day)} and ${inPart(actor, cut)}`
}

/** The state c counts: it is of this part and of the actor's scope, and not voided. */
export function inPart(actor: Actor, part: Part): SQL {
  return sql`not c.voided and ${sumsInPart(actor, part)}`
}

/** The same of sums, which know living cards only. */
export function sumsInPart(actor: Actor, { track, town, units, type }: Part): SQL {
  const parts = [within(actor, sql`c.owner_key`)]
  if (track) parts.push(sql`c.track = ${track}`)
  if (town) parts.push(sql`left(c.division_code, 9) = ${town.slice(0, 9)}`)
  if (units) parts.push(sql`c.owner_key = any(${keyArray(units.flatMap(keysOfUnit))})`)
  if (type) parts.push(sql`c.card_type = ${type}`)
  return sql.join(parts, sql` and `)
}

/** States of the view `card_history`, under the alias c, that held on a day: what we now know took effect by then. */
export function inForce(day: string): SQL {
  return sql`c.valid_from <= ${day} and (c.valid_to is null or c.valid_to > ${day})`
}

/** 后补: the state c was recorded when the day was over in Asia/Shanghai, so that nobody saw it on that day. */
export function recordedAfter(day: string): SQL {
  return sql`c.recorded_at >= ${`${day}T16:00:00Z`}::timestamptz`
}

/** The day in Asia/Shanghai on which the state c was recorded. */
export const recordedOn = sql`(c.recorded_at at time zone 'Asia/Shanghai')::date::text`

/** Card types in the order of the official form rather than of their stored words. */
export function typeOrder(column: SQL): SQL {
  return sql`array_position(${`{${cardTypes.map(({ value }) => value).join(',')}}`}::text[], ${column})`
}

/**
 * Every unit with the dated row of a day, under the names unit_id, code, kind, name, parent_id and division_code.
 * Cards may be older than their unit's first row: then the nearest row counts, so that no figure is lost.
 */
export function unitsNear(day: string): SQL {
  return sql`
    select distinct on (u.id) u.id as unit_id, u.code, u.kind, p.name, p.parent_id, p.division_code
    from units u join unit_periods p on p.unit_id = u.id
    order by u.id, (p.valid_from <= ${day} and (p.valid_to is null or p.valid_to > ${day})) desc,
      abs(p.valid_from - ${day}::date)`
}
