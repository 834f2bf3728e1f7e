import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { plus } from '../kernel/money.ts'
import type { Figure } from '../overview/statistics-queries.ts'

export const figuresName = '各单位各类别之和等于全部卡片之和'

const summed = {
  count: '宗数',
  cost: '原值',
  depreciation: '累计折旧',
  netValue: '净值',
  landArea: '占地面积',
  floorArea: '建筑面积',
  idleArea: '闲置面积',
  annualRent: '年租金',
} as const

/** The statistics of today, added up again, against the cards themselves. */
export async function figuresBroken(tx: Tx, figures: readonly Figure[]): Promise<string[]> {
  const [cards] = await tx.execute<Record<keyof typeof summed, string | null>>(sql`
    select count(*)::text as count, sum(cost)::text as cost, sum(depreciation)::text as depreciation,
      sum(net_value)::text as "netValue", sum(land_area)::text as "landArea", sum(floor_area)::text as "floorArea",
      sum(idle_area)::text as "idleArea", sum(annual_rent)::text as "annualRent"
    from cards where not voided`)
  const parts = figures.filter(({ unit, cardType }) => unit !== null && cardType !== null)
  return Object.entries(summed).flatMap(([key, label]) => {
    const field = key as keyof typeof summed
    const added = plus(...parts.map((part) => part[field]))
    const whole = plus(cards?.[field])
    return added === whole ? [] : [`${label}：${added} ≠ ${whole}`]
  })
}
