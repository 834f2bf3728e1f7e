import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import type { Cut } from '../assets/as-of.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type StatisticsUnit, statisticsUnit, unitsUnder } from './statistics-queries.ts'

/** What figures and official sheets are about is their query string. */
export const StatisticsFilter = Type.Object({
  track: Type.Optional(Type.Union([Type.Literal(''), Type.Literal('state'), Type.Literal('collective')])),
  town: Type.Optional(Type.String({ pattern: '^([0-9]{12})?$' })),
  unit: Type.Optional(Type.String({ maxLength: 20 })),
  asOf: Type.Optional(Type.String({ maxLength: 10 })),
})
export type StatisticsFilter = Static<typeof StatisticsFilter>

/** The cards a filter is about on a day, a unit with everything under it; and that unit. */
export async function cutOf(
  tx: Tx,
  filter: StatisticsFilter,
  day: string,
): Promise<{ cut: Cut; unit: StatisticsUnit | undefined }> {
  const cut: Cut = { day, track: filter.track, town: filter.town }
  if (!filter.unit) return { cut, unit: undefined }
  const unit = await statisticsUnit(tx, filter.unit, day)
  if (!unit) throw new RuleBroken([{ field: 'unit', text: '没有找到这个单位，请从列表中重新选择。' }])
  return { cut: { ...cut, units: await unitsUnder(tx, unit.id, day) }, unit }
}

export function scopeHint({ name, kind }: StatisticsUnit): string {
  return kind === 'town_government' ? '含辖区内全部单位' : `${name}及其管理的单位`
}
