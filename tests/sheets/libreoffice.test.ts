import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { convert, hasLibreOffice } from '../support/libreoffice.ts'
import { folder } from './open.ts'
import { statistics } from './sample.ts'

test.skipIf(!hasLibreOffice)('LibreOffice computes the totals that were written', { timeout: 120_000 }, async () => {
  const directory = await folder()
  const path = join(directory, 'statistics.xlsx')
  const [detail, summary] = await writeWorkbook(statistics(), path)
  // Filter options: comma, double quote, UTF-8, figures in full, every worksheet in a file of its own.
  const format = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
  await convert(directory, format, [path])

  const totalLine = async (name: string, label: string) =>
    (await readFile(join(directory, `statistics-${name}.csv`), 'utf8'))
      .split('\n')
      .find((line) => line.startsWith(label))
  expect(await totalLine('明细', '合计')).toContain(',54102000.09,1000.09,54101000,')
  expect(await totalLine('汇总', '合计')).toBe('合计,,3,1377,2196.75,2150.5,54102000.09,1000.09,54101000,12000')
  expect(await totalLine('汇总', '明细合计')).toBe('明细合计,,3,1377,2196.75,2150.5,54102000.09,1000.09,54101000,12000')
  expect(await totalLine('汇总', '差额')).toBe('差额(应为0),,0,0,0,0,0,0,0,0')
  expect([detail?.totals.cost, summary?.totals.cost]).toEqual(['54102000.09', '54102000.09'])
})
