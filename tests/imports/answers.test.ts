import ExcelJS from 'exceljs'
import { describe, expect, it } from 'vitest'
import { type Answers, answersOf, decided, noAnswers, withAnswers } from '../../imports/answers.ts'
import { type InterpretOptions, interpret } from '../../imports/interpreting/interpret.ts'
import type { Question } from '../../imports/target.ts'
import { plainCards } from './plain-cards.ts'
import { save, table, textFile } from './workbooks.ts'

const answered = (answers: Partial<Answers>): InterpretOptions => ({ answers: { ...noAnswers, ...answers } })

async function read(path: string, options: InterpretOptions = {}) {
  const { recognition, rows, summary } = await interpret(path, plainCards, options)
  const read = await Array.fromAsync(rows())
  const question = (key: string): Question | undefined => summary.questions.find((known) => known.key === key)
  return { recognition, rows: read, summary, question }
}

const header = ['资产名称', '账面原值（万元）', '使用状况', '保管情况']

describe('columns', () => {
  it('A3 unknown columns told: a column that nobody knows is asked about and kept beside the card', async () => {
    const { rows, question } = await read(await table([header, ['村部', 3, '自用', '钥匙在老李处']]))
    expect(question('column:D')).toMatchObject({
      kind: 'column',
      value: null,
      about: '第 D 列「保管情况」对应哪一栏？',
    })
    expect(rows[0]?.extras).toEqual({ 保管情况: '钥匙在老李处' })
  })

  it('A11 customColumnMapping: wholly other headers are read as people say, and nothing more is asked', async () => {
    const path = await table([
      ['物件', '价', '何处', '资产名称'],
      ['村部', 3, '东街', '不动产'],
    ])
    const { recognition, rows, summary } = await read(
      path,
      answered({ columns: { A: 'name', B: 'cost', C: 'location', D: null }, units: { B: '万元' } }),
    )
    expect(rows[0]?.values).toMatchObject({ name: '村部', cost: '30000.00', location: '东街' })
    expect(rows[0]?.extras).toEqual({ 资产名称: '不动产' })
    expect(summary.questions).toEqual([])
    expect(recognition.columns[1]).toMatchObject({ unit: '万元', unitFrom: 'answer', how: 'certain' })
  })

  it('A12 customFields: a column put beside the fields keeps its header and its text as written', async () => {
    const { rows, question } = await read(
      await table([header, ['村部', 3, '自用', ' 3 把 ']]),
      answered({ columns: { B: null, D: null } }),
    )
    expect(rows[0]?.extras).toEqual({ '账面原值（万元）': '3', 保管情况: '3 把' })
    expect(question('column:D')).toBeUndefined()
  })

  it('tell how sure they are, some of their texts, and where the unit is from', async () => {
    const path = await table([
      ['单位：万元、亩'],
      ['资产名称', '账面原值', '占地面积（平方米）', '标的物型号', '性质'],
      ['村部', 1, 2, 'X1', '经营性'],
      ['学校', 1, 3, 'X2', '公益性'],
      ['仓库', 4, 3, 'X2', '其他的'],
    ])
    const { recognition } = await read(path)
    expect(recognition.columns.map(({ how, unitFrom }) => [how, unitFrom])).toEqual([
      ['certain', null],
      ['certain', 'line'],
      ['certain', 'header'],
      ['likely', null],
      ['guessed', null],
    ])
    expect(recognition.columns[3]?.samples).toEqual(['X1', 'X2'])
  })

  it('of a field that there is no more, or twice of one field, take nothing from another column', async () => {
    const path = await table([header, ['村部', 3, '自用', 'x']])
    const gone = await read(path, answered({ columns: { D: 'forgotten' } }))
    expect(gone.question('column:D')).toBeDefined()
    const twice = await read(path, answered({ columns: { A: 'name', D: 'name' } }))
    expect(twice.rows[0]?.values.name).toBe('村部')
  })

  it('C8 stars, line breaks and units in brackets leave one field, whichever way its name is written', async () => {
    const path = await table([
      ['*资产\n名称', ' 账面原值（万元） ', '占地面积【㎡】'],
      ['村部', 1, 2],
    ])
    const { recognition } = await read(path)
    expect(recognition.columns.map(({ field, unit }) => [field, unit])).toEqual([
      ['name', null],
      ['cost', '万元'],
      ['landArea', '㎡'],
    ])
  })
})

