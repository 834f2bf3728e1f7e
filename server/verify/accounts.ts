import { sql } from 'drizzle-orm'
import { openedByOperator } from '../access/people-rules.ts'
import { administratorRoles } from '../kernel/actor.ts'
import { type SettingDefinition, settingDefinitions } from '../settings/definitions.ts'
import type { Invariant } from './invariant.ts'

const definitions: readonly SettingDefinition[] = settingDefinitions
const listed = (words: readonly string[]) =>
  sql.join(
    words.map((word) => sql`${word}`),
    sql`, `,
  )
const administrators = listed(administratorRoles)

export const accountInvariants: readonly Invariant[] = [
  {
    // A county that begins may lack one; once all three are there, none of them is left without an heir.
    name: '三员各有长期任职的人',
    broken: () => sql`
      select '没有在任的 ' || r.role as what
      from (select distinct role from memberships where role in (${administrators})) r
      where (select count(distinct role) from memberships where role in (${administrators})) = 3
        and not exists (
          select from memberships m join people p on p.id = m.person_id
          where m.role = r.role and m.valid_to is null and p.disabled_at is null)`,
  },
  {
    name: '岗位不由本人或建立账号的人授予',
    broken: () => sql`
      select p.account || '：' || m.role || '，授予人 ' || g.account as what
      from memberships m join people p on p.id = m.person_id join people g on g.id = m.granted_by
      where m.granted_by = m.person_id or exists (
        select from events e where e.person_id = m.person_id and e.action = 'person.add' and e.actor_id = m.granted_by)`,
  },
  {
    name: '每个账号至多一个开通码有效，停用的没有',
    broken: () => sql`
      select p.account || '：' || t.created_at as what
      from account_tokens t join people p on p.id = t.person_id
      where t.used_at is null and (
        t.expires_at > p.disabled_at
        or exists (
          select from account_tokens n
          where n.person_id = t.person_id and n.created_at > t.created_at and t.expires_at > n.created_at))`,
  },
  {
    name: '等待开通的账号没有密码',
    broken: () => sql`
      select p.account as what
      from people p join lateral (
        select used_at from account_tokens t where t.person_id = p.id order by created_at desc, expires_at desc limit 1
      ) t on true
      where t.used_at is null and p.password_hash is not null`,
  },
  {
    name: '开通码在有效期内用，且属于一个现有账号',
    broken: () => sql`
      select coalesce(p.account, '账号 ' || t.person_id) || '：' || t.created_at as what
      from account_tokens t left join people p on p.id = t.person_id
      where p.id is null or t.used_at > t.expires_at or t.used_at < t.created_at`,
  },
  {
    name: '安全、审计管理员的开通码只由运维人员生成',
    broken: () => sql`
      select p.account || '：' || t.created_at as what
      from account_tokens t join people p on p.id = t.person_id
      where t.created_by is not null and exists (
        select from memberships m
        where m.person_id = p.id and m.role in (${listed(openedByOperator)}) and m.created_at <= t.created_at
          and (m.valid_to is null or m.valid_to >= (t.created_at at time zone 'Asia/Shanghai')::date))`,
  },
  {
    name: '策略和参数在规定的范围内',
    broken: () => sql`
      select key || '：' || value as what from settings
      where key not in (${listed(definitions.map(({ key }) => key))})
        or ${sql.join(definitions.map(outOfBounds), sql` or `)}`,
  },
]

function outOfBounds({ key, value, byTrack }: SettingDefinition) {
  const wrong =
    value.type === 'integer'
      ? sql`case when value ~ '^[0-9]{1,9}$' then value::bigint not between ${value.min} and ${value.max} else true end`
      : sql`value not in (${listed(value.choices.map((choice) => choice.value))})`
  return sql`(key = ${key} and (${wrong} or (track <> 'both') <> ${byTrack}))`
}
