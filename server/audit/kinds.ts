import { type SQL, sql } from 'drizzle-orm'

/** Actions that tell of somebody being kept out. */
export const failures = ['person.sign-in-failed', 'person.locked'] as const

const signIns = ['person.sign-in', 'person.sign-out', 'person.activate', 'person.unlock', ...failures]
const among = (actions: readonly string[]) =>
  sql`(${sql.join(
    actions.map((action) => sql`${action}`),
    sql`, `,
  )})`

export const isFailure: SQL = sql`e.action in ${among(failures)}`

/** Kinds of action to narrow the log to; together they cover every event, also those of verbs that come later. */
export const kinds: readonly { value: string; label: string; where: SQL }[] = [
  { value: 'sign-in', label: '登录和锁定', where: sql`e.person_id is not null and e.action in ${among(signIns)}` },
  {
    value: 'account',
    label: '账号和岗位',
    where: sql`e.person_id is not null and e.action not in ${among(signIns)}`,
  },
  { value: 'policy', label: '策略', where: sql`e.topic = 'policy'` },
  { value: 'settings', label: '参数', where: sql`e.topic in ('settings', 'calendar')` },
  { value: 'export', label: '导出', where: sql`e.topic in ('export', 'audit')` },
  { value: 'unit', label: '单位', where: sql`e.unit_id is not null` },
  { value: 'card', label: '资产卡片', where: sql`e.card_id is not null` },
  { value: 'import', label: '导入', where: sql`e.batch_id is not null or e.topic = 'import mappings'` },
  { value: 'determination', label: '权属界定', where: sql`e.determination_id is not null` },
  { value: 'restriction', label: '限制登记', where: sql`e.restriction_id is not null` },
  { value: 'decision', label: '代录决定', where: sql`e.decision_id is not null` },
]

/** What an event is about, as a word. */
export const subjectKind: SQL<string> = sql`case
  when e.card_id is not null then '资产卡片' when e.determination_id is not null then '权属界定'
  when e.unit_id is not null then '单位' when e.person_id is not null then '账号'
  when e.batch_id is not null then '导入' when e.restriction_id is not null then '限制登记'
  when e.decision_id is not null then '代录决定' when e.topic = 'policy' then '策略' when e.topic = 'settings' then '参数'
  when e.topic = 'calendar' then '节假日' when e.topic = 'audit' then '审计记录' when e.topic = 'export' then '导出'
  when e.topic = 'import mappings' then '栏目对应'
  else e.topic end`

/** What an event is about, by number or code and name; nobody follows it from here to a business page. */
export const subjectText: SQL<string> = sql`coalesce(
  (select c.code || ' ' || c.name from cards c where c.id = e.card_id),
  (select d.no from determinations d where d.id = e.determination_id),
  (select n.name || ' ' || u.code from units u join unit_periods n on n.unit_id = u.id where u.id = e.unit_id
    order by n.valid_from > (e.at at time zone 'Asia/Shanghai')::date, n.valid_from desc limit 1),
  (select p.name || '（' || p.account || '）' from people p where p.id = e.person_id),
  (select b.no || ' ' || b.file_name from import_batches b where b.id = e.batch_id),
  (select r.no from restrictions r where r.id = e.restriction_id),
  (select o.no || ' ' || o.document_no from decisions o where o.id = e.decision_id),
  '')`

/** Events whose subject's number, code or name contains the pattern. */
export function aboutSubject(pattern: string): SQL {
  return sql`(
    e.card_id in (select id from cards where code like ${pattern} or name like ${pattern})
    or e.determination_id in (select id from determinations where no like ${pattern})
    or e.unit_id in (
      select u.id from units u join unit_periods n on n.unit_id = u.id where u.code like ${pattern} or n.name like ${pattern})
    or e.person_id in (select id from people where name like ${pattern} or account like ${pattern.toLowerCase()})
    or e.batch_id in (select id from import_batches where no like ${pattern} or file_name like ${pattern})
    or e.restriction_id in (select id from restrictions where no like ${pattern})
    or e.decision_id in (select id from decisions where no like ${pattern} or document_no like ${pattern})
    or e.detail ->> 'setting' like ${pattern})`
}
