import { readWorkbook } from '../../imports/reading/workbook.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { isDay, readPartialDate } from '../kernel/partial-date.ts'

export type Division = {
  code: string
  name: string
  level: number
  parentCode: string | null
  validFrom: string | null
  /** First day it no longer was one. */
  validTo: string | null
  mergedInto: string | null
}

export type ReadDivisions = { divisions: Division[]; refused: { row: number; text: string }[] }

const headers = {
  code: ['code12', 'code', '代码', '区划代码', '行政区划代码', '统计用区划代码', '12位区划代码'],
  name: ['name', '名称', '区划名称', '行政区划名称', '单位名称'],
  validFrom: ['valid_from', '设立日期', '启用日期'],
  validTo: ['valid_to', '撤销日期', '停用日期'],
  mergedInto: ['merged_into', '并入', '并入代码', '并入区划代码'],
} as const
type Key = keyof typeof headers
type Columns = Partial<Record<Key, string>>

/** Rows above the header that a title may take. */
const mostTitles = 10

/**
 * Reads a table of divisions: 12-digit codes and names; levels and parents follow from the codes. `known` are the codes
 * that are there already. What cannot be taken is listed by its row, and what hangs under it too.
 */
export async function readDivisions(path: string, county: string, known: ReadonlySet<string>): Promise<ReadDivisions> {
  let columns: Columns | undefined
  const found = new Map<string, Division & { row: number }>()
  const refused: { row: number; text: string }[] = []
  for await (const event of readWorkbook(path)) {
    if (event.kind === 'sheet' && event.index > 0) break
    if (event.kind !== 'row') continue
    if (!columns) {
      columns = columnsOf(event.cells)
      if (!columns && event.row > mostTitles) break
      continue
    }
    const read = readRow(event.cells, columns, county)
    const first = 'code' in read ? found.get(read.code) : undefined
    if ('text' in read) refused.push({ row: event.row, text: read.text })
    else if (first) refused.push({ row: event.row, text: `代码 ${read.code} 与第 ${first.row} 行重复，请删去一行。` })
    else found.set(read.code, { ...read, row: event.row })
  }
  if (!columns) throw new RuleBroken('没有找到表头：请在第一行写“区划代码”和“名称”两列，再试一次。')
  // What is refused takes with it all that hangs under it or went into it, until nothing more falls.
  for (let fallen = true; fallen; ) {
    fallen = false
    for (const division of [...found.values()]) {
      const missing = [division.parentCode, division.mergedInto].find(
        (code) => code !== null && !found.has(code) && !known.has(code),
      )
      if (missing === undefined) continue
      fallen = found.delete(division.code)
      const what = missing === division.parentCode ? '上级' : '并入的'
      refused.push({
        row: division.row,
        text: `${division.name}（${division.code}）${what}区划 ${missing} 不在表里，请先补上这一行。`,
      })
    }
  }
  return {
    divisions: [...found.values()].map(({ row: _row, ...division }) => division),
    refused: refused.sort((left, right) => left.row - right.row),
  }
}

function columnsOf(cells: Readonly<Record<string, string>>): Columns | undefined {
  const columns: Columns = {}
  for (const [letter, cell] of Object.entries(cells)) {
    const header = cell.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase()
    for (const [key, names] of Object.entries(headers)) {
      if ((names as readonly string[]).includes(header)) columns[key as Key] ??= letter
    }
  }
  return columns.code && columns.name ? columns : undefined
}

function readRow(
  cells: Readonly<Record<string, string>>,
  columns: Columns,
  county: string,
): Division | { text: string } {
  const at = (key: Key) => cells[columns[key] ?? '']?.normalize('NFKC').trim() ?? ''
  const [code, name] = [at('code'), at('name')]
  if (/^(\d{6}|\d{9})$/.test(code)) {
    return { text: `“${code}”只有 ${code.length} 位，请在后面补 0，写成 ${code.padEnd(12, '0')}。` }
  }
  if (!/^\d{12}$/.test(code)) return { text: `“${code}”不是 12 位区划代码，请改正。` }
  if (!code.startsWith(county)) return { text: `${code} 不属于本县 ${county}，请去掉，或改正 PANHUO_COUNTY。` }
  if (name === '') return { text: `${code} 没有名称，请补上。` }
  if ([...name].length > 60) return { text: `${code} 的名称超过 60 个字，请改正。` }
  const validFrom = readDay(at('validFrom'))
  const validTo = readDay(at('validTo'))
  if (validFrom === undefined || validTo === undefined)
    return { text: `${code} 的日期要写到日，如 2019-12-31，请改正。` }
  if (validFrom && validTo && validTo <= validFrom) return { text: `${code} 的撤销日期不在设立日期之后，请改正。` }
  const mergedInto = at('mergedInto') || null
  if (mergedInto !== null && validTo === null)
    return { text: `${code} 写了并入 ${mergedInto} 而没有撤销日期，请补上。` }
  if (mergedInto === code) return { text: `${code} 不能并入自己，请改正。` }
  return { code, name, ...placeOf(code), validFrom, validTo, mergedInto }
}

/** Null where none is given, undefined where it is no day. */
function readDay(text: string): string | null | undefined {
  if (text === '') return null
  const day = readPartialDate(text)
  return day !== null && isDay(day) ? day : undefined
}

/** County 6 digits, township 3, village 3. */
function placeOf(code: string): { level: number; parentCode: string | null } {
  if (code.endsWith('000000')) return { level: 3, parentCode: null }
  if (code.endsWith('000')) return { level: 4, parentCode: `${code.slice(0, 6)}000000` }
  return { level: 5, parentCode: `${code.slice(0, 9)}000` }
}
