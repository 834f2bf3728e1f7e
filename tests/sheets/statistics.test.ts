import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { folder, open, part, texts, worksheet } from './open.ts'
import { statistics, summaryRows } from './sample.ts'

const printed =
  '序号|乡镇(街道)|村(社区)|原乡镇/原村|资产编号|资产名称|资产属性(国有/集体)|资产类别|坐落位置|建成/取得时间|结构|占地面积(㎡)|建筑面积(㎡)|数量|计量单位|账面原值(元)|累计折旧(元)|账面净值(元)|形成来源|权属单位|产权形式|权证名称及编号|使用单位|使用状况(在用/出租/出借/闲置/待处置)|其中闲置面积(㎡)|承租人及合同起止|年租金(元)|存在问题|备注'

async function statisticsFile(worksheets = statistics()) {
  const path = join(await folder(), 'statistics.xlsx')
  const written = await writeWorkbook(worksheets, path)
  const workbook = await open(path)
  return { path, written, detail: worksheet(workbook, '明细'), summary: worksheet(workbook, '汇总') }
}

test('the statistics carry title, unit line, official columns and signature block', async () => {
  const { detail } = await statisticsFile()
  expect(texts(detail, 1)).toEqual(['镇村公有资产清理统计表'])
  expect(detail.getCell('A1').isMerged).toBe(true)
  expect(texts(detail, 2)).toEqual(['填报单位：蓬莱镇人民政府    统计时点：2026年11月22日', '单位：元、㎡'])
  expect(texts(detail, 3)).toEqual(printed.split('|'))
  expect(texts(detail, 4)).toEqual(['承租人', '合同起止'])
  expect(detail.getCell('Z3').text).toBe('承租人及合同起止')
  expect(detail.getCell('AA3').master.address).toBe('Z3')
  expect(detail.getCell('A4').master.address).toBe('A3')
  expect(texts(detail, 12).map((text) => text.split('：')[0])).toEqual([
    '填报单位(盖章)',
    '单位负责人',
    '审核人',
    '填表人',
    '联系电话',
    '填报日期',
  ])
})

test('the page is A4 across, fitted to its width, with the header on every page and always in view', async () => {
  const { detail } = await statisticsFile()
  expect(detail.pageSetup).toMatchObject({
    paperSize: 9,
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    printTitlesRow: '3:4',
  })
  expect(detail.views[0]).toMatchObject({ state: 'frozen', ySplit: 4 })
})

test('choices are printed as labels and dates with the precision they have', async () => {
  const { detail } = await statisticsFile()
  expect([5, 6, 7].map((row) => detail.getCell(`J${row}`).value)).toEqual(['1998', '2018年3月', '2018年3月1日'])
  expect(texts(detail, 5)).toEqual(expect.arrayContaining(['国有', '房屋', '政府投入', '有产权', '闲置']))
  expect(detail.getCell('E5').value).toBe('51092300000017')
  expect(detail.getCell('Z5').value).toBeNull()
})

test('totals are formulas that already hold the exact sum, and stationed units stay outside them', async () => {
  const { detail } = await statisticsFile()
  expect(detail.getCell('A8').value).toBe('合计')
  expect(detail.getCell('P8').value).toEqual({ formula: 'SUM(P5:P7)', result: 54102000.09 })
  expect(detail.getCell('P8').numFmt).toBe('#,##0.00')
  expect(detail.getCell('N8').value).toBeNull()
  expect(texts(detail, 9)).toEqual(['派驻单位(数字随主管部门统计，不计入上列合计)'])
  expect(detail.getCell('A11').value).toBe('派驻小计')
  expect(detail.getCell('P11').value).toEqual({ formula: 'SUM(P10:P10)', result: 700 })
})

test('the summary adds up each unit and agrees with the detail', async () => {
  const { path, summary, written } = await statisticsFile()
  expect(texts(summary, 3)).toEqual(
    '单位|资产类别|宗数|占地面积(㎡)|建筑面积(㎡)|其中闲置面积(㎡)|原值(元)|累计折旧(元)|净值(元)|年租金(元)'.split(
      '|',
    ),
  )
  expect(summary.getCell('A6').value).toBe('蓬莱镇人民政府小计')
  expect(summary.getCell('C7').value).toEqual({ formula: 'SUM(C4:C5)', result: 3 })
  expect(summary.getCell('C8').value).toEqual({ formula: "ROWS('明细'!A5:A7)", result: 3 })
  expect(summary.getCell('G8').value).toEqual({ formula: "'明细'!P8", result: 54102000.09 })
  expect(await part(path, 'xl/worksheets/sheet2.xml')).toContain('<f>G7-G8</f><v>0.00</v>')
  expect(texts(summary, 10)).toEqual(['勾稽：本表合计 = 明细合计，相符。'])
  expect(written.map((sheet) => sheet.agrees)).toEqual([true, true])
})

test('a summary that differs from the detail says where and by how much', async () => {
  const [first, ...rest] = summaryRows
  if (first === undefined) throw new Error('The sample has no summary')
  const { summary, written } = await statisticsFile(statistics([{ ...first, cost: '54100000.11' }, ...rest]))
  expect(texts(summary, 10)).toEqual(['勾稽不符：原值(元)相差 0.01；请查明原因后重新导出。'])
  expect(summary.getCell('G9').value).toEqual({ formula: 'G7-G8', result: 0.01 })
  expect(written.at(-1)?.agrees).toBe(false)
})
