import { expect, test } from 'vitest'
import { interpret } from '../../imports/interpreting/interpret.ts'
import { repetition } from '../../imports/repetition.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { plainCards } from './plain-cards.ts'
import { sumsOf } from './sums.ts'
import { rows as rowsOf, table, textFile } from './workbooks.ts'

const cards: ImportTarget = {
  ...plainCards,
  identities: [
    { key: 'originalCode', label: '编号', fields: ['ownerUnit', 'originalCode'], unique: true },
    { key: 'likeness', label: '编号', fields: ['name', 'cost'], unique: false },
  ],
}

async function read(path: string) {
  const { rows, summary } = await interpret(path, cards)
  const found = await Array.fromAsync(rows())
  const told = found.flatMap(({ problems }) => problems.map((p) => `${p.severity} ${p.column}${p.row} ${p.message}`))
  return { rows: found, told, sums: sumsOf(found), ...summary }
}

test('a cell in another unit than its column is read as it says, and told', async () => {
  const { sums, notices, told } = await read(
    await table([
      ['单位：万元'],
      ['资产名称', '账面原值', '占地面积（亩）'],
      ['村部', 3, '200平方米'],
      ['学校', '5000元', 3],
      ['礼堂', '2万元', '3亩'],
    ]),
  )
  expect(sums).toEqual({ cost: '55000.00', landArea: '4200.00' })
  expect(notices).toEqual([
    'C 列「占地面积（亩）」的单位是亩，第 3 行格内写了别的单位，按格内的单位读入。',
    'B 列「账面原值」的单位是万元，第 4 行格内写了别的单位，按格内的单位读入。',
  ])
  expect(told).toEqual([])
})

test('yuan under a header of 万元 are asked about and left as written', async () => {
  const { sums, questions } = await read(
    await table([
      ['资产名称', '账面原值(万元)'],
      ['村部', 1800000],
      ['学校', 356000],
      ['厕所', 5],
    ]),
  )
  expect(sums.cost).toBe('21560050000.00')
  expect(questions).toMatchObject([
    { about: 'B 列「账面原值(万元)」的单位是万元吗？第 2 行折合 180 亿元，大得少见。', column: 'B', field: 'cost' },
  ])
})

test('an ordinary road of 万元 is not asked about, a house of a square kilometre is told', async () => {
  const { questions, notices } = await read(
    await table([
      ['资产名称', '账面原值(万元)', '建筑面积'],
      ['村道', 12000, null],
      ['村部', 30, 1200000],
      ['学校', 200, 300],
    ]),
  )
  expect(questions).toEqual([])
  expect(notices).toEqual(['C3「建筑面积」折合 1200000 ㎡，大得少见，请核对数字和单位。'])
})

test('price times quantity is not the amount', async () => {
  const { told } = await read(
    await table([
      ['资产名称', '数量', '单价(元)', '金额(元)'],
      ['电脑', 3, 4000, 12000],
      ['椅子', 3, 33.33, 100],
      ['桌子', 10, 200, 2100],
      ['柜子', 10, null, 2100],
    ]),
  )
  expect(told).toEqual(['told D4 单价 200.00 乘数量 10 是 2000.00，写的是 2100.00，请核对。'])
})

test('a row that repeats another names it, and what the two say otherwise', () => {
  const values = { name: '学校', originalCode: 'GZ-1', cost: '6.00', remark: '旧' }
  const first = { name: '村部', originalCode: 'GZ-1', cost: '5.00', remark: '新' }
  const told = (before: Record<string, string> | null, sameEntry = false) =>
    repetition(cards, values, { rule: 1, repeats: 2, sameEntry, first: before }).message
  expect(told(first)).toBe(
    '与第 2 行的编号相同，资产名称、账面原值却不同，只录第 2 行；确实是两项的，请点“不是同一项”。',
  )
  const same = '与第 2 行的编号相同，只录第 2 行；确实是两项的，请点“不是同一项”。'
  expect(told({ ...values, remark: '新' })).toBe(same)
  expect(told(null)).toBe(same)
  expect(told(values, true)).toBe('与第 2 行对应同一张卡片，只录第 2 行；确实是两项的，请点“不是同一项”。')
})

