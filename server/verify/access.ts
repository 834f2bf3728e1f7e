import { sql } from 'drizzle-orm'
import { administratorRoles } from '../kernel/actor.ts'
import type { Invariant } from './invariant.ts'

const administrators = sql.join(
  administratorRoles.map((role) => sql`${role}`),
  sql`, `,
)

export const accessInvariants: readonly Invariant[] = [
  {
    name: '每个单位有名称和所在地的记录',
    broken: () => sql`
      select u.code as what from units u where not exists (select from unit_periods p where p.unit_id = u.id)`,
  },
  {
    name: '单位各时期不重叠',
    broken: () => sql`
      select u.code || '：' || p.valid_from || '、' || o.valid_from as what
      from unit_periods p join unit_periods o on o.unit_id = p.unit_id and o.id > p.id
        and daterange(o.valid_from, o.valid_to) && daterange(p.valid_from, p.valid_to)
      join units u on u.id = p.unit_id`,
  },
  {
    name: '岗位的人员和单位都存在',
    broken: () => sql`
      select '岗位 ' || m.id || '：' || m.role as what
      from memberships m left join people p on p.id = m.person_id left join units u on u.id = m.unit_id
      where p.id is null or u.id is null`,
  },
  {
    name: '三员互不兼任，也不兼业务岗位',
    broken: () => sql`
      select distinct p.account || '：' || m.role || '、' || o.role as what
      from memberships m join memberships o on o.person_id = m.person_id and o.role <> m.role
        and (o.role not in (${administrators}) or o.role > m.role)
        and daterange(o.valid_from, o.valid_to, '[]') && daterange(m.valid_from, m.valid_to, '[]')
      join people p on p.id = m.person_id
      where m.role in (${administrators})`,
  },
  {
    name: '每个登录属于一个现有账号',
    broken: () => sql`
      select '登录于 ' || s.created_at as what from sessions s left join people p on p.id = s.person_id where p.id is null`,
  },
  {
    name: '已停用的账号没有登录',
    broken: () => sql`
      select distinct p.account as what from sessions s join people p on p.id = s.person_id
      where p.disabled_at is not null and s.last_seen_at > p.disabled_at`,
  },
  {
    name: '每件事件有一个存在的对象',
    broken: () => sql`
      select '事件 ' || e.id || '：' || e.action as what from events e
      left join cards c on c.id = e.card_id left join determinations d on d.id = e.determination_id
      left join units u on u.id = e.unit_id left join people p on p.id = e.person_id
      left join import_batches b on b.id = e.batch_id left join restrictions r on r.id = e.restriction_id
      left join decisions o on o.id = e.decision_id left join calls q on q.id = e.call_id
      left join counts t on t.id = e.count_id left join compilations m on m.id = e.compilation_id
      left join public_notices n on n.id = e.notice_id left join resolutions j on j.id = e.resolution_id
      left join claims k on k.id = e.claim_id
      where num_nonnulls(c.id, d.id, u.id, p.id, b.id, r.id, o.id, q.id, t.id, m.id, n.id, j.id, k.id, e.topic) <> 1`,
  },
]
