import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Actor } from '../kernel/actor.ts'
import { openCursor } from '../kernel/cursor.ts'
import { keyset, type Order, type Place, paged, pageSize } from '../kernel/paging.ts'
import { type ChangeKind, changeKinds, moved, type Span } from './changes.ts'
import { cardSheetColumns } from './sheet-rows.ts'

/** A card that changed between two days: its two states as sheets print them, and the event that made the later one. */
export type ChangeRow = {
  card_id: string
  code: string
  /** As outside systems call it, as far as the states of this part tell. */
  external_code: string | null
  name: string
  kind: ChangeKind
  /** First day the closing state held, or the card was gone; and the day that was recorded. */
  effective: string
  recorded: string
  late: 'late' | null
  /** Recorded after the closing day. */
  later: 'later' | null
  steps: string
  old_cost: string | null
  new_cost: string | null
  old_net: string | null
  new_net: string | null
  cost: string
  net_value: string
  old_owner: string | null
  new_owner: string | null
  old_track: string | null
  new_track: string | null
  /** JSON of the state of either day, where there are both: fields by key as texts, and details, extra and parts. */
  old: string | null
  new: string | null
  action: string | null
  comment: string | null
  document_no: string | null
  document_path: string | null
}

const order: Order = { by: sql`m.effective`, type: 'date', id: sql`m.card_id`, descending: true }

/** One page of what changed, the latest first. */
export async function listChanges(
  tx: Tx,
  actor: Actor,
  span: Span,
  place: Place & { kind?: ChangeKind | '' | undefined },
) {
  const { where, orderBy } = keyset(order, place)
  const kind = place.kind ? sql`m.kind = ${place.kind}` : sql`true`
  const picked = sql`where ${kind} and ${where ?? sql`true`} order by ${orderBy} limit ${pageSize + 1}`
  const rows = await tx.execute<ChangeRow>(sql`${told(actor, span, picked)} order by ${orderBy}`)
  return paged([...rows], place, (row) => ({ value: row.effective, id: row.card_id }))
}

/** Every change, as it is read to be written out, in the order of kinds and codes. */
export async function openChanges(tx: Tx, actor: Actor, span: Span): Promise<AsyncIterable<ChangeRow>> {
  const kinds = `{${Object.keys(changeKinds).join(',')}}`
  // Sorted before the states are looked up: each portion then costs its own look-ups and no more.
  const picked = sql`order by array_position(${kinds}::text[], m.kind), k.code`
  return openCursor(tx, 'change_rows', told(actor, span, picked), (row: ChangeRow) => row)
}

/** The rows of `moved` that were picked, with both states of what was compared and the event behind the change. */
function told(actor: Actor, span: Span, picked: SQL): SQL {
  // A condition of an outer row does not reach through the view's union, so a state is looked up in its two tables.
  const compared = sql`m.old_version is not null and m.new_version is not null`
  const columns = sql`${cardSheetColumns}, c.details, c.extra, c.parts`
  const state = (version: SQL) => sql`
    select to_jsonb(s)::text as told from (
      select ${columns} from (
        select m.code, v.* from card_versions v where ${compared} and v.card_id = m.card_id and v.version = ${version}) c
      union all
      select ${columns} from cards c where ${compared} and c.id = m.card_id and c.version = ${version}
    ) s`
  return sql`
    select m.card_id::text as card_id, m.code, m.external_code, m.name, m.kind, m.effective::text as effective,
      (m.recorded_at at time zone 'Asia/Shanghai')::date::text as recorded,
      case when (m.recorded_at at time zone 'Asia/Shanghai')::date > m.effective then 'late' end as late,
      case when m.recorded_at >= ${`${span.to}T16:00:00Z`}::timestamptz then 'later' end as later,
      (coalesce(m.new_version, m.old_version + 1) - coalesce(m.old_version, 0))::text as steps,
      m.old_cost::text as old_cost, m.new_cost::text as new_cost, m.old_net::text as old_net, m.new_net::text as new_net,
      m.cost::text as cost, m.net_value::text as net_value,
      m.old_owner::text as old_owner, m.new_owner::text as new_owner, m.old_track, m.new_track,
      old.told as old, new.told as new, e.action, e.comment,
      e.detail -> 'document' ->> 'no' as document_no, e.detail -> 'document' ->> 'path' as document_path
    from (select m.*, k.code from ${moved(actor, span)} join cards k on k.id = m.card_id ${picked}) m
    left join lateral (${state(sql`m.old_version`)}) old on true
    left join lateral (${state(sql`m.new_version`)}) new on true
    left join lateral (
      select e.action, e.comment, e.detail from events e
      where e.card_id = m.card_id and e.id = coalesce(
        m.gone_by,
        (select v.event_id from card_versions v where v.card_id = m.card_id and v.version = m.new_version - 1),
        (select f.id from events f where f.card_id = m.card_id order by f.at, f.id limit 1))
    ) e on true`
}
