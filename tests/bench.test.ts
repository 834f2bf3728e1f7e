import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { against, bounded, median, told } from './bench/figure.ts'

const script = fileURLToPath(new URL('bench/run.ts', import.meta.url))
const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['--no-warnings', script, ...args], { env: { PATH: process.env.PATH ?? '' } })

test('a quick run reads every generated cell right and prints its figures in their fixed form', async () => {
  const { stdout } = await bench('reading', '--quick', '--json')
  const figures = JSON.parse(stdout)
  const keys = ['bench', 'figure', 'value', 'unit', 'ratio', 'to', 'target', 'holds']
  for (const figure of figures) expect(Object.keys(figure)).toEqual(keys)
  const figure = (part: string) => figures.find((one: { figure: string }) => one.figure.includes(part))
  expect(figure('cells that differ')).toMatchObject({ value: 0, holds: true })
  expect(figure('exceljs')?.value).toBeGreaterThan(0)
  expect(figure('peak of the reading process')).toMatchObject({ unit: 'MB', target: '≤ 150 MB' })
}, 120_000)

test('what is asked for by a wrong name or flag is told how to be asked for', async () => {
  for (const args of [['writing'], ['reading', '--fast'], ['reading', 'reading']]) {
    const failed = await bench(...args).then(
      () => null,
      (error: { code: number; stderr: string }) => error,
    )
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('bin/bench [') })
  }
})

test('a figure holds or not by its own bound, or by its ratio to another of the same run', () => {
  const slow = told('b', 'slow', 100, 'rows/s')
  const quick = told('b', 'quick', 420, 'rows/s')
  expect(against(quick, slow, { least: 4 })).toMatchObject({ ratio: 4.2, to: 'slow', target: '≥ 4 ×', holds: true })
  expect(against(quick, slow, { least: 5 })).toMatchObject({ holds: false })
  expect(against(quick, slow, { most: 4 })).toMatchObject({ target: '≤ 4 ×', holds: false })
  expect(against(quick, slow)).toMatchObject({ ratio: 4.2, target: null, holds: null })
  expect(bounded(told('b', 'peak', 151, 'MB'), { most: 150 })).toMatchObject({ target: '≤ 150 MB', holds: false })
  expect(median([9, 1, 5])).toBe(5)
})

test('a quick run of the inventory saves lines by fifty people at once and loses none', async () => {
  const { stdout } = await bench('inventory', '--quick', '--json')
  const figures: { figure: string; value: number; ratio: number | null }[] = JSON.parse(stdout)
  const figure = (part: string) => figures.find((one) => one.figure.includes(part))
  expect(figure('saves lost')).toMatchObject({ value: 0, holds: true })
  for (const part of ['call issued', 'compilation filed', 'a line saved'])
    expect(figure(part)?.ratio).toBeGreaterThan(0)
}, 120_000)
