import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registerSheet } from '../../imports/sheets/register.ts'
import { writeTemplate } from '../../imports/writing/template.ts'
import { folder, open, texts, worksheet } from './open.ts'

test('a blank form offers the choices, keeps what is typed as text and says what to write', async () => {
  const path = join(await folder(), 'template.xlsx')
  await writeTemplate(registerSheet(['code', 'name', 'usage', 'cost']), path)
  const workbook = await open(path)
  const form = worksheet(workbook, '填表')
  expect(texts(form, 3)).toEqual(['序号', '资产编号', '资产名称', '使用状况', '账面原值(元)'])
  expect(form.getCell('D4').dataValidation).toMatchObject({
    type: 'list',
    formulae: ['"在用,出租,出借,对外投资,闲置,待处置,待核销,已处置"'],
  })
  expect(form.getCell('B303').numFmt).toBe('@')
  expect(form.getCell('A4').value).toBeNull()
  expect(texts(worksheet(workbook, '填写说明'), 6)).toEqual([
    '3',
    '使用状况',
    '从下拉列表中选择。',
    '在用、出租、出借、对外投资、闲置、待处置、待核销、已处置',
  ])
})
