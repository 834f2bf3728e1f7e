import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Actor } from '../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { keyset } from '../kernel/paging.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { type CardFilter, findCard, fromCards, matching, orderOf, pastDay } from './list.ts'
import { searched } from './search.ts'
import { totalCards } from './totals.ts'

/** Some forty sheets: more than anybody sticks on at a time, and a page that a browser still prints at once. */
const mostLabels = 1000

/** What of a card is printed on its label. */
export type Label = { code: string; name: string; owner: string; location: string | null; keeper: string | null }

/** A label for every card of the list with this filter, in the list's order, over all its pages. */
export async function labelsOf(tx: Tx, actor: Actor, filter: CardFilter, today: string): Promise<Label[]> {
  const problems = unprintable(filter, today)
  if (problems.length > 0) throw new RuleBroken(problems)
  const { count } = await totalCards(tx, actor, filter, today)
  if (Number(count) > mostLabels) {
    const text = `符合条件的资产有 ${count} 项，一次最多打印 ${mostLabels} 个标签：请回到台账按乡镇、类别、状况或名称缩小范围，分几次打印。`
    throw new RuleBroken([{ field: null, text, href: filterUrl('/assets', filter as Filter) }])
  }
  const found = await searched(tx, filter.q, null)
  const { orderBy } = keyset(orderOf(filter.sort), {})
  return labelsWhere(tx, today, sql`${matching(actor, filter, found)} order by ${orderBy}`)
}

/** The label of one card that the actor may open. */
export async function labelOf(tx: Tx, actor: Actor, code: string, today: string): Promise<Label> {
  const card = await findCard(tx, actor, code)
  if (!card || card.voided) throw new NotFound()
  const [label] = await labelsWhere(tx, today, sql`c.id = ${card.id}`)
  if (!label) throw new Error(`no owner of card ${code} today`)
  return label
}

/** A label is stuck on a thing of today: those of a past day would bring back former names and owners. */
function unprintable(filter: CardFilter, today: string): Problem[] {
  const wrong = dayProblems(filter.asOf, today, 'asOf', '时点')
  if (wrong.length > 0 || !pastDay(filter, today)) return wrong
  const href = filterUrl('/assets', filter as Filter, { asOf: undefined })
  return [{ field: null, text: '标签只按今天的台账打印，请先回到今天的台账，再点“打印标签”。', href }]
}

async function labelsWhere(tx: Tx, today: string, condition: SQL): Promise<Label[]> {
  return tx.execute<Label>(sql`
    select c.code, c.name, p.name as owner, c.location, c.keeper ${fromCards(today)} where ${condition}`)
}
