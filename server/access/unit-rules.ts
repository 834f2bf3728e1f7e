import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { takeNumbers } from '../kernel/numbers.ts'

/** One change of the tree at a time: two moves together could close a circle that neither sees. */
export async function lockTree(tx: Tx): Promise<void> {
  await takeNumbers(tx, 'unit change')
}

/** A slip of the pen in the year would bar every change until then. */
export function refuseFarAhead(validFrom: string, today: string): void {
  const latest = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`
  if (validFrom > latest) {
    throw new RuleBroken([{ field: 'validFrom', text: `生效日期最多提前一年登记（到 ${latest}），请核对年份。` }])
  }
}

/** Two units of one name in one place could not be told apart when a name is typed. */
export async function refuseTwin(
  tx: Tx,
  unit: { name: string; divisionCode: string; validFrom: string },
  selfId: string | null = null,
): Promise<void> {
  const [twin] = await tx.execute<{ code: string }>(sql`
    select u.code from units u join unit_periods p on p.unit_id = u.id
    where p.name = ${unit.name} and p.division_code = ${unit.divisionCode} and u.id is distinct from ${selfId}::bigint
      and u.state <> 'closed' and (p.valid_to is null or p.valid_to > ${unit.validFrom})
    order by u.code limit 1`)
  if (twin) {
    const text = `这里已有同名的单位（${twin.code}），请换一个能区分的名称。`
    throw new RuleBroken([{ field: 'name', text }])
  }
}

const parts = { parent: '隶属单位', entity: '核算单位' } as const

/**
 * A unit that manages another, or keeps its books, is there on that day and is not coming to its end; it stays so until
 * the transaction ends.
 */
export async function refuseUnfit(tx: Tx, unitId: string, field: keyof typeof parts, day: string): Promise<void> {
  const [found] = await tx.execute<{ name: string; first: string; state: string; dissolved: string | null }>(sql`
    select u.state, u.dissolved_on::text as dissolved,
      (select min(p.valid_from)::text from unit_periods p where p.unit_id = u.id) as first,
      (select p.name from unit_periods p where p.unit_id = u.id order by p.valid_from desc limit 1) as name
    from units u where u.id = ${unitId} for key share of u`)
  if (!found) throw new RuleBroken([{ field, text: `请从列表中选择${parts[field]}。` }])
  const { name, first, state, dissolved } = found
  if (state !== 'active') {
    throw new RuleBroken([{ field, text: `${name}已于 ${dissolved} 撤销，不能作${parts[field]}，请另选。` }])
  }
  if (first > day) {
    const text = `${name}自 ${first} 才设立，请把生效日期改为这一天或更晚，或另选${parts[field]}。`
    throw new RuleBroken([{ field, text }])
  }
}

/** Walks up from the new parent along every row still in force on that day or later. */
export async function refuseCircle(tx: Tx, unitId: string, parentId: string, day: string): Promise<void> {
  const above = await tx.execute<{ id: string }>(sql`
    with recursive above as (
      select ${parentId}::bigint as id
      union
      select p.parent_id from above a join unit_periods p on p.unit_id = a.id
      where p.parent_id is not null and (p.valid_to is null or p.valid_to > ${day})
    )
    select id from above where id = ${unitId}`)
  if (above.length > 0) {
    const text = '不能隶属于自己或自己管理的单位，请另选隶属单位。'
    throw new RuleBroken([{ field: 'parent', text }])
  }
}
