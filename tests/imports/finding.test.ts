import ExcelJS from 'exceljs'
import { describe, expect, test } from 'vitest'
import { type InterpretOptions, interpret } from '../../imports/interpreting/interpret.ts'
import { plainCards } from './plain-cards.ts'
import { sumsOf } from './sums.ts'
import { parts, save, table, textFile, zipped } from './workbooks.ts'

async function read(path: string, options: InterpretOptions = {}) {
  const { recognition, rows, summary } = await interpret(path, plainCards, options)
  const found = await Array.fromAsync(rows())
  const names = found.map(({ row, values }) => `${row} ${values.name}`)
  return { recognition, rows: found, names, sums: sumsOf(found), ...summary }
}

/** Rows as XML, with what stands before them in the worksheet. */
const rowsOf = (xml: string, more = {}, before = '') => zipped(parts(`${before}<sheetData>${xml}</sheetData>`, more))

const plain = ['序号', '资产名称', '建筑面积', '账面原值', '坐落']

describe('where the table begins', () => {
  test('a header that is not in A1, columns and rows left blank between', async () => {
    const { recognition, names, sums, questions, notices } = await read(
      await table([
        [],
        [],
        [null, null, '资产台账'],
        [null, null, '序号', '资产名称', null, '账面原值', null, '坐落'],
        [null, null, 1, '村部', null, 5, null, '东'],
        ...Array.from({ length: 60 }, () => []),
        [null, null, 2, '学校', null, 6, null, '西'],
      ]),
    )
    expect(recognition.headerRows).toEqual([4])
    expect(names).toEqual(['5 村部', '66 学校'])
    expect(sums.cost).toBe('11.00')
    expect([questions, notices]).toEqual([[], []])
  })

  test('three header rows with merged groups', async () => {
    const { recognition, rows } = await read(
      await table(
        [
          ['资产台账'],
          ['序号', '基本情况', null, null, '价值', null],
          [null, '资产名称', '面积', null, '账面', null],
          [null, null, '占地面积(亩)', '建筑面积(㎡)', '原值', '净值'],
          [1, '村部', 2, 100, 5, 4],
        ],
        ['A1:F1', 'A2:A4', 'B2:D2', 'E2:F2', 'B3:B4', 'C3:D3', 'E3:F3'],
      ),
    )
    expect(recognition.headerRows).toEqual([2, 3, 4])
    expect(rows[0]?.values).toMatchObject({ landArea: '1333.33', floorArea: '100.00', cost: '5.00', netValue: '4.00' })
  })

  test('groups that were not merged', async () => {
    const { recognition, rows } = await read(
      await table([
        ['序号', '资产名称', '面积', null, '价值', null],
        [null, null, '占地', '建筑', '原值', '净值'],
        [1, '村部', 2, 100, 5, 4],
        [2, '学校', 3, 200, 6, 5],
      ]),
    )
    expect(recognition.headerRows).toEqual([1, 2])
    expect(rows[1]?.values).toMatchObject({ landArea: '3.00', floorArea: '200.00', cost: '6.00', netValue: '5.00' })
  })

  test('units in a row of their own below the header', async () => {
    const { recognition, rows, wrong } = await read(
      await table([
        ['序号', '资产名称', '建筑面积', '账面原值', '占地面积（亩）'],
        [null, null, '（㎡）', '（万元）', null],
        [1, '村部', 100, 5, 3],
      ]),
    )
    expect(recognition.headerRows).toEqual([1, 2])
    expect(recognition.columns.map(({ unit }) => unit)).toEqual([null, null, '㎡', '万元', '亩'])
    expect(rows.map(({ values }) => [values.cost, values.landArea])).toEqual([['50000.00', '2000.00']])
    expect(wrong).toBe(0)
  })

  test('units in the last header row, beside the end of a long name', async () => {
    const { recognition, rows, wrong } = await read(
      await table([
        ['序号', '资产名称', '占地', '原值', '承租'],
        [null, null, '（亩）', '（万元）', '人'],
        [1, '村部', 3, 5, '张三'],
      ]),
    )
    expect(recognition.headerRows).toEqual([1, 2])
    expect(rows.map(({ values }) => [values.landArea, values.cost])).toEqual([['2000.00', '50000.00']])
    expect(wrong).toBe(0)
    const data = await read(
      await table([
        ['资产名称', '计量单位', '原值'],
        ['塘', '亩', null],
        ['渠', '公里', 5],
      ]),
    )
    expect(data.names).toEqual(['2 塘', '3 渠'])
  })

  test('an official form: number of annex, title, who reports, numbered columns, signatures', async () => {
    const { names, sums, totals, notices, questions, leftOut } = await read(
      await table(
        [
          ['附件2'],
          ['蓬莱镇镇村公有资产清理统计表'],
          ['填报单位（盖章）：蓬莱镇人民政府', null, null, null, '填报日期：2021年3月20日', null, '单位：万元、平方米'],
          ['序号', '村（社区）', '资产名称', '建筑面积', '账面原值', '使用状况', '备注'],
          ['栏次', '甲', '乙', 1, 2, 3, 4],
          [1, '蓬莱村', '村部', 100, 5, '在用', null],
          ['合计', '—', '—', 100, 5, '—', null],
          ['填表人：', null, '联系电话：', null, '审核人：'],
        ],
        ['A1:G1', 'A2:G2', 'A3:D3', 'E3:F3'],
      ),
    )
    expect(names).toEqual(['6 村部'])
    expect(sums).toEqual({ floorArea: '100.00', cost: '50000.00' })
    expect(totals.map(({ agrees }) => agrees)).toEqual([true, true])
    expect(leftOut.map(({ row, role }) => `${row} ${role}`)).toEqual(['5 header', '7 total', '8 note'])
    expect([questions, notices]).toEqual([[], []])
  })
})