describe('units', () => {
  it('hold where the field can be counted in them, and what asked for them asks no more', async () => {
    const path = await table([
      ['资产名称', '账面原值（万元）', '占地面积'],
      ['村部', 30000, 2],
      ['学校', 20000, 3],
    ])
    const open = await read(path)
    expect(open.question('unit:B')).toMatchObject({ kind: 'unit', value: '万元', field: 'cost' })
    expect(open.question('unit:B')?.choices).toContainEqual({ value: '元', label: '元' })
    const { rows, summary } = await read(path, answered({ units: { A: '亩', B: '元', C: '公顷' } }))
    expect(rows[0]?.values).toMatchObject({ cost: '30000.00', landArea: '20000.00' })
    expect(summary.questions).toEqual([])
    const wrong = await read(path, answered({ units: { B: '亩', C: '万元' } }))
    expect(wrong.rows[0]?.values).toMatchObject({ cost: '300000000.00', landArea: '2.00' })
  })
})

describe('words', () => {
  const rows = [header, ['村部', 1, '空着没人用', null], ['学校', 2, '自用', null], ['仓库', 3, '空着没人用', null]]

  it('B11 B14 an unknown word is asked about once, with the rows it stands in and the values allowed', async () => {
    const { question } = await read(await table(rows))
    expect(question('value:usage:空着没人用')).toMatchObject({
      kind: 'value',
      value: null,
      column: 'C',
      field: 'usage',
      text: '空着没人用',
      rows: { count: 2, first: [2, 4] },
    })
  })

  it('B12 of many rows the first ones are named', async () => {
    const many = Array.from({ length: 90 }, (_row, at) => [`房屋${at}`, 1, '空着没人用', null])
    const { question } = await read(await table([header, ...many, ['学校', 1, '自用', null]]))
    expect(question('value:usage:空着没人用')?.rows).toEqual({ count: 90, first: [2, 3, 4, 5, 6] })
  })

  it('B11 what people decided is read without a word, and stays to be seen', async () => {
    const { rows: read_, question } = await read(
      await table(rows),
      answered({ values: { usage: { 空着没人用: 'idle' } } }),
    )
    expect(read_[0]).toMatchObject({ values: { usage: 'idle' }, written: { usage: '空着没人用' }, problems: [] })
    expect(question('value:usage:空着没人用')).toMatchObject({ answered: true, value: 'idle', rows: { count: 2 } })
  })

  it('left blank they stay beside the card; what is no choice is asked again', async () => {
    const path = await table(rows)
    const blank = await read(path, answered({ values: { usage: { 空着没人用: null } } }))
    expect(blank.rows[0]).toMatchObject({ extras: { 使用状况: '空着没人用' }, problems: [] })
    expect(blank.rows[0]?.values).not.toHaveProperty('usage')
    const odd = await read(path, answered({ values: { usage: { 空着没人用: 'no such' } } }))
    expect(odd.question('value:usage:空着没人用')?.answered).toBeUndefined()
  })

  it('are one question over tables side by side', async () => {
    const wide = ['资产名称', '使用状况', '资产名称', '使用状况']
    const path = await table([wide, ['村部', '空着没人用', '学校', '空着没人用'], ['仓库', '自用', '站', '自用']])
    const { summary } = await read(path)
    expect(summary.questions.map(({ key, rows: told }) => [key, told?.count])).toEqual([['value:usage:空着没人用', 2]])
  })

  it('five hundred of them are asked, and their names may be anything', async () => {
    const odd = ['__proto__', 'constructor', ...Array.from({ length: 600 }, (_text, at) => `用途${at}号`)]
    const path = textFile('表.csv', `资产名称,使用状况\n村部,自用\n${odd.map((text) => `房,${text}`).join('\n')}\n`)
    const { summary, question } = await read(path, answered({ columns: { B: 'usage' } }))
    expect(summary.questions).toHaveLength(500)
    expect(question('value:usage:__proto__')).toMatchObject({ value: null, rows: { count: 1 } })
  })
})