test('two columns of one meaning: silent where they agree, asked about where they differ', async () => {
  const header = ['资产名称', '账面原值', '原值']
  expect((await read(await table([header, ['村部', 5, 5], ['学校', 6, null]]))).questions).toEqual([])
  const { questions, notices } = await read(await table([header, ['村部', 5, 5], ['学校', 6, 7]]))
  expect(questions.map(({ about }) => about)).toEqual([
    '第 C 列「原值」与第 B 列都像「账面原值」，第 3 行写的不同，读哪一列？',
  ])
  expect(notices).toEqual([])
  const long = [header.join(), ...Array.from({ length: 300 }, (_, at) => `房${at},1,1`), '学校,6,7', '礼堂,1万,10000']
  expect((await read(textFile('表.csv', `${long.join('\n')}\n`))).notices).toEqual([
    'C 列与 B 列都是「账面原值」，第 302 行写的不同，读的是 B 列。',
  ])
})

test('error values old and new are told with their column, wherever they stand', async () => {
  const errors = ['#N/A', '#REF!', '#DIV/0!', '#VALUE!', '#NAME?', '#NUM!', '#NULL!', '#SPILL!', '#CALC!']
  const path = await rowsOf(
    '<row r="1"><c r="A1" t="inlineStr"><is><t>资产名称</t></is></c><c r="B1" t="inlineStr"><is><t>原值</t></is></c><c r="C1" t="inlineStr"><is><t>经度</t></is></c></row>' +
      errors
        .map(
          (error, at) =>
            `<row r="${at + 2}"><c r="A${at + 2}" t="inlineStr"><is><t>房</t></is></c><c r="B${at + 2}" t="e"><v>${error}</v></c><c r="C${at + 2}" t="e"><v>${error}</v></c></row>`,
        )
        .join(''),
  )
  const { told, wrong, rows } = await read(path)
  expect(wrong).toBe(errors.length)
  expect(told).toEqual(
    errors.flatMap((error, at) => [
      `wrong B${at + 2} 公式出错（${error}），请改为实际的内容。`,
      `told C${at + 2} 公式出错（${error}），请改为实际的内容。`,
    ]),
  )
  expect(rows[0]?.extras).toEqual({})
  const csv = await read(textFile('表.csv', '资产名称,原值,坐落\n村部,#N/A,#REF!\n学校,########,西\n'))
  expect(csv.told).toEqual([
    'wrong B2 公式出错（#N/A），请改为实际的内容。',
    'told C2 公式出错（#REF!），请改为实际的内容。',
    'wrong B3 「########」是列太窄时另存出来的，原来的内容已丢失，请拉宽该列后重新另存。',
  ])
})

test('a number that a cell has cut or rewritten never becomes a code', async () => {
  const { rows, told } = await read(
    textFile('表.csv', '资产编号,资产名称\n5.10923E+17,村部\n510923199001011234,学校\n007,礼堂\n'),
  )
  expect(rows.map(({ values }) => values.originalCode)).toEqual([undefined, '510923199001011234', '007'])
  expect(rows[0]?.extras).toEqual({ 资产编号: '5.10923E+17' })
  expect(told).toEqual([expect.stringMatching(/^told A2 .*科学计数法.*原文已作为附加栏目保留。$/)])
})

test('a total counts each cell in the unit of its column', async () => {
  const { totals } = await read(
    await table([
      ['资产名称', '账面原值（万元）', '建筑面积'],
      ['村部', 3, '2亩'],
      ['学校', '5000元', '约66.67平方米'],
      ['礼堂', '2万元', 100],
      ['合计', 5.5, 1500],
    ]),
  )
  expect(totals).toMatchObject([
    { field: 'cost', declared: '5.5', agrees: true },
    { field: 'floorArea', declared: '1500', agrees: true },
  ])
})
