import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { list, names, namesOf } from '../../../db/sql.ts'
import { keyArray } from '../../access/scope.ts'
import { inForce, typeOrder, unitsNear } from '../../assets/as-of.ts'
import { type Acting, eventColumns } from '../../kernel/events.ts'
import { documentNumbers } from '../../kernel/numbers.ts'
import { setDeadline } from '../../records/deadlines.ts'
import { openClaimLines } from '../claims/opening.ts'
import type { Call } from './workflow.ts'

type Opening = Pick<Call, 'id' | 'track' | 'baseOn' | 'dueOn' | 'compileOn' | 'issuerId'> & {
  kind: string
  no: string
  path: string
}

/**
 * Gives each called unit its count with the book side as of the base day, in a handful of statements however many cards
 * there are; returns the keys of everybody concerned.
 */
export async function openCounts(tx: Tx, acting: Acting, call: Opening, unitIds: readonly string[]): Promise<string[]> {
  const { clock } = acting
  const now = sql`${clock.now().toISOString()}::timestamptz`
  const first = await documentNumbers(tx, 'PD', clock.today(), unitIds.length)
  // A stationed unit is looked after by its department too.
  await tx.execute(sql`
    insert into counts (no, call_id, unit_id, track, unit_code, unit_name, unit_kind, division_code, parent_id, party_keys,
      created_at, updated_at)
    select ${first.prefix}::text || lpad((${first.serial}::bigint - 1 + row_number() over (order by n.code))::text, 4, '0'),
      ${call.id}, n.unit_id, ${call.track}, n.code, n.name, n.kind, n.division_code, n.parent_id,
      array_remove(array[${keyOf(call.track, sql`n.unit_id`)}, ${keyOf(call.track, sql`${call.issuerId}::bigint`)},
        case when n.kind = 'stationed' then ${keyOf(call.track, sql`n.parent_id`)} end], null), ${now}, ${now}
    from (${unitsNear(call.baseOn)}) n where n.unit_id = any(${keyArray(unitIds)}) order by n.code`)
  await tx.execute(freeze(call, unitIds))
  await openClaimLines(tx, opened(call, unitIds))
  await tell(tx, acting, call, unitIds)
  const due = { label: '提交清查结果', basis: '清查通知', role: 'keeper' }
  await tx.execute(sql`
    insert into deadlines (count_id, key, label, due_on, basis, role, party_keys, created_at)
    select t.id, 'submit', ${due.label}, ${call.dueOn}::date, ${due.basis}, ${due.role}, array[t.scope_key], ${now}
    from counts t where ${opened(call, unitIds)}`)
  const [keys] = await tx.execute<{ keys: string[]; fresh: boolean }>(sql`
    select array(select distinct k from counts t, unnest(t.party_keys) k where t.call_id = ${call.id})::text[] as keys,
      not exists (select from deadlines d where d.call_id = ${call.id}) as fresh`)
  const partyKeys = keys?.keys ?? []
  if (keys?.fresh) {
    const clockOf = { key: 'compile', label: '汇总上报清查结果', basis: '清查通知', role: 'lead', partyKeys } as const
    await setDeadline(tx, acting, { kind: 'call', id: call.id }, { ...clockOf, dueOn: call.compileOn })
  }
  return partyKeys
}

/** Ends what is still being counted, because the call is given up. */
export async function cancelCounts(tx: Tx, acting: Acting, callId: string): Promise<void> {
  const events = eventColumns(acting, { action: 'count.cancel', fromState: 'counting', toState: 'cancelled' })
  const counting = sql`from counts t where t.call_id = ${callId} and t.state = 'counting'`
  await tx.execute(sql`
    insert into events (${names([...Object.keys(events), 'count_id', 'detail'])})
    select ${list([...Object.values(events), sql`t.id`, sql`'{}'::jsonb`])} ${counting}`)
  await tx.execute(sql`
    update deadlines set cancelled_on = ${acting.clock.today()} where met_on is null and cancelled_on is null
      and count_id in (select t.id ${counting})`)
  await tx.execute(sql`
    update counts set state = 'cancelled', version = version + 1, updated_at = ${acting.clock.now().toISOString()}::timestamptz
    where call_id = ${callId} and state = 'counting'`)
}

const bookColumns = [
  'code',
  'name',
  'card_type',
  'nature',
  'class_code',
  'original_code',
  'specification',
  'structure',
  'unit_of_measure',
  'acquired_on',
  'acquired_precision',
  'division_code',
  'location',
  'source',
  'usage',
  'keeper',
  'certificate',
  'land_area',
  'floor_area',
]

/** The book side: what took effect by the base day. A card that has been voided since stands for nothing. */
function freeze(call: Opening, unitIds: readonly string[]): SQL {
  const book = names(bookColumns)
  const state = namesOf(sql`c`, bookColumns)
  return sql`
    insert into count_lines (count_id, no, origin, card_id, card_version, ${book},
      book_quantity, book_cost, book_depreciation, book_net_value)
    select t.id, row_number() over (partition by t.id order by ${typeOrder(sql`c.card_type`)}, c.code), 'booked', c.card_id,
      p.version, ${state}, coalesce(c.quantity, 1), c.cost, c.depreciation, c.net_value
    from counts t
    join card_history c on c.owner_key = t.scope_key and ${inForce(call.baseOn)} and not c.voided
      and c.usage is distinct from 'disposed'
    join cards p on p.id = c.card_id and not p.voided
    where ${opened(call, unitIds)}`
}

async function tell(tx: Tx, acting: Acting, call: Opening, unitIds: readonly string[]): Promise<void> {
  const events = eventColumns(acting, { action: 'count.open', toState: 'counting', effectiveOn: call.baseOn })
  const { kind, no, path } = call
  const detail = JSON.stringify({ document: { kind, no, path } })
  await tx.execute(sql`
    insert into events (${names([...Object.keys(events), 'count_id', 'detail'])})
    select ${list([...Object.values(events), sql`t.id`, sql`${detail}::jsonb`])} from counts t
    where ${opened(call, unitIds)}`)
}

function opened({ id }: Pick<Opening, 'id'>, unitIds: readonly string[]): SQL {
  return sql`t.call_id = ${id} and t.unit_id = any(${keyArray(unitIds)})`
}

function keyOf(track: string, unitId: SQL): SQL {
  return sql`(${unitId} * 2 + ${track === 'collective' ? 1 : 0})`
}
