import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Track } from '../kernel/actor.ts'
import { trackLabels } from '../kernel/actor.ts'
import { type SettingDefinition, settingDefinitions } from './definitions.ts'

export type SettingTrack = Track | 'both'
export type SettingKind = SettingDefinition['kind']

/** One value from a day on, as somebody set it. */
export type SettingRow = { validFrom: string; value: string; by: string; at: string; reason: string; kept: boolean }

export type SettingLine = {
  key: string
  label: string
  track: SettingTrack
  /** 国有, 集体, or nothing where tracks make no difference. */
  trackLabel: string
  value: string
  /** What holds where nobody has set anything. */
  fallback: string
  basis: string
  /** What holds now; null: the default does. */
  present: SettingRow | null
  upcoming: SettingRow | null
}

/** What counts instead of a declared default, e.g. because the environment says so. */
export type Defaults = Readonly<Record<string, string>>

/** Every setting of a kind as it stands on a day. */
export async function settingsOf(tx: Tx, kind: SettingKind, today: string, defaults: Defaults): Promise<SettingLine[]> {
  const lines: SettingLine[] = []
  const rows = await rowsOf(tx)
  for (const definition of settingDefinitions.filter((each) => each.kind === kind)) {
    for (const track of tracksOf(definition)) {
      lines.push(
        lineOf(
          definition,
          track,
          rows.filter(({ key }) => key === definition.key),
          today,
          defaults,
        ),
      )
    }
  }
  return lines
}

/** One setting, with every value it ever had, the latest first. */
export async function settingOf(
  tx: Tx,
  definition: SettingDefinition,
  track: SettingTrack,
  today: string,
  defaults: Defaults,
): Promise<SettingLine & { rows: SettingRow[] }> {
  const found = await rowsOf(tx, definition.key)
  const rows = found.filter((row) => row.track === track || row.track === 'both')
  return { ...lineOf(definition, track, found, today, defaults), rows: rows.map((row) => told(definition, row, today)) }
}

export function tracksOf(definition: SettingDefinition): readonly SettingTrack[] {
  return definition.byTrack ? ['state', 'collective'] : ['both']
}

/** A value as people read it: 5 次, 等保. */
export function valueText({ value }: SettingDefinition, text: string): string {
  if (value.type === 'integer') return `${text} ${value.unit}`
  return value.choices.find((choice) => choice.value === text)?.label ?? text
}

type Found = {
  key: string
  track: SettingTrack
  validFrom: string
  value: string
  by: string
  at: string
  reason: string
}

async function rowsOf(tx: Tx, key?: string): Promise<Found[]> {
  return tx.execute<Found>(sql`
    select s.key, s.track, s.valid_from::text as "validFrom", s.value, coalesce(p.name, '系统') as by,
      s.set_at as at, s.reason
    from settings s left join people p on p.id = s.set_by
    where ${key === undefined ? sql`true` : sql`s.key = ${key}`}
    order by s.valid_from desc, (s.track <> 'both') desc`)
}

function lineOf(
  definition: SettingDefinition,
  track: SettingTrack,
  found: readonly Found[],
  today: string,
  defaults: Defaults,
): SettingLine {
  const mine = found.filter((row) => row.track === track || row.track === 'both')
  const past = mine.filter(({ validFrom }) => validFrom <= today)
  // A value for the track counts before one for both, as `settingOn` reads it.
  const present = past.find((row) => row.track === track) ?? past[0]
  const upcoming = mine.filter(({ validFrom }) => validFrom > today).at(-1)
  const fallback = defaults[definition.key] ?? definition.default
  return {
    key: definition.key,
    label: definition.label,
    track,
    trackLabel: track === 'both' ? '' : trackLabels[track],
    value: valueText(definition, present?.value ?? fallback),
    fallback: valueText(definition, fallback),
    basis: definition.basis,
    present: present ? told(definition, present, today) : null,
    upcoming: upcoming ? told(definition, upcoming, today) : null,
  }
}

function told(definition: SettingDefinition, row: Found, today: string): SettingRow {
  const { validFrom, value, by, at, reason } = row
  return { validFrom, value: valueText(definition, value), by, at, reason, kept: validFrom <= today }
}