describe('worksheets and tables', () => {
  async function two() {
    const book = new ExcelJS.Workbook()
    const first = book.addWorksheet('房屋')
    first.addRows([header, ['村部', 1, '自用', 'x'], ['学校', 1, '自用', 'x'], ['仓库', 1, '自用', 'x']])
    book.addWorksheet('土地').addRows([
      ['资产名称', '占地面积', '坐落'],
      ['水田', 2, '东'],
    ])
    return save(book)
  }

  it('a worksheet is asked for with its choices, and taken', async () => {
    const path = await two()
    const { question } = await read(path)
    expect(question('worksheet')).toMatchObject({
      value: '房屋',
      choices: [
        { value: '房屋', label: '「房屋」' },
        { value: '土地', label: '「土地」' },
      ],
    })
    const { rows, question: asked } = await read(path, answered({ worksheet: '土地' }))
    expect(rows.map(({ values }) => values.name)).toEqual(['水田'])
    expect(asked('worksheet')).toMatchObject({ value: '土地', answered: true })
  })

  const stacked = [
    ['房屋清单'],
    ['资产名称', '账面原值', '坐落'],
    ['村部', 1, '东'],
    ['土地清单', null, '单位：亩'],
    ['资产名称', '占地面积', '四至', '备注'],
    ['水田', 2, '东至路', '甲'],
    ['旱地', 3, '西至河', '乙'],
    ['设备名称', '规格型号', '数量', '保管人'],
    ['电脑', 'X1', 3, '张三'],
  ]

  it('a table further down is taken with the unit above it, and the others are still told', async () => {
    const path = await table(stacked)
    const open = await read(path)
    expect(open.question('table')?.choices?.map(({ value }) => value)).toEqual(['2', '5', '8'])
    const { rows, question } = await read(path, answered({ headerRow: 5 }))
    expect(rows.map(({ row, values }) => [row, values.name, values.landArea])).toEqual([
      [6, '水田', '1333.33'],
      [7, '旱地', '2000.00'],
    ])
    expect(question('table')).toMatchObject({ value: '5', answered: true })
    expect(question('table')?.choices?.map(({ value }) => value)).toEqual(['2', '5', '8'])
    const last = await read(path, answered({ headerRow: 8 }))
    expect(last.rows.map(({ values }) => values.name)).toEqual(['电脑'])
    expect(last.question('table')?.choices?.map(({ value }) => value)).toEqual(['2', '5', '8'])
  })

  it('one far below the first rows is found, and a row without a header is refused', async () => {
    const many = Array.from({ length: 400 }, (_row, at) => `房屋${at},1,东`)
    const path = textFile(
      '表.csv',
      `资产名称,账面原值,坐落\n${many.join('\n')}\n设备名称,规格型号,数量,保管人\n电脑,X1,3,张三\n`,
    )
    const open = await read(path)
    expect(open.question('table')?.choices?.map(({ value }) => value)).toEqual(['1', '402'])
    const { rows } = await read(path, answered({ headerRow: 402 }))
    expect(rows.map(({ row, values }) => [row, values.name, values.quantity])).toEqual([[403, '电脑', '3']])
    await expect(read(path, answered({ headerRow: 300 }))).rejects.toThrow('第 300 行没有表头')
  })

  it('B15 test_data_import_without_label: columns of one name are told apart by their letters', async () => {
    const path = await table([
      ['资产名称', '坐标', '坐标'],
      ['村部', '105.1', '30.2'],
    ])
    const { rows } = await read(path)
    expect(rows[0]?.extras).toEqual({ '坐标(B列)': '105.1', '坐标(C列)': '30.2' })
    const mapped = await read(path, answered({ columns: { B: null, C: 'remark' } }))
    expect(mapped.rows[0]).toMatchObject({ values: { remark: '30.2' }, extras: { '坐标(B列)': '105.1' } })
  })
})

