import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { resolvedText } from '../../imports/resolved.ts'
import type { Batch, Identity } from '../../imports/target.ts'
import { keyArray, within } from '../access/scope.ts'
import { type Actor, scopeKey, type Track } from '../kernel/actor.ts'
import type { CardValues } from './card.ts'
import type { Surroundings } from './import-units.ts'

const alike = ['name', 'location', 'cost', 'landArea', 'floorArea']

/**
 * How a row is found among the cards: ① our code, ② the original code within the owner, ③ certificate or plate, ④ all of
 * owner, name, place, day, cost and areas alike. A file without a column for the day may mean cards that have none.
 */
export const cardIdentities: readonly Identity[] = [
  { key: 'code', label: '资产编号', fields: ['code'], unique: true },
  { key: 'originalCode', label: '原资产编号', fields: ['ownerUnit', 'originalCode'], unique: true, number: true },
  { key: 'certificate', label: '权证编号', fields: ['certificate'], unique: true, number: true },
  { key: 'likeness', label: '名称、坐落、取得时间、原值和面积', fields: [...alike, 'acquiredOn'], unique: false },
  { key: 'undated', label: '名称、坐落、原值和面积', fields: alike, unique: false },
]

/** Stands between the parts of a key: no cell holds it. */
const gap = '\u001f'
const between = sql`chr(31)`

/** The texts a row is found by, in the order of the identities. */
export function cardKeys(values: CardValues, code: string | null, dated: boolean): (string | null)[] {
  const { ownerUnit, originalCode, certificate } = values
  return [
    code,
    originalCode === null ? null : `${ownerUnit}${gap}${originalCode}`,
    certificate === null ? null : certificate.replaceAll(/\s/g, ''),
    likeness(values, values.acquiredOn),
    dated || values.acquiredOn === null ? null : likeness(values, null),
  ]
}

/** The keys of a row that means a card by our code and nothing else. */
export function onlyCode(code: string | null): (string | null)[] {
  return cardIdentities.map(({ key }) => (key === 'code' ? code : null))
}

function likeness(values: CardValues, acquiredOn: string | null): string {
  const { ownerUnit, name, location, cost, landArea, floorArea } = values
  return [ownerUnit, name, location, acquiredOn, cost, landArea, floorArea].map((part) => part ?? '').join(gap)
}

const blanks = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code))
  .filter((char) => /\s/.test(char))
  .join('')

const acquired = sql`left(c.acquired_on::text, case c.acquired_precision when 'year' then 4 when 'month' then 7 else 10 end)`
const likenessOf = sql`concat(c.owner_unit_id, ${between}, c.name, ${between}, c.location, ${between}, ${acquired},
  ${between}, c.cost, ${between}, c.land_area, ${between}, c.floor_area)`

/** The card's key by each rule, and what an index can find it by. */
const rules: readonly { rule: number; key: SQL; found: SQL }[] = [
  { rule: 1, key: sql`c.code`, found: sql`c.code = k.key` },
  {
    rule: 2,
    key: sql`concat(c.owner_unit_id, ${between}, c.original_code)`,
    found: sql`c.owner_unit_id = k.first and c.original_code = k.second`,
  },
  {
    rule: 3,
    key: withoutBlanks(sql`c.certificate`),
    found: sql`c.certificate is not null and (${withoutBlanks(sql`c.certificate`)}) = k.key`,
  },
  ...[4, 5].map((rule) => ({
    rule,
    key: likenessOf,
    found: sql`c.owner_unit_id = k.first and c.name = k.second and ${likenessOf} = k.key`,
  })),
]

/** Without what \s means here: to the database it is something else. Looking for blanks is quicker than taking them out. */
function withoutBlanks(text: SQL): SQL {
  return sql`case when ${text} ~ ${`[${blanks}]`} then translate(${text}, ${blanks}, '') else ${text} end`
}

const numbers = sql`case when c.original_code is null then 0 else 2 end + case when c.certificate is null then 0 else 4 end`

/**
 * Enters every card of the batch's units that a row may mean. By our code it may mean any card that the actor reads: a
 * list of more than the unit's own is no news, though nothing can be written for the others. Codes and numbers of a card
 * that was merged away lead to the living card it went into.
 */
export async function enterCandidates(
  tx: Tx,
  actor: Actor,
  around: Surroundings,
  track: Track,
  keysOf: (rule: number) => SQL,
): Promise<void> {
  const scope = keyArray([...around.below.keys()].map((unitId) => scopeKey(unitId, track)))
  const [stored] = await tx.execute(sql`select 1 from cards where owner_key = any(${scope}) limit 1`)
  for (const { rule, found } of stored ? rules : rules.slice(0, 1)) {
    const reached = sql`c.owner_key = any(${scope})`
    const seen = rule === 1 ? sql`(${reached} or ${within(actor, sql`c.owner_key`)})` : reached
    await tx.execute(sql`
      create temp table match_sought on commit drop as
      select key, case when ${rule}::int in (2, 4, 5) then split_part(key, ${between}, 1)::bigint end as first,
        split_part(key, ${between}, 2) as second
      from (${keysOf(rule)}) keys`)
    // A few are looked up one by one; for many the whole register is gone through once, which it takes statistics to see.
    await tx.execute(sql`analyze match_sought`)
    await tx.execute(sql`
      insert into match_candidates (rule, key, entry_id, version, nth, numbers, spent)
      select ${rule}, k.key, c.id, c.version, row_number() over (order by c.created_at, c.id), ${numbers}, false
      from match_sought k join cards c on ${found} where ${seen} and not c.voided`)
    await tx.execute(sql`drop table match_sought`)
  }
  // Asked in order, so that the index of merged cards answers: mostly there is none.
  const [merged] = await tx.execute(
    sql`select 1 from cards where merged_into_id is not null order by merged_into_id limit 1`,
  )
  if (merged) for (const { rule, key } of rules) await enterSpent(tx, scope, rule, key, keysOf(rule))
}

async function enterSpent(tx: Tx, scope: SQL, rule: number, key: SQL, keys: SQL): Promise<void> {
  await tx.execute(sql`
    with recursive onward as (
      select id as spent, merged_into_id as id from cards where merged_into_id is not null
      union
      select o.spent, c.merged_into_id from onward o join cards c on c.id = o.id where c.merged_into_id is not null
    )
    insert into match_candidates (rule, key, entry_id, version, nth, numbers, spent)
    select ${rule}, ${key}, living.id, living.version, row_number() over (order by c.created_at, c.id), ${numbers}, true
    from onward o join cards c on c.id = o.spent join cards living on living.id = o.id
    where living.merged_into_id is null and not living.voided and living.owner_key = any(${scope}) and ${key} in (${keys})`)
}

/**
 * Rows to judge anew: a hold leaves the version of its card as it is, and who owns or uses something new may come to its
 * end meanwhile.
 */
export function rowsToRevisit({ id }: Batch): SQL {
  const ended = sql`select u.id::text from units u where u.state <> 'active'`
  return sql`
    select r.id from import_rows r join import_batches b on b.id = r.batch_id join holds h on h.card_id = r.entry_id
    where r.batch_id = ${id} and r.entry_version is not null
      and (r.status = 'changed' and h.released_at is null or r.status = 'wrong' and h.released_at >= b.created_at)
    union all
    select r.id from import_rows r where r.batch_id = ${id} and r.status = 'new' and exists (${ended})
      and (${resolvedText('ownerUnit')} in (${ended}) or ${resolvedText('usingUnit')} in (${ended}))`
}
