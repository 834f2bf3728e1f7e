import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { interpret } from '../../imports/interpreting/interpret.ts'
import { columnName } from '../../imports/reading/columns.ts'
import { limits } from '../../imports/reading/limits.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { plainCards } from './plain-cards.ts'
import { rows, textFile } from './workbooks.ts'

// Tables that the reading process hands on as they are, and that would cost the server's own time and memory.

const cards: ImportTarget = {
  ...plainCards,
  identities: [{ key: 'originalCode', label: '编号', fields: ['originalCode'], unique: true }],
}

async function read(path: string) {
  const { rows, summary } = await interpret(path, cards)
  const found = await Array.fromAsync(rows())
  return { rows: found, ...summary }
}

const csv = (lines: readonly string[]) => textFile('表.csv', lines.join('\n'))
const many = <T>(length: number, make: (at: number) => T): T[] => Array.from({ length }, (_, at) => make(at))
const cell = (place: string, text: string) => `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`
const header = (texts: readonly string[]) => texts.map((text, at) => cell(`${columnName(at + 1)}1`, text)).join('')

test('a table of more columns than any has is refused: each row would cost what its columns are', async () => {
  const wide = (columns: number) =>
    rows(`<row r="1">${header(['资产名称', ...many(columns - 1, (at) => `栏${at}`)])}</row>
      <row r="2">${cell('A2', '水泵')}<c r="XFD2"><v>1</v></c></row>`)
  await expect(read(await wide(limits.tableColumns))).rejects.toThrow(
    /^工作表「台账」有超过 256 列写了内容.*请只留资产表的列，另存后再上传。$/,
  )
  expect((await read(await wide(limits.tableColumns - 1))).rows).toHaveLength(1)
})

test('a worksheet too wide for a table does not keep the table beside it from being read', async () => {
  const wide = `<worksheet><sheetData><row r="1">${header(many(300, (at) => `栏${at}`))}</row></sheetData></worksheet>`
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const path = await rows(
    `<row r="1">${cell('A1', '资产名称')}${cell('B1', '原值')}</row><row r="2">${cell('A2', '水泵')}</row>`,
    {
      'xl/workbook.xml':
        '<workbook><sheets><sheet name="宽" sheetId="2" r:id="rId9"/><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId9" Type="${office}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`,
      'xl/worksheets/sheet2.xml': wide,
    },
  )
  const { rows: found, notices } = await read(path)
  expect(found.map(({ values }) => values.name)).toEqual(['水泵'])
  expect(notices).toContain('工作表「宽」里没有认出资产表，没有读入。')
})

test('tables beside each other are read one after the other, so only a few are', async () => {
  const beside = (times: number) =>
    csv(
      many(times, () => '资产名称,账面原值')
        .join(',')
        .split('\n')
        .concat('水泵,1'),
    )
  await expect(read(beside(limits.blocks + 1))).rejects.toThrow(/并排了 13 段表格，最多 12 段。请把各段上下接成一张表/)
  expect((await read(beside(2))).rows).toHaveLength(1)
})

test('of a million sums the first ones are told, those that differ before all', async () => {
  const { totals } = await read(
    csv([
      '资产名称,账面原值',
      '水泵,1',
      ...many(2000, () => '合计,1'),
      ...many(2000, () => '合计,2'),
      '电机,1',
      '合计,2',
    ]),
  )
  expect(totals).toHaveLength(1000)
  expect(totals.filter(({ agrees }) => !agrees)).toHaveLength(500)
})

test('one figure of endless digits makes no sum slow', async () => {
  const endless = `0.${'0'.repeat(30_000)}1`
  const { rows: found } = await read(csv(['资产名称,账面原值', `水泵,${endless}`, ...many(50, (at) => `电机${at},1`)]))
  expect(found[0]?.problems[0]).toMatchObject({ severity: 'wrong' })
  expect(found[0]?.problems[0]?.message).toMatch(/^「0\.0{58}…」的位数过多，请核对/)
  const began = process.cpuUsage().user
  await read(csv(['资产名称,账面原值', `水泵,${endless}`, ...many(5000, (at) => `电机${at},1`)]))
  expect(process.cpuUsage().user - began).toBeLessThan(1_000_000)
})

test('a question shows the beginning of a long text', async () => {
  const { questions, rows: found } = await read(csv(['资产名称,使用状况', '电机,闲置', `水泵,${'甲乙'.repeat(5000)}`]))
  expect(questions[0]?.about.length).toBeLessThan(100)
  expect(found[1]?.problems[0]?.message.length).toBeLessThan(200)
  expect(Object.values(found[1]?.extras ?? {})).toEqual(['甲乙'.repeat(5000)])
})

test('what is remembered of rows holds nothing else of them in memory', { timeout: 60_000 }, async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const long = '资'.repeat(4000)
  const body = many(8000, (at) => {
    const row = at + 2
    return `<row r="${row}">${cell(`A${row}`, `二十个字的名称二十个字的名称泵${at}`)}${cell(`B${row}`, `YB${at}`)}<c r="C${row}" t="s"><v>0</v></c></row>`
  })
  const path = await rows(`<row r="1">${header(['资产名称', '原资产编号', '规格说明'])}</row>${body.join('')}`, {
    'xl/sharedStrings.xml': `<sst><si><t>${long}</t></si></sst>`,
  })
  const { rows: read } = await interpret(path, cards)
  collect()
  const before = process.memoryUsage().heapUsed
  let held = 0
  let at = 0
  for await (const _row of read()) {
    if (++at !== 7900) continue
    collect()
    held = process.memoryUsage().heapUsed - before
  }
  expect(at).toBe(8000)
  expect(held / 2 ** 20).toBeLessThan(20)
})
