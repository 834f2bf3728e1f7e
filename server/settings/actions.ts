import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { settings } from '../../db/schema/settings.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { takeNumbers } from '../kernel/numbers.ts'
import type { SettingDefinition } from './definitions.ts'
import { type Defaults, type SettingTrack, valueText } from './queries.ts'

export type NewValue = { value: string; validFrom: string; reason: string }

/** Reads the form of one setting; its bounds are the definition's. */
export function readValue(definition: SettingDefinition, answers: Answers, today: string): NewValue {
  const { value } = definition
  const fields: readonly FormField[] = [
    value.type === 'integer'
      ? { key: 'value', label: '新的值', kind: 'integer', unit: value.unit, required: true }
      : { key: 'value', label: '新的值', kind: 'choice', choices: value.choices, required: true },
    { key: 'validFrom', label: '开始日期', kind: 'day', required: true },
    { key: 'reason', label: '理由', kind: 'longText', max: 200, required: true },
  ]
  const { values, problems } = readForm(fields, answers)
  if (value.type === 'integer' && values.value && !isWithin(definition, values.value)) {
    const text = `${definition.label}请写 ${value.min} 到 ${value.max} 之间的整数（单位：${value.unit}）。`
    problems.push({ field: 'value', text })
  }
  if (values.validFrom && values.validFrom < today) {
    problems.push({ field: 'validFrom', text: `开始日期不能早于今天（${today}），以前办理的事按当时的规定。` })
  }
  if (problems.length > 0) throw new RuleBroken(problems)
  return { value: values.value ?? '', validFrom: values.validFrom ?? today, reason: values.reason ?? '' }
}

/** May this text stand as the value? The database keeps texts of all kinds. */
export function isWithin({ value }: SettingDefinition, text: string): boolean {
  if (value.type === 'choice') return value.choices.some((choice) => choice.value === text)
  return /^\d{1,9}$/.test(text) && Number(text) >= value.min && Number(text) <= value.max
}

/** Sets a value from a day on, over what was set for that same day; the event keeps both. */
export async function changeSetting(
  tx: Tx,
  acting: Acting,
  definition: SettingDefinition,
  track: SettingTrack,
  next: NewValue,
  defaults: Defaults,
): Promise<void> {
  const { key } = definition
  // Two changes at once would each tell an old value that the other has replaced.
  await takeNumbers(tx, `setting ${key}`)
  const rows = await tx.select().from(settings).where(eq(settings.key, key))
  const past = rows
    .filter((row) => row.validFrom <= next.validFrom && (row.track === track || row.track === 'both'))
    .sort(
      (left, right) =>
        Number(right.track === track) - Number(left.track === track) || right.validFrom.localeCompare(left.validFrom),
    )
  const old = past[0]?.value ?? defaults[key] ?? definition.default
  if (old === next.value) {
    const text = `从 ${next.validFrom} 起本来就是 ${valueText(definition, old)}，请写另一个值，或不用修改。`
    throw new RuleBroken([{ field: 'value', text }])
  }
  const same = and(eq(settings.key, key), eq(settings.track, track), eq(settings.validFrom, next.validFrom))
  await tx.delete(settings).where(same)
  await tx.insert(settings).values({
    key,
    track,
    ...next,
    setBy: acting.actor.personId,
    setAt: acting.clock.now(),
  })
  const policy = definition.kind === 'policy'
  await record(
    tx,
    acting,
    { kind: 'topic', id: policy ? 'policy' : 'settings' },
    {
      action: policy ? 'policy.set' : 'settings.set',
      effectiveOn: next.validFrom,
      comment: next.reason,
      detail: {
        setting: definition.label,
        track,
        changes: { value: { old: valueText(definition, old), new: valueText(definition, next.value) } },
      },
    },
  )
}
