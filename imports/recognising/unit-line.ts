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
