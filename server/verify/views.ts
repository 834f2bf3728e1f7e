import { sql } from 'drizzle-orm'
import { mostViews } from '../views/views.ts'
import type { Invariant } from './invariant.ts'

export const viewInvariants: readonly Invariant[] = [
  {
    name: `每人每个列表的常用视图不超过 ${mostViews} 个`,
    broken: () => sql`
      select p.account || '：' || v.list || ' 有 ' || count(*) || ' 个' as what
      from saved_views v join people p on p.id = v.person_id
      group by p.account, v.list having count(*) > ${mostViews}`,
  },
  {
    name: '常用视图都属于现有的人员，只存本系统的条件',
    broken: () => sql`
      select v.name || '：' || v.list as what from saved_views v left join people p on p.id = v.person_id
      where p.id is null or v.list !~ '^/[a-z]' or v.query ~ '(^|&)(after|before)=' or v.version < 1`,
  },
]
