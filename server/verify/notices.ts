import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { resolutions } from '../../db/schema/notices.ts'
import { ruleOn, shortcomings, type VotingBody } from '../records/quorum-rules.ts'
import type { Invariant } from './invariant.ts'

export const noticeInvariants: readonly Invariant[] = [
  {
    name: '已办结的公示都已期满，异议都已答复',
    broken: ({ today }) => sql`
      select n.no || '：' || n.ends_on || '，未答复 ' || count(o.id) as what
      from public_notices n left join objections o on o.notice_id = n.id and o.answered_at is null
      where n.state = 'ended' group by n.id having n.ends_on >= ${today}::date or count(o.id) > 0`,
  },
  {
    name: '公示的各行都属于现有的公示，序号连续',
    broken: () => sql`
      select coalesce(n.no, '没有公示') || '：' || count(*) || ' 行，最大序号 ' || max(r.no) as what
      from public_notice_rows r left join public_notices n on n.id = r.notice_id
      group by r.notice_id, n.no having n.no is null or count(*) <> max(r.no) or min(r.no) <> 1`,
  },
  {
    name: '公示中的公示各有一个时限在走',
    broken: () => sql`
      select n.no || '：' || count(t.id) || ' 个' as what
      from public_notices n left join deadlines t on t.notice_id = n.id and t.met_on is null and t.cancelled_on is null
      group by n.id having count(t.id) <> case n.state when 'posted' then 1 else 0 end`,
  },
]

export const judgedName = '决议是否通过与当日的人数规则相符'

/** Resolutions whose numbers make something else of them than what is kept. */
export async function judgedBroken(tx: Tx): Promise<string[]> {
  const rows = await tx.select().from(resolutions)
  return rows.flatMap((row) => {
    const rule = ruleOn(row.bodyKind as VotingBody, row.heldOn)
    const passed = rule ? shortcomings(rule, row, row).length === 0 : row.inFavour * 2 > row.present
    const kept = `${row.passed ? '通过' : '未通过'}，${row.rule}`
    return passed === row.passed && row.rule === (rule?.key ?? 'none') ? [] : [`${row.no}：${kept}`]
  })
}