describe('tables side by side', () => {
  test('the left one is read, then the right one, each with its own columns and totals', async () => {
    const { names, rows, sums, totals, wrong, notices } = await read(
      await table([
        ['序号', '名称', '账面原值', '序号', '名称', '账面原值'],
        [1, '村部', 100, 3, '学校', 30],
        [2, '仓库', 50, 4, '礼堂', '三十'],
        ['合计', null, 150, null, null, 30],
      ]),
    )
    expect(names).toEqual(['2 村部', '3 仓库', '2 学校', '3 礼堂'])
    expect(rows.map(({ block }) => block)).toEqual([undefined, undefined, 1, 1])
    expect(rows[3]?.problems).toMatchObject([{ row: 3, column: 'F', field: 'cost', severity: 'wrong' }])
    expect(rows[3]?.extras).toEqual({})
    expect({ sums, wrong }).toEqual({ sums: { cost: '180.00' }, wrong: 1 })
    expect(totals.map(({ declared, agrees }) => [declared, agrees])).toEqual([
      ['150', true],
      ['30', true],
    ])
    expect(notices).toEqual(['表格左右并排了 2 段（从 A、D 列起），已从左到右逐段读入。'])
  })

  test('a blank column between, three of them, and a total at the end for all', async () => {
    const { names, totals } = await read(
      await table([
        ['资产名称', '原值', null, '资产名称', '原值', null, '资产名称', '原值'],
        ['甲楼', 1, null, '乙楼', 2, null, '丙楼', 3],
        [null, null, null, null, null, null, '总计', 6],
      ]),
    )
    expect(names).toEqual(['2 甲楼', '2 乙楼', '2 丙楼'])
    expect(totals).toMatchObject([{ declared: '6', computed: '6', agrees: true }])
  })

  test('one number of the line for both', async () => {
    const { names } = await read(
      await table([
        ['序号', '资产名称', '原值', '资产名称', '原值'],
        [1, '甲楼', 1, '乙楼', 2],
        [2, '丙楼', 1, null, null],
      ]),
    )
    expect(names).toEqual(['2 甲楼', '3 丙楼', '2 乙楼'])
  })

  test('under other headers it is told; none of its figures becomes part of the asset to its left', async () => {
    const beside = (first: string) =>
      `${first} 列起右边是另一张表（序号、设备名称、数量、金额），没有读入；要导入，请把它移到单独的工作表再上传。`
    const serial = await read(
      await table([
        ['序号', '房屋名称', '建筑面积', '序号', '设备名称', '数量', '金额'],
        [1, '村部', 100, 1, '电脑', 2, 3],
        [null, null, null, 2, '打印机', 1, 4],
        ['合计', null, 100, '合计', null, 3, 7],
      ]),
    )
    expect(serial.rows).toMatchObject([{ values: { name: '村部', floorArea: '100.00' }, extras: {} }])
    expect(serial.rows[0]?.values).not.toHaveProperty('quantity')
    expect([serial.names, serial.questions, serial.notices]).toEqual([['2 村部'], [], [beside('D')]])
    const gap = await read(
      await table([
        ['房屋名称', '原值', null, '设备名称', '数量', '金额'],
        ['村部', 100, null, '电脑', 2, 3],
      ]),
    )
    expect(gap.notices).toEqual([beside('D').replace('序号、', '')])
    const nameless = await read(
      await table([
        ['资产名称', '原值', null, '标的名称'],
        ['村部', 100, '二楼', '东屋'],
      ]),
    )
    expect(nameless.rows[0]?.extras).toEqual({ C列: '二楼', 标的名称: '东屋' })
  })

  test('groups that repeat their leaves are one table', async () => {
    const { rows, recognition } = await read(
      await table(
        [
          ['资产名称', '账面数', null, '清查数', null],
          [null, '数量', '金额', '数量', '金额'],
          ['电脑', 3, 100, 2, 90],
        ],
        ['A1:A2', 'B1:C1', 'D1:E1'],
      ),
    )
    expect(recognition.blocks).toHaveLength(1)
    expect(rows).toHaveLength(1)
  })
})

