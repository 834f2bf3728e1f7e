import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { endedSentence } from './enterable.ts'
import type { NewUnit, Regime, UnitChange } from './unit-actions.ts'
import type { Dissolution } from './unit-life.ts'
import type { UnitPeriod } from './unit-queries.ts'
import { type FoundUnit, findUnits, formerNote, type UnitKind, unitKinds, unitText } from './units.ts'

export const regimes = {
  government: '政府会计制度',
  collective: '农村集体经济组织会计制度',
  none: '不单独记账',
} as const

const name: FormField = { key: 'name', label: '单位名称', kind: 'text', max: 60, required: true }
const dated: readonly FormField[] = [
  { key: 'division', label: '属地', kind: 'division', required: true },
  { key: 'parent', label: '隶属单位', kind: 'unit', max: 100 },
  { key: 'entity', label: '核算单位', kind: 'unit', max: 100 },
  { key: 'validFrom', label: '生效日期', kind: 'day', required: true },
]
const opening: readonly FormField[] = [
  { key: 'kind', label: '单位类别', kind: 'choice', choices: choicesOf(unitKinds), required: true },
  { key: 'regime', label: '会计制度', kind: 'choice', choices: choicesOf(regimes), required: true },
]

/** Notes tell which former names were taken for the present ones. */
export type WithNotes<T> = T & { notes: string }

/** What the form of a new unit means; every problem at once. */
export async function readNewUnit(
  tx: Tx,
  answers: Answers,
  divisions: ReadonlySet<string>,
): Promise<WithNotes<NewUnit>> {
  const { values, problems } = readForm([name, ...opening, ...dated], answers)
  const places = await readPlaces(tx, values, problems, divisions)
  if (places.entityId === null && values.regime === 'none' && values.kind === 'town_office') {
    problems.push({ field: 'entity', text: '内设机构不单独记账，请填写替它记账的核算单位。' })
  }
  if (problems.length > 0) throw new RuleBroken(problems)
  return { ...places, name: values.name ?? '', kind: values.kind as UnitKind, regime: values.regime as Regime }
}

export async function readUnitChange(
  tx: Tx,
  answers: Answers,
  divisions: ReadonlySet<string>,
): Promise<WithNotes<Required<UnitChange>>> {
  const { values, problems } = readForm([name, ...dated], answers)
  const places = await readPlaces(tx, values, problems, divisions)
  if (problems.length > 0) throw new RuleBroken(problems)
  return { ...places, name: values.name ?? '' }
}

async function readPlaces(
  tx: Tx,
  values: Record<string, string | null>,
  problems: Problem[],
  divisions: ReadonlySet<string>,
) {
  const { validFrom = null, division = null } = values
  if (division !== null && !divisions.has(division)) {
    problems.push({ field: 'division', text: '请从列表中选择属地。' })
  }
  const parent = await readUnit(tx, 'parent', values, problems)
  const entity = await readUnit(tx, 'entity', values, problems)
  if (entity?.regime === 'none') {
    problems.push({ field: 'entity', text: `${entity.name}不单独记账，请填写自己记账的单位。` })
  }
  return {
    validFrom: validFrom ?? '',
    divisionCode: division ?? '',
    parentId: parent?.id ?? null,
    entityId: entity?.id ?? null,
    notes: notesOf(parent, entity),
  }
}

/** What the form of a dissolution means; blank rows of successors count for nothing. */
export async function readDissolution(tx: Tx, answers: Answers, rows: number): Promise<WithNotes<Dissolution>> {
  const keys = Array.from({ length: rows }, (_, row) => `successor${row + 1}`)
  const { values, problems } = readForm(
    [
      { key: 'on', label: '撤销日期', kind: 'day', required: true },
      { key: 'reason', label: '原因和批准文件', kind: 'longText', max: 500, required: true },
      ...keys.map((key, row): FormField => ({ key, label: `承继单位 ${row + 1}`, kind: 'unit', max: 100 })),
    ],
    answers,
  )
  const found: (FoundUnit | null)[] = []
  for (const key of keys) found.push(await readUnit(tx, key, values, problems, values.on ?? null))
  if (problems.length > 0) throw new RuleBroken(problems)
  return {
    on: values.on ?? '',
    reason: values.reason ?? '',
    successorIds: found.flatMap((unit) => (unit === null ? [] : [unit.id])),
    notes: notesOf(...found),
  }
}

/** A unit written as its name, its code or `name（code）`, as of the day the row begins. */
export async function readUnit(
  tx: Tx,
  key: string,
  values: Record<string, string | null>,
  problems: Problem[],
  day: string | null = values.validFrom ?? null,
) {
  const text = values[key]
  if (!text || !day) return null
  const found = await findUnits(tx, text, day)
  const [unit] = found
  if (found.length === 1 && unit) {
    if (unit.state === 'closed') problems.push({ field: key, text: await endedSentence(tx, unit) })
    return unit
  }
  if (found.length === 0) {
    const sentence = await notYetOpen(tx, text, day)
    if (sentence) {
      problems.push({ field: key, text: sentence })
      return null
    }
  }
  problems.push({
    field: key,
    text:
      found.length === 0
        ? `${day} 没有“${text}”这个单位，请从列表中选择，或写单位编码。`
        : `有 ${found.length} 个单位叫“${text}”，请改写单位编码：${found.map(({ code }) => code).join('、')}。`,
  })
  return null
}

/** One sentence for every former name among the units that were written. */
export function notesOf(...units: readonly (FoundUnit | null)[]): string {
  return units.map((unit) => (unit === null ? '' : formerNote(unit))).join('')
}

async function notYetOpen(tx: Tx, text: string, day: string): Promise<string | null> {
  const [first] = await tx.execute<{ name: string; since: string }>(sql`
    select p.name, p.valid_from::text as since from units u join unit_periods p on p.unit_id = u.id
    where (u.code = ${text} or p.name = ${text}) and p.valid_from > ${day}
      and not exists (select 1 from unit_periods o where o.unit_id = u.id and o.valid_from <= ${day})
    order by p.valid_from limit 1`)
  return first ? `${first.name}自 ${first.since} 才设立，请把日期改为这一天或更晚，或另选单位。` : null
}

export function answersOf(row: UnitPeriod): Answers {
  const text = (name: string | null, code: string | null) => (name && code ? unitText({ name, code }) : '')
  return {
    name: row.name,
    division: row.divisionCode,
    parent: text(row.parentName, row.parentCode),
    entity: text(row.entityName, row.entityCode),
  }
}

export function choicesOf(labels: Record<string, string>): { value: string; label: string }[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label }))
}
