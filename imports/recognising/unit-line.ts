import type { Cells } from '../reading/events.ts'
import { areaUnit } from '../values/area.ts'
import { moneyUnit } from '../values/money.ts'

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
