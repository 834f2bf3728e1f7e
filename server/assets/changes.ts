import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Actor } from '../kernel/actor.ts'
import { inPart, type Part, recordedAfter, statesOn } from './as-of.ts'

/** Two days and the part of the register that is compared between their ends. */
export type Span = Part & { from: string; to: string }

/** What the two days tell of a card, in the order of the page and of the sheet. */
export const changeKinds = {
  new: '新增',
  restored: '恢复',
  came: '划入',
  voided: '作废',
  merged: '合并',
  left: '划出',
  values: '数值变动',
  other: '其他变动',
} as const
export type ChangeKind = keyof typeof changeKinds
export const additions: readonly ChangeKind[] = ['new', 'restored', 'came']
export const departures: readonly ChangeKind[] = ['voided', 'merged', 'left']

/** What adds up between two days: opening + changes = closing. */
export const measures = ['cost', 'depreciation', 'netValue', 'landArea', 'floorArea'] as const
export type Amounts = Record<(typeof measures)[number], string | null>
export type Standing = Amounts & { count: string; laterCount: string; laterCost: string | null }
export type KindSums = {
  kind: ChangeKind
  count: string
  /** Recorded only after the closing day. */
  laterCount: string
  /** What went up and what went down, both as positive figures; an unknown counts as nothing. */
  up: Record<(typeof measures)[number], string>
  down: Record<(typeof measures)[number], string>
}

/** The cards of one end of the span, as the register of that day adds them up. */
export async function standingOn(tx: Tx, actor: Actor, part: Part, day: string): Promise<Standing> {
  const [row] = await tx.execute<Standing>(sql`
    select count(*)::text as count, sum(c.cost)::text as cost, sum(c.depreciation)::text as depreciation,
      sum(c.net_value)::text as "netValue", sum(c.land_area)::text as "landArea", sum(c.floor_area)::text as "floorArea",
      count(*) filter (where ${recordedAfter(day)})::text as "laterCount",
      (sum(c.cost) filter (where ${recordedAfter(day)}))::text as "laterCost"
    from ${statesOn(actor, { ...part, day })}`)
  if (!row) throw new Error('a sum without a row')
  return row
}

/** What happened between the ends of two days, by kind. */
export async function sumChanges(tx: Tx, actor: Actor, span: Span): Promise<KindSums[]> {
  const sums = (of: (delta: SQL) => SQL) =>
    sql`jsonb_build_object('cost', sum(${of(sql`m.cost`)})::text, 'depreciation', sum(${of(sql`m.depreciation`)})::text,
      'netValue', sum(${of(sql`m.net_value`)})::text, 'landArea', sum(${of(sql`m.land_area`)})::text,
      'floorArea', sum(${of(sql`m.floor_area`)})::text)`
  return tx.execute<KindSums>(sql`
    select m.kind, count(*)::text as count,
      count(*) filter (where m.recorded_at >= ${`${span.to}T16:00:00Z`}::timestamptz)::text as "laterCount",
      ${sums((delta) => sql`greatest(${delta}, 0)`)} as up, ${sums((delta) => sql`greatest(-${delta}, 0)`)} as down
    from ${moved(actor, span)} group by m.kind`)
}

/**
 * One row under the alias m per card of which the two days know different states, with what that changed in the sums.
 * Only states that began or ended between the days are joined, so that a quiet month costs little however many cards
 * there are. A card on both sides is compared; one that is on one side only came or went, and its state of the other
 * day, which may be another unit's, says why.
 */
export function moved(actor: Actor, span: Span): SQL {
  const { from, to } = span
  const states = (when: SQL) => sql`
    select c.card_id, c.version, c.name, c.external_code, c.valid_from, c.recorded_at, c.owner_unit_id, c.track, c.cost,
      c.depreciation, c.net_value, c.land_area, c.floor_area
    from card_history c where ${when} and ${inPart(actor, span)}`
  const ended = sql`c.valid_from <= ${from} and c.valid_to > ${from} and c.valid_to <= ${to}`
  const begun = sql`c.valid_from > ${from} and c.valid_from <= ${to} and (c.valid_to is null or c.valid_to > ${to})`
  // A condition of an outer row does not reach through the view's union, so single states are looked up in its two tables.
  const alone = sql`(b.card_id is null or (a.card_id is null and b.version > 1))`
  const other = sql`(case when b.card_id is null then ${to}::date else ${from}::date end)`
  return sql`(
    select coalesce(b.card_id, a.card_id) as card_id, coalesce(b.name, a.name) as name,
      coalesce(b.external_code, a.external_code) as external_code,
      a.version as old_version, b.version as new_version,
      coalesce(b.valid_from, g.valid_to) as effective, coalesce(b.recorded_at, g.superseded_at) as recorded_at,
      g.event_id as gone_by, a.cost as old_cost, b.cost as new_cost, a.net_value as old_net, b.net_value as new_net,
      coalesce(a.owner_unit_id, o.owner_unit_id) as old_owner, coalesce(b.owner_unit_id, o.owner_unit_id) as new_owner,
      coalesce(a.track, o.track) as old_track, coalesce(b.track, o.track) as new_track,
      case
        when a.card_id is null then case when o.card_id is null then 'new' when o.voided then 'restored' else 'came' end
        when b.card_id is null then case when not o.voided then 'left'
          when (select e.action from events e where e.id = g.event_id) = 'card.merged-away' then 'merged' else 'voided' end
        when (a.cost, a.depreciation, a.net_value, a.land_area, a.floor_area)
          is distinct from (b.cost, b.depreciation, b.net_value, b.land_area, b.floor_area) then 'values'
        else 'other'
      end as kind,
      coalesce(b.cost, 0) - coalesce(a.cost, 0) as cost,
      coalesce(b.depreciation, 0) - coalesce(a.depreciation, 0) as depreciation,
      coalesce(b.net_value, 0) - coalesce(a.net_value, 0) as net_value,
      coalesce(b.land_area, 0) - coalesce(a.land_area, 0) as land_area,
      coalesce(b.floor_area, 0) - coalesce(a.floor_area, 0) as floor_area
    from (${states(ended)}) a full join (${states(begun)}) b on b.card_id = a.card_id
    left join lateral (
      select c.card_id, c.voided, c.owner_unit_id, c.track from card_versions c
      where ${alone} and c.card_id = coalesce(a.card_id, b.card_id) and c.valid_from <= ${other} and c.valid_to > ${other}
      union all
      select c.id, c.voided, c.owner_unit_id, c.track from cards c
      where ${alone} and c.id = coalesce(a.card_id, b.card_id) and c.valid_from <= ${other}
    ) o on true
    left join lateral (
      select c.valid_to, c.superseded_at, c.event_id from card_versions c
      where b.card_id is null and c.card_id = a.card_id and c.version >= a.version and c.valid_to <= ${to}
        and ${inPart(actor, span)}
      order by c.version desc limit 1
    ) g on true
  ) m`
}
