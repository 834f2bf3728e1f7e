import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { counts } from '../../../db/schema/inventory.ts'
import { amongParties } from '../../access/scope.ts'
import { countDuplicates } from '../../assets/duplicates.ts'
import { doneBy } from '../../kernel/act.ts'
import { scopeKey, type Track } from '../../kernel/actor.ts'
import { NotFound } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import { claimMoved } from '../claims/queries.ts'
import type { Count, Tally } from './workflow.ts'

type Beside = Pick<
  Count,
  'callNo' | 'callTitle' | 'callState' | 'baseOn' | 'baseline' | 'compilation' | 'notice' | 'resolution'
> & {
  issuerId: string
  leads: boolean
}

/** A count with how far it is, when the actor reads for one of its parties. */
export async function loadCount(tx: Tx, { actor, clock }: Acting, id: string): Promise<Count | undefined> {
  const [row] = await tx
    .select()
    .from(counts)
    .where(sql`${counts.id} = ${id} and ${amongParties(actor, counts.partyKeys)}`)
  if (!row) return undefined
  const today = clock.today()
  const [beside] = await tx.execute<Beside>(sql`
    select c.no as "callNo", c.title as "callTitle", c.state as "callState", c.base_on::text as "baseOn", c.baseline,
      c.issuer_id::text as "issuerId", ${compilation} as compilation, ${notice} as notice, ${resolution} as resolution,
      exists (select from memberships m where m.unit_id = t.unit_id and m.role = 'lead' and m.valid_from <= ${today}
        and (m.valid_to is null or m.valid_to >= ${today})) as leads
    from counts t join calls c on c.id = t.call_id where t.id = ${id}`)
  if (!beside) throw new Error(`count ${row.no} without a call`)
  const { issuerId, leads, ...around } = beside
  const track = row.track as Track
  const tally = (await talliesOf(tx, sql`t.id = ${id}`)).get(id) ?? noLines
  const done = tally.counted === tally.lines
  const asks = row.state === 'counting' && done
  return {
    ...row,
    ...around,
    track,
    // What looks alike is asked when nothing else keeps the count from being handed in: it means reading all its cards.
    tally: { ...tally, duplicates: asks ? await countDuplicates(tx, actor, { unit: row.unitCode, track }) : 0 },
    today,
    parties: partiesOf({ ...row, track, issuerId, leads }),
    doneBy: await doneBy(tx, { kind: 'count', id }),
  }
}

/** The document behind a number people see. */
export async function findCount(tx: Tx, acting: Acting, no: string): Promise<Count> {
  const id = await countId(tx, acting, no)
  const count = id === undefined ? undefined : await loadCount(tx, acting, id)
  if (!count) throw new NotFound()
  return count
}

/** The id behind a number people see; undefined outside the actor's scope. */
export async function countId(tx: Tx, { actor }: Acting, no: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: counts.id })
    .from(counts)
    .where(sql`${counts.no} = ${no} and ${amongParties(actor, counts.partyKeys)}`)
  return row?.id
}

/**
 * Who checks: the township's lead; of a stationed unit its department; of a county unit, and of an office that leads
 * itself, the county.
 */
export function partiesOf(count: {
  unitId: string
  unitKind: string
  track: Track
  parentId: string | null
  issuerId: string
  leads: boolean
}): Count['parties'] {
  const own = [scopeKey(count.unitId, count.track)]
  const stationed = count.unitKind === 'stationed'
  const countyLevel = count.unitKind === 'county_department' || count.unitKind === 'state_company'
  return {
    unit: own,
    town: stationed || countyLevel ? [] : own,
    department: stationed && count.parentId ? [scopeKey(count.parentId, count.track)] : [],
    bureau: countyLevel || count.leads ? own : [],
    county: own,
    issuer: [scopeKey(count.issuerId, count.track)],
  }
}

export const noLines: Tally = {
  lines: 0,
  counted: 0,
  returned: 0,
  moved: 0,
  surplus: 0,
  missing: 0,
  scrap: 0,
  undetermined: 0,
  changed: 0,
  claims: 0,
  claimsChecked: 0,
  claimsReturned: 0,
  claimsMoved: 0,
  baselineOpen: 0,
  duplicates: 0,
}

/** How far counts are, by their id; `which` speaks of the counts as t. */
export async function talliesOf(tx: Tx, which: SQL): Promise<Map<string, Tally>> {
  const rows = await tx.execute<Omit<Tally, 'duplicates'> & { id: string }>(sql`
    select t.id::text as id, l.*, k.*, b.*
    from counts t
    cross join lateral (
      select count(*) filter (where l.origin = 'booked')::int as lines,
        count(*) filter (where l.origin = 'booked' and l.counted_quantity is not null)::int as counted,
        count(*) filter (where l.returned is not null)::int as returned,
        count(*) filter (where l.card_version <> c.version)::int as moved,
        count(*) filter (where l.origin = 'surplus')::int as surplus,
        count(*) filter (where l.missing_quantity > 0)::int as missing,
        count(*) filter (where l.scrap_quantity > 0)::int as scrap,
        count(*) filter (where l.undetermined_quantity > 0)::int as undetermined,
        count(*) filter (where l.changes <> '{}')::int as changed
      from count_lines l left join cards c on c.id = l.card_id and l.origin = 'booked' where l.count_id = t.id) l
    cross join lateral (
      select count(*)::int as claims, count(l.counted_amount)::int as "claimsChecked",
        count(l.returned)::int as "claimsReturned", count(*) filter (where ${claimMoved})::int as "claimsMoved"
      from claim_lines l left join claims k on k.id = l.claim_id where l.count_id = t.id) k
    cross join lateral (
      select count(*)::int as "baselineOpen" from baseline_lines b
      where b.count_id = t.id and b.line_id is null and b.settled_reason is null) b
    where ${which}`)
  return new Map(rows.map(({ id, ...tally }) => [id, { ...tally, duplicates: 0 }]))
}

const compilation = sql`(select jsonb_build_object('no', m.no, 'state', m.state) from compilations m where m.id = t.compilation_id)`

/** The notice that is up, or was; not one that was taken down. */
const notice = sql`(
  select jsonb_build_object('no', n.no, 'state', n.state, 'endsOn', n.ends_on,
    'open', (select count(*) from objections o where o.notice_id = n.id and o.answered_at is null))
  from public_notices n where n.count_id = t.id and n.state <> 'withdrawn' order by n.id desc limit 1)`

/** Of the round that stands: a resolution on what was returned afterwards confirms nothing. */
const resolution = sql`(
  select r.no from resolutions r where r.count_id = t.id and r.passed and t.state in ('confirmed', 'filed')
  order by r.id desc limit 1)`
