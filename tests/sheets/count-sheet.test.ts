import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countSheet, countSheetHead, readCountSheetHead, valueBases } from '../../imports/sheets/count-sheet.ts'
import { landClassOf } from '../../imports/sheets/resources.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { valueBases as known } from '../../server/inventory/lines/rules.ts'
import { folder, open, part, worksheet } from './open.ts'

const head = {
  no: 'PD2026-0012',
  call: 'QC2026-0003',
  unit: '古井村股份经济合作联合社 一组：甲',
  baseOn: '2026-03-05',
  version: 7,
}

describe('the head of a 盘点单', () => {
  it('is read again as it was written', () => {
    expect(readCountSheetHead(countSheetHead(head))).toEqual(head)
  })

  it.each([
    ['blanks of another kind', countSheetHead(head).replaceAll('    ', '\u3000')],
    ['narrow colons', countSheetHead(head).replaceAll('：', ':')],
    ['the unit line behind it', `${countSheetHead(head)} 单位：元`],
    ['a blank before it', `  ${countSheetHead(head)}`],
  ])('is read with %s', (_what, text) => {
    expect(readCountSheetHead(text)).toMatchObject({ no: head.no, call: head.call, baseOn: head.baseOn, version: 7 })
  })

  it.each(['', '单位：古井村', countSheetHead(head).replace('PD2026-0012', '第12号'), '清查单号：PD2026-0012'])(
    'is not found in %j',
    (text) => {
      expect(readCountSheetHead(text)).toBeNull()
    },
  )
})

describe('the 盘点单', () => {
  it('offers states and value bases to choose from, and reasons beside which anything may be written', async () => {
    const path = join(await folder(), 'count.xlsx')
    const rows = [{ no: '1', name: '课桌', cardType: 'furniture', bookQuantity: '10' }]
    await writeWorkbook([{ sheet: countSheet, name: '盘点单', sections: [{ rows }], total: null, blankRows: 3 }], path)
    const xml = await part(path, 'xl/worksheets/sheet1.xml')
    const ranges = (header: string) =>
      [...xml.matchAll(/<dataValidation ([^>]*)errorTitle="([^"]*)"[^>]*sqref="([^"]*)"/g)]
        .filter(([, , title]) => title === header)
        .map(([, options, , range]) => `${range} ${options?.includes('showErrorMessage') ? 'only these' : 'or others'}`)
    expect(ranges('使用状况')).toEqual(['R6:R8 only these', 'R5:R5 only these'])
    expect(ranges('盘亏原因')).toEqual(['M6:M8 or others', 'M5:M5 or others'])
    expect(ranges('计价依据')).toEqual(['W6:W8 only these'])
    expect(worksheet(await open(path), '盘点单').pageSetup).toMatchObject({ orientation: 'landscape', paperSize: 9 })
  })

  it('knows the value bases that the form knows', () => {
    expect(valueBases.map(({ value, label }) => ({ value, label }))).toEqual(known.map((one) => ({ ...one })))
  })
})

describe('the class of a piece of land', () => {
  it.each([
    ['水田', '三社地', '耕地'],
    ['0101', '果园', '园地'],
    [null, '村东堰塘', '其他农用地'],
    ['农村道路', '机耕道', '交通运输和水利设施用地'],
    ['其他草地', '坡地', '草地'],
    ['建设用地', '地块', '其他建设用地'],
    [null, '一号地', '地类未填或未归类'],
  ])('of land use %j called %j is %s', (landUse, name, label) => {
    expect(landClassOf(landUse, name)).toBe(label)
  })
})