describe('several tables on a worksheet', () => {
  test('under the same header they are one, and each total is checked', async () => {
    const { names, totals, notices } = await read(
      await table([
        ['房屋'],
        plain,
        [1, '村部', 100, 5, '东'],
        ['合计', null, 100, 5],
        [],
        ['土地'],
        plain,
        [1, '旱地', 300, 6, '东'],
        ['合计', null, 300, 6],
      ]),
    )
    expect(names).toEqual(['3 村部', '8 旱地'])
    expect(totals.every(({ agrees }) => agrees)).toBe(true)
    expect(notices).toEqual(['第 6 行「土地」是分段标题，没有作为资产读入。'])
  })

  test('under another header they are told, and what comes back under ours is read', async () => {
    const { names, questions, totals } = await read(
      await table([
        plain,
        [1, '村部', 100, 5, '东'],
        [],
        ['设备清单'],
        ['序号', '资产名称', '规格型号', '数量', '保管人'],
        [1, '电脑', 'X1', 3, '张三'],
        ['合计', null, null, 3],
        [],
        plain,
        [2, '学校', 200, 6, '西'],
      ]),
    )
    expect(names).toEqual(['2 村部', '10 学校'])
    expect(totals).toEqual([])
    expect(questions).toMatchObject([
      {
        about: '工作表里上下排了 2 张表，读哪一张？',
        guess:
          '读第 1 行起的这张，别的没有读入：第 5 行起（序号、资产名称、规格型号、数量）；要导入，请选它再读一次，或移到单独的工作表再上传',
      },
    ])
  })

  test('headers that name few fields are told by their measures, two alone when both are known', async () => {
    const { names, sums, questions } = await read(
      await table([
        ['标的物', '起始价(元)', '坐落'],
        ['商铺', 198299, '一号'],
        ['编号', '实际用途', '建筑面积(㎡)', '评估租赁单价(元/㎡/月)', '评估租赁总价(元/年)'],
        [101, '商铺', 70.41, 32.66, 27600],
        ['标的物', '起始价(元)', '坐落'],
        ['门面', 5, '二号'],
        ['设备名称', '购置金额'],
        ['电脑', 5],
      ]),
    )
    expect(names).toEqual(['2 商铺', '6 门面'])
    expect(sums).toEqual({})
    expect(questions.find(({ kind }) => kind === 'table')?.choices).toEqual([
      { value: '1', label: '第 1 行起：标的物、起始价(元)、坐落' },
      { value: '3', label: '第 3 行起：编号、实际用途、建筑面积(㎡)、评估租赁单价(元/㎡/月)' },
      { value: '7', label: '第 7 行起：设备名称、购置金额' },
    ])
  })

  test('a page break repeats title, unit and header', async () => {
    const { names, notices, totals } = await read(
      await table([
        ['蓬莱镇资产台账'],
        ['单位：元'],
        plain,
        [1, '村部', 100, 5, '东'],
        ['本页小计', null, 100, 5],
        ['蓬莱镇资产台账'],
        ['单位：元'],
        plain,
        [2, '学校', 200, 6, '西'],
        ['本页小计', null, 200, 6],
        ['总 计', null, 300, 11],
      ]),
    )
    expect(names).toEqual(['4 村部', '9 学校'])
    expect(totals.map(({ agrees }) => agrees)).toEqual([true, true, true, true, true, true])
    expect(notices).toEqual([])
  })

  test('a page break repeats a header of two rows', async () => {
    const header = [
      ['序号', '资产名称', '面积', null, '价值', null],
      [null, null, '占地', '建筑', '原值', '净值'],
    ]
    const { names } = await read(await table([...header, [1, '村部', 1, 2, 5, 4], ...header, [2, '学校', 1, 2, 6, 4]]))
    expect(names).toEqual(['3 村部', '6 学校'])
  })
})

