import type { Writable } from 'node:stream'
import type { Column, Sheet, SheetRow } from '../sheets/sheet.ts'
import { headingsOf } from '../sheets/sheet.ts'
import type { Worksheet, Written } from './worksheet.ts'
import { writeWorkbook } from './write.ts'

/** A blank form of a sheet with drop-downs, and a worksheet that says what belongs in each column. */
export async function writeTemplate(sheet: Sheet, out: string | Writable, blankRows = 300): Promise<Written[]> {
  return writeWorkbook([{ sheet, name: '填表', sections: [], total: null, blankRows }, guideOf(sheet)], out)
}

/** The worksheet that says what belongs in each column. */
export function guideOf(sheet: Sheet): Worksheet {
  return { sheet: guideSheet, name: guideSheet.title, sections: [{ rows: fieldList(sheet) }], total: null }
}

/** The columns of a sheet with what to write in them, as the 填写说明 and the manual print them. */
export function fieldList(sheet: Sheet): SheetRow[] {
  return sheet.columns
    .filter((column) => column.kind !== 'serial')
    .map((column) => ({
      column: headingsOf(column).join(' / '),
      rule: column.hint ?? rules[column.kind],
      choices: (column.choices ?? []).map((choice) => choice.label).join('、'),
    }))
}

const guideSheet: Sheet = {
  key: 'guide',
  title: '填写说明',
  columns: [
    { key: 'serial', header: '序号', kind: 'serial', width: 6 },
    { key: 'column', header: '栏目', kind: 'text', width: 30 },
    { key: 'rule', header: '怎样填写', kind: 'longText', width: 50 },
    { key: 'choices', header: '可选内容', kind: 'longText', width: 50 },
  ],
  unitLine: '',
  signatures: [],
  paper: 'A4',
  orientation: 'landscape',
}

const rules: Record<Column['kind'], string> = {
  serial: '',
  text: '照实填写，不知道的留空。',
  longText: '照实填写，不知道的留空。',
  money: '以元为单位，保留两位小数；不知道的留空，不要填 0。',
  area: '以平方米为单位，保留两位小数；不知道的留空，不要填 0。',
  quantity: '填写数字，最多三位小数。',
  integer: '填写整数。',
  date: '写明年月日，如 2018年3月1日；只知道年或年月的，写 2018 或 2018年3月。',
  choice: '从下拉列表中选择。',
  tick: '符合的打 √，同一组只选一项。',
  unit: '填写单位全称或单位代码。',
  division: '填写村(社区)名称或 12 位区划代码。',
}