describe('answers to an earlier file', () => {
  const recalling = (answers: Partial<Answers>, headers: { column: string; header: string }[]): InterpretOptions => ({
    recall: async () => ({ answers: { ...noAnswers, ...answers }, headers }),
  })
  const headers = [
    { column: 'A', header: '资产名称' },
    { column: 'D', header: '保管情况' },
  ]

  it('are taken where the same header stands in the same place', async () => {
    const path = await table([header, ['村部', 3, '空着没人用', 'x'], ['学校', 4, '自用', 'y']])
    const options = recalling({ columns: { D: 'remark', B: null }, values: { usage: { 空着没人用: 'idle' } } }, headers)
    const { recognition, rows, summary } = await read(path, options)
    expect(recognition).toMatchObject({ recalled: true, answers: { columns: { D: 'remark' } } })
    expect(rows[0]?.values).toMatchObject({ remark: 'x', usage: 'idle' })
    expect(summary.questions.filter((known) => !known.answered)).toEqual([])
  })

  it('of a worksheet or a table that the new file has not leave these open', async () => {
    const path = await table([header, ['村部', 3, '自用', 'x']])
    const { recognition, rows } = await read(path, recalling({ worksheet: '去年', headerRow: 40 }, headers))
    expect(recognition.answers).not.toHaveProperty('worksheet')
    expect(recognition.answers).not.toHaveProperty('headerRow')
    expect(rows).toHaveLength(1)
  })

  it('are found by the untouched file, whichever table was chosen', async () => {
    const book = new ExcelJS.Workbook()
    book.addWorksheet('房屋').addRows([header, ['村部', 1, '自用', 'x'], ['学校', 1, '自用', 'x']])
    book.addWorksheet('土地').addRows([
      ['资产名称', '占地面积', '坐落'],
      ['水田', 2, '东'],
    ])
    const path = await save(book)
    const asked: string[] = []
    const recall = async (fingerprint: string) => {
      asked.push(fingerprint)
      return { answers: { ...noAnswers, worksheet: '土地' }, headers: [] }
    }
    const { recognition, rows } = await read(path, { recall })
    expect(rows.map(({ values }) => values.name)).toEqual(['水田'])
    expect(asked).toEqual([recognition.fingerprint])
    expect((await read(path, answered({ worksheet: '土地' }))).recognition.fingerprint).toBe(recognition.fingerprint)
  })
})

it('later answers go before earlier ones, and texts are known by their beginning', () => {
  const both = withAnswers(
    { ...noAnswers, columns: { A: 'name', B: null }, values: { usage: { 空: 'idle', 用: 'self' } } },
    { ...noAnswers, columns: { B: 'cost' }, values: { usage: { 空: null } } },
  )
  expect(both).toEqual({ columns: { A: 'name', B: 'cost' }, units: {}, values: { usage: { 空: null, 用: 'self' } } })
  const long = '很'.repeat(100)
  const known = { ...noAnswers, values: { usage: { [`${'很'.repeat(60)}…`]: 'idle' } } }
  expect(decided(known, 'usage', long)).toBe('idle')
  expect(decided(known, 'usage', 'toString')).toBeUndefined()
  expect(answersOf({})).toEqual(noAnswers)
})
