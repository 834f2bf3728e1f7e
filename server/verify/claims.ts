import { sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

export const claimInvariants: readonly Invariant[] = [
  {
    name: '债权债务的金额等于最后一次记录的金额',
    broken: () => sql`
      select k.no || '：' || k.amount || ' ≠ ' || coalesce(s.amount, '无') as what
      from claims k left join lateral (
        select e.detail -> 'changes' -> 'amount' ->> 'new' as amount from events e
        where e.claim_id = k.id and e.detail -> 'changes' ? 'amount' and e.action <> 'claim.end'
        order by e.id desc limit 1) s on true
      where s.amount is null or s.amount::numeric <> k.amount`,
  },
  {
    name: '已了结的债权债务有了结的记录',
    broken: () => sql`
      select k.no as what from claims k left join lateral (
        select e.action from events e where e.claim_id = k.id and e.action in ('claim.end', 'claim.reopen')
        order by e.id desc limit 1) s on true
      where (k.ended_on is not null) is distinct from (coalesce(s.action, '') = 'claim.end')`,
  },
  {
    name: '债权债务只登记在集体经济组织名下',
    broken: () => sql`
      select k.no as what from claims k join units u on u.id = k.unit_id where u.regime <> 'collective'`,
  },
  {
    name: '科目类别与债权、债务相符',
    broken: () => sql`
      select k.no || '：' || k.category as what from claims k
      where (k.kind = 'claim') is distinct from (k.category in ('receivable', 'other_claim'))`,
  },
  {
    name: '已提交的清查没有漏核的债权债务',
    broken: () => sql`
      select t.no || ' 第 ' || l.no || ' 笔' as what from counts t join claim_lines l on l.count_id = t.id
      where t.state not in ('counting', 'cancelled') and l.counted_amount is null`,
  },
  {
    name: '已备案的债权债务差额都记入了台账',
    broken: () => sql`
      select t.no || ' 第 ' || l.no || ' 笔' as what from counts t join claim_lines l on l.count_id = t.id
      where t.state = 'filed' and l.counted_amount <> l.book_amount and not exists (
        select from events e where e.claim_id = l.claim_id and e.action in ('claim.count', 'claim.end', 'claim.found')
          and e.detail -> 'document' ->> 'no' = t.no)`,
  },
]
