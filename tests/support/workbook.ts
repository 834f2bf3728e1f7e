import ExcelJS from 'exceljs'

export type Cell = string | number | null

/** A village's own ledger as .xlsx bytes: title, a two-row header with groups and further columns, the rows given, and what stands below. */
export async function ledger(
  rows: readonly (readonly Cell[])[],
  below: readonly (readonly Cell[])[] = [],
  more: readonly string[] = [],
): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook()
  const sheet = workbook.addWorksheet('资产台账')
  sheet.addRow(['古井村集体资产台账'])
  sheet.mergeCells('A1:H1')
  sheet.addRow(['基础信息', null, null, null, null, '价值（万元）', null, '备注', ...more])
  sheet.addRow(['序号', '资产名称', '编号', '坐落', '建成时间', '原值', '累计折旧', null])
  sheet.mergeCells('A2:E2')
  sheet.mergeCells('F2:G2')
  sheet.mergeCells('H2:H3')
  for (const row of [...rows, ...below]) sheet.addRow([...row])
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

/** Rows of three assets that read without a problem: 60, 2 and 0.5 万元. */
export const threeAssets: readonly (readonly Cell[])[] = [
  [1, '村委会办公楼', 'GJ-001', '古井村一组', '2015年3月', 60, 12, null],
  [2, '原古井小学', 'GJ-002', '古井村二组', '1998', 2, null, '闲置'],
  [3, '办公电脑', 'GJ-003', '村委会', '2020-05-01', 0.5, 0.3, null],
]
