import type { Answers } from '../answers.ts'
import type { Cells } from '../reading/events.ts'
import type { Field } from '../sheets/fields.ts'
import type { ImportTarget } from '../target.ts'
import { areaUnit } from '../values/area.ts'
import { moneyUnit } from '../values/money.ts'
import { takesUnit } from '../values/units.ts'
import type { Column } from './columns.ts'
import type { HeaderRows } from './header-rows.ts'
import type { Sample } from './sample.ts'

export type LineUnits = { money: string | null; area: string | null }

/** Each 单位 of a line up to the next one: 填报单位：蓬莱镇 单位：万元、亩. */
const named = /单位[:：]?\(?((?:(?!(?:金额|面积|货币|计量)?单位[:：])[^()])+)/g

/** Units of a line above a table (单位：万元、平方米), which count for the columns that name no unit themselves. */
export function unitLine(text: string): LineUnits {
  const units: LineUnits = { money: null, area: null }
  for (const [, list] of text.normalize('NFKC').replace(/\s/g, '').matchAll(named)) {
    for (const part of (list ?? '').split(/[、,;/和]/)) {
      const plain = part.replace(/^(?:金额|价值|面积|货币)[:：]?/, '')
      if (units.money === null && /元$/.test(plain) && moneyUnit(plain)) units.money = plain
      if (units.area === null) units.area = areaUnit(plain)
    }
  }
  return units
}

/**
 * Units that stand in a row of their own below the header, by column; null when the row holds anything else. Beside
 * units in brackets may stand what did not fit into the header above, such as the 人 of 承租人.
 */
export function unitRow(cells: Cells): Map<string, string> | null {
  const units = new Map<string, string>()
  let known = 0
  let others = 0
  let bracketed = true
  for (const [column, text] of Object.entries(cells)) {
    const plain = text.normalize('NFKC').replace(/^\s*\(?\s*|\s*\)?\s*$/g, '')
    if (plain === '') continue
    const unit = areaUnit(plain) ?? moneyUnit(plain)?.unit
    if (unit !== undefined) {
      known++
      bracketed &&= /[)）]\s*$/.test(text)
    } else if (!/^(?:[年月日个台株项件套间栋米]|公里|年限|[-—/])$/.test(plain)) {
      if (!/^\p{Script=Han}{1,3}$/u.test(plain)) return null
      others++
      continue
    }
    units.set(column, unit ?? plain)
  }
  return known > 0 && (others === 0 || (bracketed && others <= known)) ? units : null
}

/** Gives the units of a row below the header to the columns that name none. */
export function applyUnitRow(columns: readonly Column[], units: ReadonlyMap<string, string> = new Map()): void {
  for (const column of columns) {
    const unit = units.get(column.column)
    if (column.field === null || column.unit !== null || unit === undefined) continue
    column.unit = unit
    column.unitFrom = 'row'
  }
}

/** What people decided goes before what the file says, where the field can be counted in it. */
export function applyUnits(columns: readonly Column[], fields: readonly Field[], decided: Answers['units']): void {
  for (const column of columns) {
    const unit = decided[column.column]
    const field = fields.find(({ key }) => key === column.field)
    if (unit === undefined || !field || !takesUnit(field, unit)) continue
    column.unit = unit
    column.unitFrom = 'answer'
  }
}

/** Gives the units that stand above the table to the columns that name none. */
export function applyUnitLine(
  sample: Sample,
  header: HeaderRows,
  columns: readonly Column[],
  target: Pick<ImportTarget, 'fields'>,
): void {
  const first = header.rows[0]?.row ?? 0
  for (const row of sample.rows.filter((candidate) => candidate.row < first)) {
    for (const text of Object.values(row.cells)) {
      const units = unitLine(text)
      for (const column of columns) {
        const field = target.fields.find(({ key }) => key === column.field)
        const before = column.unit
        if (field?.kind === 'money') column.unit = lineMoney(column, units.money)
        if (column.unit === null && field?.kind === 'area' && isMeasuredIn(field, units.area)) column.unit = units.area
        if (column.unit !== before) column.unitFrom = 'line'
      }
    }
  }
}

/** 月租金 without a unit of its own is in the line's, by the month. */
function lineMoney({ header, unit }: Column, line: string | null): string | null {
  if (unit === null || line === null) return unit ?? line
  return /^元\/[月季]$/.test(unit) && !header.includes('元') ? unit.replace('元', line) : unit
}

/** Land is counted in 亩, floors never are, whatever stands above the table. */
function isMeasuredIn({ label }: Field, unit: string | null): boolean {
  return unit === null || !/亩|公顷|公里/.test(unit) || !/建筑|用房|房面积|地下|供暖/.test(label)
}
