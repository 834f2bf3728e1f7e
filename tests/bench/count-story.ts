import { eq, sql } from 'drizzle-orm'
import type { County, Tx } from '../../db/client.ts'
import { compilations } from '../../db/schema/compilations.ts'
import { counts } from '../../db/schema/inventory.ts'
import { names, namesOf } from '../../db/sql.ts'
import { stateColumns } from '../../server/assets/card-sql.ts'
import { callMachine, draftCall } from '../../server/inventory/calls/actions.ts'
import { compilationMachine, draftCompilation } from '../../server/inventory/compilations/actions.ts'
import { countMachine } from '../../server/inventory/counts/actions.ts'
import { act } from '../../server/kernel/act.ts'
import type { Actor, Role } from '../../server/kernel/actor.ts'
import { frozenClock } from '../../server/kernel/clock.ts'
import type { Acting } from '../../server/kernel/events.ts'
import type { LargeRegister } from './large-register.ts'

const clock = frozenClock('2026-03-10T02:00:00Z')
const machine = compilationMachine('510923')
const session = { timeout: 3_600_000 }

export type Person = { acting: Acting; keys: readonly string[] }
export type CountStory = {
  keeper: Person
  /** The verbs of one county's count, each in a transaction of its own: seconds. */
  issued(): Promise<number>
  submitted(): Promise<number>
  filed(): Promise<number>
  /** Everything counted, 1 of 100 missing and 1 of 50 standing elsewhere, without its verbs. */
  countAll(): Promise<void>
  /** The least that opening and filing could cost: the same rows by a handful of plain statements, undone afterwards. */
  plainLines(): Promise<number>
  plainFiling(): Promise<number>
  /** A count that is open, for who saves single lines. */
  reopened(): Promise<string>
}

