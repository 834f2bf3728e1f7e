import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import { cardSums, ownerSums } from '../../db/schema/sums.ts'
import { list, names } from '../../db/sql.ts'
import type { Invariant } from './invariant.ts'

/** What one card adds to a sum. */
function partOf(sum: string): SQL {
  if (sum === 'count') return sql`1`
  const value = names([sum.replace(/_known$/, '')])
  return sum.endsWith('_known') ? sql`(${value} is not null)::integer` : sql`coalesce(${value}, 0)`
}

/** Groups whose sums are not those of their cards, each told by `what`. */
function differing(table: typeof cardSums | typeof ownerSums, what: SQL): SQL {
  const columns = Object.values(getTableColumns(table)).map(({ name }) => name)
  const sums = columns.filter(
    (name) => name === 'count' || name.endsWith('_known') || columns.includes(`${name}_known`),
  )
  const groups = columns.filter((name) => name !== 'id' && name !== 'newest' && !sums.includes(name))
  return sql`
    select coalesce(u.code, '？') || ${what} as what
    from (
      select ${names([...groups, ...sums])} from ${table}
      union all
      select ${names(groups)}, ${list(sums.map((sum) => sql`-${partOf(sum)}`))} from cards where not voided
    ) s left join units u on u.id = s.owner_unit_id
    group by u.code, ${names(groups)}
    having ${sql.join(
      sums.map((sum) => sql`sum(${names([sum])}) <> 0`),
      sql` or `,
    )}`
}

/** Cards entered later than their scope key's sums know of. */
function later(table: typeof cardSums | typeof ownerSums): SQL {
  return sql`
    select c.code as what from cards c left join (
      select owner_key, max(newest) as newest from ${table} group by owner_key) s on s.owner_key = c.owner_key
    where not c.voided and (s.newest is null or s.newest < c.created_at)`
}

export const sumInvariants: readonly Invariant[] = [
  {
    name: '随时更新的合计与卡片相符',
    broken: () =>
      differing(cardSums, sql`'，' || division_code || '，' || card_type || '，' || coalesce(usage, '未填使用状况')`),
  },
  {
    name: '各单位随时更新的总计与卡片相符',
    broken: () => differing(ownerSums, sql`'，' || track`),
  },
  {
    // Lists begin at the latest of these: a card entered later would be on none.
    name: '合计所记的最晚录入时间不早于卡片',
    broken: () => sql`${later(cardSums)} union ${later(ownerSums)}`,
  },
]
