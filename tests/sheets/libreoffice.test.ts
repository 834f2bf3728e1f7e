import { execFile, spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { folder } from './open.ts'
import { statistics } from './sample.ts'

const found = spawnSync('soffice', ['--version']).status === 0
if (!found) console.warn('SKIPPED: soffice is not on PATH, so nobody checked that LibreOffice opens the sheets.')

test.skipIf(!found)('LibreOffice computes the totals that were written', { timeout: 120_000 }, async () => {
  const directory = await folder()
  const path = join(directory, 'statistics.xlsx')
  const [detail, summary] = await writeWorkbook(statistics(), path)
  const profile = `-env:UserInstallation=file://${directory}/profile`
  await mkdir(join(directory, 'profile/user'), { recursive: true })
  await writeFile(join(directory, 'profile/user/registrymodifications.xcu'), recalculateAlways)
  // Filter options: comma, double quote, UTF-8, figures in full, every worksheet in a file of its own.
  const format = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
  // The files are named after Chinese worksheets, which a bare C locale cannot write.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  const args = [profile, '--headless', '--convert-to', format, '--outdir', directory, path]
  await promisify(execFile)('soffice', args, { env })

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

/** Without this LibreOffice believes the results that stand in the file. */
const recalculateAlways = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>`
