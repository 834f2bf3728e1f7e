import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { keysOfUnit, type Role, type Track, trackLabels } from '../kernel/actor.ts'
import { keyArray } from './scope.ts'
import { roleText } from './units.ts'

/** What keeps a unit from being closed: how much of it, what to do, and where. Numbers only, since administrators see no cards. */
export type Blocker = { text: string; links: { text: string; href: string }[]; more: boolean }

/** The same without links. */
export function blockerSentence({ text, links, more }: Blocker): string {
  const named = links.map((link) => link.text).join('、')
  return links.length === 0 ? `${text}。` : `${text}：${named}${more ? '等' : ''}。`
}

const mostNamed = 8

/** Everything that is still with a unit. */
export async function blockersOf(tx: Tx, unitId: string, today: string): Promise<Blocker[]> {
  const found = await Promise.all([
    cardsLeft(tx, unitId, today),
    documentsLeft(tx, unitId),
    rolesLeft(tx, unitId, today),
    unitsLeft(tx, unitId, today, sql`p.parent_id`, '由本单位管理，请先改隶其他单位'),
    unitsLeft(tx, unitId, today, sql`p.entity_id`, '由本单位记账，请先变更核算单位'),
  ])
  return found.flat()
}

/** The first day on which nothing was left with a unit that is free now; null: nothing ever was. */
export async function freeSince(tx: Tx, unitId: string): Promise<string | null> {
  const [row] = await tx.execute<{ day: string | null }>(sql`
    select greatest(
      (select max(v.valid_to) from card_versions v
        where (v.owner_unit_id = ${unitId} or v.user_unit_id = ${unitId}) and not v.voided and ${living(sql`v.usage`)}),
      (select max(m.valid_to) + 1 from memberships m where m.unit_id = ${unitId}),
      (select max(p.valid_to) from unit_periods p where p.unit_id <> ${unitId}
        and (p.parent_id = ${unitId} or p.entity_id = ${unitId})),
      (select max(u.closed_on) from units u join unit_periods p on p.unit_id = u.id
        where u.id <> ${unitId} and (p.parent_id = ${unitId} or p.entity_id = ${unitId}) and p.valid_to is null)
    )::text as day`)
  return row?.day ?? null
}

/** A card that was disposed of stays where it was: it is no longer anybody's to hand over. */
function living(usage: SQL): SQL {
  return sql`${usage} is distinct from 'disposed'`
}

async function cardsLeft(tx: Tx, unitId: string, today: string): Promise<Blocker[]> {
  const rows = await tx.execute<{ track: Track; owned: number; used: number }>(sql`
    select c.track, count(*) filter (where c.owner_unit_id = ${unitId})::int as owned,
      count(*) filter (where c.owner_unit_id <> ${unitId})::int as used
    from cards c
    where (c.owner_unit_id = ${unitId} or c.user_unit_id = ${unitId}) and not c.voided and ${living(sql`c.usage`)}
    group by c.track order by c.track desc`)
  const blockers: Blocker[] = []
  for (const { track, owned, used } of rows) {
    const asked = await toAsk(tx, unitId, track, today)
    const links = asked.map(({ duty, name, account }) => ({ text: `${duty}${name}`, href: `/people/${account}` }))
    const whom = links.length > 0 ? '请联系' : '请先安排经办人'
    const label = trackLabels[track]
    const say = (text: string) => blockers.push({ text: `${text}，${whom}`, links, more: false })
    if (owned > 0) say(`名下还有 ${owned} 项${label}资产，要先移交或界定权属`)
    if (used > 0) say(`还使用着其他单位的 ${used} 项${label}资产，要先改好使用单位`)
  }
  return blockers
}

type Asked = { name: string; account: string; duty: string }

/** The keepers of the unit, and who leads the track where it lies. */
async function toAsk(tx: Tx, unitId: string, track: Track, today: string): Promise<Asked[]> {
  return tx.execute<Asked>(sql`
    select distinct h.name, h.account, case m.role when 'keeper' then '经办人' else '牵头' end as duty
    from memberships m
    join people h on h.id = m.person_id and h.disabled_at is null
    join unit_periods q on q.unit_id = m.unit_id and q.valid_from <= ${today} and (q.valid_to is null or q.valid_to > ${today})
    join unit_periods own on own.unit_id = ${unitId}
      and own.valid_from <= ${today} and (own.valid_to is null or own.valid_to > ${today})
    where m.valid_from <= ${today} and (m.valid_to is null or m.valid_to >= ${today}) and m.track in (${track}, 'both')
      and ((m.role = 'keeper' and m.unit_id = ${unitId})
        or (m.role = 'lead' and left(q.division_code, 9) = left(own.division_code, 9)))
    order by duty desc, h.account`)
}

async function documentsLeft(tx: Tx, unitId: string): Promise<Blocker[]> {
  const keys = keyArray(keysOfUnit(unitId))
  const [row] = await tx.execute<{ determinations: number; batches: number }>(sql`
    select
      (select count(*)::int from determinations d where d.state in ('draft', 'submitted', 'reviewed')
        and (d.party_keys && ${keys} or d.proposed_owner_id = ${unitId} or d.applicant_id = ${unitId})) as determinations,
      (select count(*)::int from import_batches b
        where b.unit_id = ${unitId} and b.state in ('uploaded', 'reading', 'mapping', 'checked')) as batches`)
  const { determinations = 0, batches = 0 } = row ?? {}
  return [
    ...(determinations > 0 ? [`还有 ${determinations} 份权属界定没有办完，请申请单位办完或撤回`] : []),
    ...(batches > 0 ? [`还有 ${batches} 个导入批次没有完成，请经办人导入或取消`] : []),
  ].map((text) => ({ text, links: [], more: false }))
}

async function rolesLeft(tx: Tx, unitId: string, today: string): Promise<Blocker[]> {
  const rows = await tx.execute<{ name: string; account: string; role: Role; track: Track | 'both' }>(sql`
    select h.name, h.account, m.role, m.track from memberships m join people h on h.id = m.person_id
    where m.unit_id = ${unitId} and (m.valid_to is null or m.valid_to >= ${today}) order by h.account, m.id`)
  if (rows.length === 0) return []
  const links = rows.map(({ name, account, role, track }) => ({
    text: `${name}（${roleText(role, track)}）`,
    href: `/people/${account}`,
  }))
  return [{ text: `还有 ${rows.length} 个岗位在任，请安全管理员收回`, links, more: false }]
}

async function unitsLeft(tx: Tx, unitId: string, today: string, column: SQL, what: string): Promise<Blocker[]> {
  const rows = await tx.execute<{ code: string; name: string }>(sql`
    select distinct on (u.code) u.code, p.name from units u join unit_periods p on p.unit_id = u.id
    where ${column} = ${unitId} and u.id <> ${unitId} and u.state <> 'closed' and (p.valid_to is null or p.valid_to > ${today})
    order by u.code, p.valid_from`)
  if (rows.length === 0) return []
  const links = rows.slice(0, mostNamed).map(({ code, name }) => ({ text: name, href: `/units/${code}/change` }))
  return [{ text: `还有 ${rows.length} 个单位${what}`, links, more: rows.length > mostNamed }]
}