/** People of a county that has nobody yet, and a call over all its villages as they take it from end to end. */
export async function tellCount({ county, actor }: LargeRegister): Promise<CountStory> {
  const keys = actor.keys
  const [first] = await county.transaction(session, (tx) =>
    tx.execute<{ id: string; name: string }>(sql`
      select u.id::text as id, p.name from units u join unit_periods p on p.unit_id = u.id order by u.id limit 1`),
  )
  const unit = first ?? { id: '', name: '' }
  const own = [String(BigInt(unit.id) * 2n + 1n)]
  const keeper = await hire(county, 'keeper', unit, own)
  const lead = await hire(county, 'lead', unit, keys)
  const approver = await hire(county, 'approver', unit, keys)
  let callId = ''
  const as = async <T>({ acting, keys: scope }: Person, work: (tx: Tx, acting: Acting) => Promise<T>) =>
    county.transaction({ ...session, keys: scope }, (tx) => work(tx, acting))
  const callNow = () => sql`t.call_id = ${callId}`
  const units = await county.transaction(session, (tx) =>
    tx.execute<{ id: string }>(sql`select id::text as id from units`),
  )

  return {
    keeper,
    issued: async () => {
      callId = await as(lead, async (tx, acting) => {
        const draft = await draftCall(tx, acting, {
          ...{ title: '清查', track: 'collective', issuerId: unit.id, note: null },
          ...{ baseOn: '2026-03-05', baseline: 'register', baselineName: null, baselineOn: null },
          ...{ dueOn: '2026-03-20', compileOn: '2026-03-31', unitIds: units.map(({ id }) => id) },
        })
        return draft.id
      })
      return seconds(() =>
        as(lead, (tx, acting) => act(tx, acting, callMachine, callId, { action: 'issue', version: 1, comment: null })),
      )
    },
    countAll: async () => {
      await county.transaction(session, (tx) =>
        tx.execute(sql`
          update count_lines l set counted_quantity = case when l.no % 100 = 7 then 0 else l.book_quantity end,
            missing_quantity = case when l.no % 100 = 7 then l.book_quantity else 0 end,
            missing_cost = case when l.no % 100 = 7 then l.book_cost end,
            missing_depreciation = case when l.no % 100 = 7 then l.book_depreciation end,
            missing_reason = case when l.no % 100 = 7 then '丢失' end,
            changes = case when l.no % 50 = 8 then jsonb_build_object('location',
              jsonb_build_object('old', l.location, 'new', '新址' || l.no)) else '{}' end
          from counts t where t.id = l.count_id and ${callNow()}`),
      )
      await analyze(county, 'count_lines')
    },
    submitted: async () => {
      const [row] = await county.transaction(session, (tx) =>
        tx.execute<{ id: string; version: number }>(sql`
          select t.id::text as id, t.version from counts t where ${callNow()} and t.unit_id = ${unit.id}`),
      )
      const input = { action: 'submit', version: row?.version ?? 0, comment: null }
      return seconds(() => as(keeper, (tx, acting) => act(tx, acting, countMachine, row?.id ?? '', input)))
    },
    filed: async () => {
      const countIds = await county.transaction(session, async (tx) => {
        await tx.execute(sql`update counts t set state = 'confirmed' where ${callNow()}`)
        const rows = await tx.execute<{ id: string }>(sql`select t.id::text as id from counts t where ${callNow()}`)
        return rows.map(({ id }) => id)
      })
      const { id } = await as(lead, (tx, acting) =>
        draftCompilation(tx, acting, { callId, unitId: unit.id, track: 'collective', countIds }),
      )
      const step = async (person: Person, action: string, values = {}) => {
        const [row] = await county.transaction(session, (tx) =>
          tx.select().from(compilations).where(eq(compilations.id, id)),
        )
        const input = { action, version: row?.version ?? 0, comment: null, values }
        await as(person, (tx, acting) => act(tx, acting, machine, id, input))
      }
      await step(lead, 'submit')
      return seconds(() => step(approver, 'file', { filedOn: '2026-03-10', documentNo: null }))
    },
    plainLines: () =>
      undone(county, async (tx) => {
        await tx.execute(sql`create table plain_lines (like count_lines including all)`)
        return seconds(() =>
          tx.execute(sql`insert into plain_lines overriding system value
          select l.* from count_lines l join counts t on t.id = l.count_id where ${callNow()}`),
        )
      }),
    plainFiling: () =>
      undone(county, async (tx) => {
        const found = sql`count_lines l join counts t on t.id = l.count_id where ${callNow()}
          and (l.missing_quantity > 0 or l.changes <> '{}')`
        return seconds(async () => {
          await tx.execute(sql`
            with told as (
              insert into events (at, actor_name, actor_unit_name, action, card_id, effective_on, detail)
              select now(), '系统', '', 'card.count', l.card_id, '2026-03-10', jsonb_build_object('changes', l.changes)
              from ${found} returning id, card_id)
            insert into card_versions (${names(stateColumns)}, card_id, valid_to, recorded_at, superseded_at, event_id)
            select ${namesOf(sql`c`, stateColumns)}, c.id, '2026-03-10', c.updated_at, now(), t.id
            from told t join cards c on c.id = t.card_id`)
          await tx.execute(sql`
            update cards c set usage = case when l.missing_quantity > 0 then 'awaiting_write_off' else c.usage end,
              location = coalesce(l.changes -> 'location' ->> 'new', c.location), valid_from = '2026-03-10',
              version = c.version + 1, updated_at = now()
            from ${sql`(select l.card_id, l.missing_quantity, l.changes from ${found}) l`} where c.id = l.card_id`)
        })
      }),
    reopened: async () => {
      const [row] = await county.transaction(session, async (tx) => {
        await tx.execute(
          sql`update counts t set state = 'counting', compilation_id = null where ${callNow()} and t.unit_id = ${unit.id}`,
        )
        await tx.execute(sql`
          update count_lines l set counted_quantity = null, missing_quantity = 0, missing_cost = null, missing_depreciation = null,
            missing_reason = null, changes = '{}'
          from counts t where t.id = l.count_id and ${callNow()} and t.unit_id = ${unit.id}`)
        return tx.select().from(counts).where(sql`${counts.callId} = ${callId} and ${counts.unitId} = ${unit.id}`)
      })
      return row?.id ?? ''
    },
  }
}

async function hire(
  county: County,
  role: Role,
  unit: { id: string; name: string },
  keys: readonly string[],
): Promise<Person> {
  const [person] = await county.transaction(session, (tx) =>
    tx.execute<{ id: string }>(sql`
      insert into people (account, name, created_at) values (${role}, ${role}, now()) returning id::text as id`),
  )
  const all = new Set(keys)
  const actor: Actor = {
    ...{
      personId: person?.id ?? '',
      name: role,
      unitId: unit.id,
      unitName: unit.name,
      keys,
      mustChangePassword: false,
    },
    grants: [{ role, track: 'collective', unitId: unit.id, unitName: unit.name, keys: all, reads: all }],
  }
  return { acting: { actor, clock, requestId: null }, keys }
}

/** Work whose writes are taken back again: what it measured. */
async function undone(county: County, work: (tx: Tx) => Promise<number>): Promise<number> {
  let spent = Number.NaN
  await county
    .transaction(session, async (tx) => {
      spent = await work(tx)
      throw new Undo()
    })
    .catch((error) => {
      if (!(error instanceof Undo)) throw error
    })
  return spent
}

class Undo extends Error {}

export async function analyze(county: County, table: string): Promise<void> {
  await county.driver.unsafe(`vacuum analyze ${county.schema}.${table}`)
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}
