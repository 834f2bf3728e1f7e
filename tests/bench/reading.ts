import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { against, type Bench, type BenchOptions, bounded, type Figure, median, told } from './figure.ts'
import { columns, expectedRow, headerRows, writeCsv, writeWorkbook } from './ledger.ts'
import { type Measured, measure } from './measured.ts'

/** Rows of the ledger that is compared, of the largest one, and of those that show how it grows. */
const full = { compared: 100_000, large: 500_000, csv: 300_000, growth: [10_000, 100_000, 500_000], runs: 3 }
const quick = { compared: 4_000, large: 20_000, csv: 10_000, growth: [2_000, 20_000], runs: 1 }

/** How quickly files become rows, and what memory that takes. */
export const bench: Bench = async (options) => {
  const sizes = options.quick ? quick : full
  return [...(await workbooks(options, sizes)), ...(await growth(options, sizes)), ...(await texts(options, sizes))]
}

type Sizes = typeof full

const millions = 1_000_000

async function workbooks({ scratch }: BenchOptions, { compared, runs }: Sizes): Promise<Figure[]> {
  const path = join(scratch, 'compared.xlsx')
  await writeWorkbook(path, compared)
  const [ours, theirs] = await alternating(runs, [() => measure('panhuo', path), () => measure('exceljs', path)])
  const digested = await measure('panhuo', path, ['--digest'])
  const name = `.xlsx ${compared.toLocaleString('en')} × ${columns.length}`
  const baseline = told('reading', `${name}, exceljs stream`, rate(theirs), 'rows/s')
  const wrong = digested.digest === expectedDigest(compared) ? 0 : 1
  return [
    baseline,
    against(told('reading', name, rate(ours), 'rows/s'), baseline, { least: 4 }),
    bounded(told('reading', `${name}, cells that differ`, wrong, 'of all'), { most: 0 }),
    told('reading', `${name}, cells`, (digested.cells / millions) * 1000, 'thousand'),
  ]
}

/** What every cell of the ledger has to be: the header rows stand as they are read, the data as it was made. */
function expectedDigest(rows: number): string {
  const digest = createHash('sha256')
  digest.update('1:0:蓬莱镇村级固定资产台账（演示数据）\n')
  for (const [at, { header, group }] of columns.entries()) digest.update(`2:${at}:${group ?? header}\n`)
  for (const [at, { header, group }] of columns.entries()) if (group !== undefined) digest.update(`3:${at}:${header}\n`)
  for (let row = 0; row < rows; row++) {
    for (const [at, text] of expectedRow(row).entries()) {
      if (text !== '') digest.update(`${row + headerRows + 1}:${at}:${text}\n`)
    }
  }
  return digest.digest('hex')
}

async function growth({ scratch }: BenchOptions, { growth, large, runs }: Sizes): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const rows of growth) {
    const path = join(scratch, `growing-${rows}.xlsx`)
    await writeWorkbook(path, rows)
    const [measured = []] = await alternating(runs, [() => measure('panhuo', path)])
    const name = `.xlsx ${rows.toLocaleString('en')} rows`
    const perRow = told(
      'reading',
      `${name}, per row`,
      (median(measured.map(({ seconds }) => seconds)) / rows) * millions,
      'µs',
    )
    const first = figures[0]
    // Starting the process weighs most on the smallest: time per row must not grow.
    figures.push(first ? against(perRow, first, { most: 1.25 }) : perRow)
    if (rows !== large) continue
    const reader = median(measured.map(({ readerMegabytes }) => readerMegabytes ?? Number.NaN))
    figures.push(bounded(told('reading', `${name}, peak of the reading process`, reader, 'MB'), { most: 150 }))
    figures.push(
      told('reading', `${name}, peak of who asked`, median(measured.map(({ megabytes }) => megabytes)), 'MB'),
    )
  }
  return figures
}

async function texts({ scratch }: BenchOptions, { csv, runs }: Sizes): Promise<Figure[]> {
  const path = join(scratch, 'ledger.csv')
  await writeCsv(path, csv)
  const [ours, plain] = await alternating(runs, [() => measure('panhuo', path), () => measure('split', path)])
  const name = `.csv ${csv.toLocaleString('en')} × ${columns.length}`
  const baseline = told('reading', `${name}, split at line ends and commas`, seconds(plain), 's')
  return [baseline, against(told('reading', name, seconds(ours), 's'), baseline, { most: 2 })]
}

/** Takes turns, so that whatever else the machine does meets all alike. */
async function alternating(runs: number, works: readonly (() => Promise<Measured>)[]): Promise<Measured[][]> {
  const results: Measured[][] = works.map(() => [])
  for (let run = 0; run < runs; run++) {
    for (const [at, work] of works.entries()) results[at]?.push(await work())
  }
  return results
}

function rate(measured: readonly Measured[] | undefined): number {
  return median((measured ?? []).map(({ rows, seconds }) => rows / seconds))
}

function seconds(measured: readonly Measured[] | undefined): number {
  return median((measured ?? []).map((one) => one.seconds))
}
