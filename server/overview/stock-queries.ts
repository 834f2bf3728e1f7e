import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type Cut, recordedAfter, statesOn } from '../assets/as-of.ts'
import type { Actor } from '../kernel/actor.ts'

/** What the cards of one type, class code and usage come to on a day; a sum of unknowns is unknown. */
export type StockSum = {
  cardType: string
  classCode: string | null
  usage: string | null
  /** 资源性资产 have no place in the stock of fixed and intangible assets. */
  resource: boolean
  count: string
  quantity: string | null
  cost: string | null
  depreciation: string | null
  netValue: string | null
  withoutQuantity: string
  withoutCost: string
  /** Of these, what was recorded only after the day. */
  laterCount: string
  laterCost: string | null
}

export async function stockSums(tx: Tx, actor: Actor, cut: Cut): Promise<StockSum[]> {
  return tx.execute<StockSum>(sql`
    select c.card_type as "cardType", left(c.class_code, 12) as "classCode", c.usage,
      (c.card_type = 'resource' or c.nature is not distinct from 'resource') as resource, count(*)::text as count,
      sum(c.quantity)::text as quantity, sum(c.cost)::text as cost, sum(c.depreciation)::text as depreciation,
      sum(c.net_value)::text as "netValue",
      count(*) filter (where c.quantity is null)::text as "withoutQuantity",
      count(*) filter (where c.cost is null)::text as "withoutCost",
      count(*) filter (where ${recordedAfter(cut.day)})::text as "laterCount",
      (sum(c.cost) filter (where ${recordedAfter(cut.day)}))::text as "laterCost"
    from ${statesOn(actor, cut)} group by 1, 2, 3, 4`)
}