describe('rows that are no assets', () => {
  test('headings, also of villages and in the name column', async () => {
    const { names, notices } = await read(
      await table([
        plain,
        ['一、房屋'],
        [1, '村部', 100, 5, '东'],
        ['蓬莱村'],
        [2, '学校', 100, 6, '西'],
        [null, '古井村'],
        [3, '礼堂', 100, 6, '西'],
        ['2. 面积为实测'],
      ]),
    )
    expect(names).toEqual(['3 村部', '5 学校', '7 礼堂'])
    expect(notices).toEqual([
      '第 2 行「一、房屋」、第 4 行「蓬莱村」、第 6 行「古井村」是分段标题，没有作为资产读入。标题里的村名没有写进各行，需要的请在表里加“所在村”一列。',
    ])
  })

  test('totals by every name and in every place', async () => {
    const { names, totals, notices } = await read(
      await table([
        ['序号', '资产名称', '账面原值', '备注'],
        ['总计', null, 36, null],
        [1, '村部', 5, null],
        [2, '学校', 6, null],
        ['本页合计', null, 11, null],
        [3, '礼堂', 10, null],
        [4, '总计厂房', 15, null],
        ['本页小计', null, 25, null],
        ['累  计', null, 36, null],
        [5, '合      计', 36, null],
        ['合计（大写）：叁拾陆元整', null, null, null],
        ['合计：共 4 项', '—', 36, null],
        ['合计', '4项', 36, null],
        ['合计 4 处', null, 36, null],
        [null, null, 36, '合计'],
        [null, null, 36, null],
      ]),
    )
    expect(names).toEqual(['3 村部', '4 学校', '6 礼堂', '7 总计厂房'])
    expect(totals.map(({ row, agrees }) => [row, agrees])).toEqual(
      [2, 5, 8, 9, 10, 12, 13, 14, 15, 16].map((row) => [row, true]),
    )
    expect(notices).toEqual(['第 16 行没有名称，数字正好是上面各行之和，按合计处理。'])
  })

  test('headings that carry the sums of what is below them', async () => {
    const { names, totals, sums } = await read(
      await table([
        ['序号', '资产名称', '建筑面积', '账面原值'],
        ['一', '房屋', 300, 11],
        [null, '（一）办公用房', 100, 5],
        [1, '村部', 100, 5],
        [null, '（二）校舍', 200, 6],
        [2, '学校', 200, 6],
        [null, '其中：门面', 50, 2],
        ['二', '设备', null, 9],
        [3, '电脑', null, 8],
        ['合计', null, 300, 19],
      ]),
    )
    expect(names).toEqual(['4 村部', '6 学校', '9 电脑'])
    expect(sums).toEqual({ floorArea: '300.00', cost: '19.00' })
    expect(totals.filter(({ agrees }) => !agrees)).toMatchObject([
      { row: 8, field: 'cost', declared: '9', computed: '8' },
    ])
    expect(totals.map(({ row }) => row)).toEqual([2, 2, 3, 3, 5, 5, 8, 10, 10])
  })

  test('assets that are numbered 一 二 三 stay assets', async () => {
    const { names } = await read(
      await table([
        ['序号', '资产名称', '账面原值'],
        ['一', '村部', 5],
        ['二', '学校', 6],
      ]),
    )
    expect(names).toEqual(['2 村部', '3 学校'])
    const list = await table([
      ['资产名称', '账面原值'],
      ['一、村部', 5],
      ['二、学校', 6],
      ['合计', 11],
    ])
    expect((await read(list)).names).toEqual(['2 一、村部', '3 二、学校'])
  })

  test('a figure without a name that is no sum stays wrong', async () => {
    const { wrong } = await read(await table([plain, [1, '村部', 100, 5], [2, '学校', 100, 6], [null, null, null, 7]]))
    expect(wrong).toBe(1)
  })

  test('notes and signatures', async () => {
    const { names } = await read(
      await table([
        plain,
        [1, '村部', 100, 5, '东'],
        ['注：以上为账面数'],
        ['说明：1. 原值'],
        ['备注', '本表一式三份'],
        ['填表人：张三', null, '审核人：李四'],
        ['单位负责人（签字）：', null, '日期：2024年3月1日'],
        ['2024年3月1日'],
        ['第 1 页 共 3 页'],
      ]),
    )
    expect(names).toEqual(['2 村部'])
  })

  test('a number of the line identifies nothing', async () => {
    const { names, wrong } = await read(
      await table([plain, [1, '村部', 1, 5], [1, '学校', 1, 5], [1, '礼堂', 1, 5], [2, '礼堂', 1, 5]]),
    )
    expect(names).toHaveLength(4)
    expect(wrong).toBe(0)
  })

  test('thousands of formatted rows without content are passed over', async () => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('台账')
    sheet.addRows([plain, [1, '村部', 100, 5, '东']])
    for (let row = 3; row < 3000; row++) sheet.getRow(row).getCell(1).numFmt = '0.00'
    expect((await read(await save(book))).read).toBe(1)
  })
})

