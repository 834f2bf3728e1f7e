import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import { cardVersions } from '../../db/schema/assets.ts'
import { plainKeys } from './card.ts'

/** The columns that `columnsOf` fills, each computed from the card's values as JSON; for verbs over many cards at once. */
export function columnsFrom(values: SQL): Readonly<Record<string, SQL>> {
  const text = (key: string) => sql`(${values} ->> ${key}::text)`
  return {
    ...Object.fromEntries(plainKeys.map((key) => [nameOf(key), sql`${text(key)}${cast(key)}`])),
    owner_unit_id: sql`${text('ownerUnit')}::bigint`,
    user_unit_id: sql`nullif(${text('usingUnit')}, ${text('ownerUnit')})::bigint`,
    division_code: text('division'),
    undetermined: sql`coalesce(${text('ownership')} = 'undetermined', false)`,
    ...dated('acquired', text('acquiredOn')),
    ...dated('idle', text('idleSince')),
    details: sql`jsonb_strip_nulls(${values} - ${`{${notDetails.join(',')}}`}::text[])`,
  }
}

const columns = getTableColumns(cardVersions)
const generated: readonly string[] = ['ownerKey', 'userKey']
const own: readonly string[] = ['id', 'cardId', 'validTo', 'recordedAt', 'supersededAt', 'eventId', ...generated]

/** Columns of a card's state as versions keep them, by name. */
export const stateColumns: readonly string[] = Object.entries(columns).flatMap(([key, { name }]) =>
  own.includes(key) ? [] : [name],
)

function nameOf(key: (typeof plainKeys)[number]): string {
  return columns[key].name
}

/** Decimals are cast to numbers of their own; the column gives them its places. */
function cast(key: (typeof plainKeys)[number]): SQL {
  return columns[key].getSQLType().startsWith('numeric') ? sql`::numeric` : sql``
}

/** A day known to the year or the month is stored as its first day, with how much is known of it. */
function dated(column: 'acquired' | 'idle', text: SQL): Record<string, SQL> {
  const day = column === 'acquired' ? 'acquired_on' : 'idle_since'
  return {
    [day]: sql`(case length(${text}) when 4 then ${text} || '-01-01' when 7 then ${text} || '-01' else ${text} end)::date`,
    [`${column}_precision`]: sql`case length(${text}) when 4 then 'year' when 7 then 'month' when 10 then 'day' end`,
  }
}

const others = ['ownerUnit', 'ownership', 'usingUnit', 'division', 'acquiredOn', 'idleSince'] as const
/** `code` names the card and is no value of it. */
const notDetails = [...plainKeys, ...others, 'code']
