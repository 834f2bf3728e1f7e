import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'
import type { Track } from '../kernel/actor.ts'
import { type SettingDefinition, type SettingKey, settingDefinitions } from './definitions.ts'

/**
 * What a setting is on a day: rules are looked up by the date of the act, so a later change never touches an earlier act.
 * A value for the track counts before one for both.
 */
export async function settingOn(tx: Tx, key: SettingKey, day: string, track?: Track): Promise<string> {
  const [row] = await tx.execute<{ value: string }>(sql`
    select value from settings
    where key = ${key} and valid_from <= ${day} and track in ('both', ${track ?? 'both'})
    order by (track <> 'both') desc, valid_from desc limit 1`)
  return row?.value ?? definitionOf(key).default
}

/** Several settings of no track at once; what nobody has set is not in it. */
export async function settingsOn(tx: Tx, keys: readonly SettingKey[], day: string): Promise<Map<string, string>> {
  const rows = await prepared<{ key: string; value: string }>(
    tx,
    sql`
    select distinct on (key) key, value from settings
    where track = 'both' and valid_from <= ${day} and key = any(${`{${keys.join(',')}}`}::text[])
    order by key, valid_from desc`,
  )
  return new Map(rows.map(({ key, value }) => [key, value]))
}

/** A setting that is a whole number. */
export async function numberOn(tx: Tx, key: SettingKey, day: string, track?: Track): Promise<number> {
  return Number(await settingOn(tx, key, day, track))
}

export function definitionOf(key: string): SettingDefinition {
  const found = settingDefinitions.find((definition) => definition.key === key)
  if (!found) throw new Error(`no such setting: ${key}`)
  return found
}