describe('what the file hides', () => {
  test('worksheets and rows are told, not asked about', async () => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('台账')
    sheet.addRows([plain, [1, '村部', 100, 5, '东'], [2, '学校', 100, 5, '东']])
    sheet.getRow(3).hidden = true
    book.addWorksheet('选项', { state: 'hidden' }).addRow(['在用', '闲置'])
    const { names, questions, notices } = await read(await save(book))
    expect(names).toHaveLength(2)
    expect(questions).toEqual([])
    expect(notices).toEqual([
      '工作表「选项」（隐藏）里没有认出资产表，没有读入。',
      '第 3 行在表格中被隐藏，已照常读入；不要的请删掉后重新上传。',
    ])
  })

  test('columns are read all the same, formulas by their stored results', async () => {
    const path = await rowsOf(
      '<row r="1"><c r="A1" t="inlineStr"><is><t>资产名称</t></is></c><c r="B1" t="inlineStr"><is><t>原值</t></is></c></row>' +
        '<row r="2"><c r="A2" t="inlineStr"><is><t>村部</t></is></c><c r="B2"><f>2+3</f><v>5</v></c></row>',
      {},
      '<cols><col min="2" max="2" hidden="1"/></cols>',
    )
    const { sums, notices } = await read(path)
    expect(sums.cost).toBe('5.00')
    expect(notices).toEqual(['第 B 列在表格中被隐藏，已照常读入。', '有 1 个单元格是公式，按文件里保存的结果读入。'])
  })

  test('a formula without a stored result is no blank', async () => {
    const text = (cell: string, content: string) => `<c r="${cell}" t="inlineStr"><is><t>${content}</t></is></c>`
    const path = await rowsOf(
      `<row r="1">${text('A1', '资产名称')}${text('B1', '原值')}${text('C1', '坐落')}${text('D1', '经度')}</row>` +
        `<row r="2">${text('A2', '村部')}<c r="B2"><f>1+1</f></c><c r="C2"><f>D9</f></c><c r="D2"><f>D9</f></c></row>` +
        `<row r="3">${text('A3', '学校')}<c r="B3"><v>7</v></c></row>`,
    )
    const { rows, sums } = await read(path)
    const message = '公式没有保存结果，请用 WPS 或 Excel 打开并保存后再上传。'
    expect(rows[0]?.problems).toEqual([
      { row: 2, column: 'B', field: 'cost', message, severity: 'wrong' },
      { row: 2, column: 'C', field: 'location', message, severity: 'told' },
      { row: 2, column: 'D', field: null, message, severity: 'told' },
    ])
    expect(sums.cost).toBe('7.00')
  })

  test('a csv file has nothing to tell', async () => {
    const { notices, questions } = await read(textFile('表.csv', '资产名称,原值\n村部,1\n学校,2\n'))
    expect([notices, questions]).toEqual([[], []])
  })
})
