import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { against, type Bench, type BenchOptions, type Figure, median, told } from './figure.ts'
import { openImportCounty, type Run, seconds } from './import-runs.ts'
import { columns, writeWorkbook } from './ledger.ts'
import { p95, serveDemo, waits } from './served.ts'

/** Rows of the ledger that is compared, how many of them show how it grows, and what is read while others work. */
const full = { rows: 100_000, files: 5, felt: 50_000, quiet: 300 }
const quick = { rows: 2_000, files: 2, felt: 2_000, quiet: 20 }

/** From the file to the register and back: against the least it could cost, in memory, and for everybody else meanwhile. */
export const bench: Bench = async (options) => {
  const sizes = options.quick ? quick : full
  return [...(await there(options, sizes)), ...(await felt(options, sizes))]
}

type Sizes = typeof full

/**
 * The least: reading the file alone, and plain COPY of the same cards into the same table with its indexes. Both are timed
 * before, between and after what is held against them: a machine is not as fast at one minute as at the next.
 */
async function there({ scratch }: BenchOptions, { rows, files }: Sizes): Promise<Figure[]> {
  const county = await openImportCounty(scratch)
  try {
    const path = join(scratch, 'import.xlsx')
    await writeWorkbook(path, rows)
    const scans = [await seconds(() => readAll(path))]
    const copies: number[] = []
    const again = async () => {
      copies.push(await county.copied())
      scans.push(await seconds(() => readAll(path)))
    }
    const run = await county.imported(path)
    await again()
    const undone = await county.undone(run.batch)
    await again()
    await again()
    const scan = median(scans)
    const floor = scan + median(copies)
    const name = `${rows.toLocaleString('en')} × ${columns.length}`
    const base = told('import', `${name}, floor: scan alone + plain COPY`, floor, 's')
    return [
      told('import', `${name}, scan alone`, scan, 's'),
      base,
      against(told('import', `${name}, upload to committed`, run.total, 's'), base, { most: 2.5 }),
      ...sharesOf(run),
      against(told('import', `${name}, undone`, undone.total, 's'), base, { most: 2.5 }),
      ...sharesOf(undone),
      ...(await growth(county, scratch, rows, files)),
    ]
  } finally {
    await county.close()
  }
}

async function readAll(path: string): Promise<void> {
  for await (const _ of readWorkbook(path));
}

function sharesOf({ phases }: Run): Figure[] {
  return [...phases].map(([phase, spent]) => told('import', `  ${phase}`, spent, 's'))
}

/** File after file into one register: neither memory nor the time of a file may grow with what is there already. */
async function growth(
  county: Awaited<ReturnType<typeof openImportCounty>>,
  scratch: string,
  rows: number,
  files: number,
): Promise<Figure[]> {
  const spent: number[] = []
  const megabytes: number[] = []
  for (let at = 1; at <= files; at++) {
    const path = join(scratch, `import-${at}.xlsx`)
    await writeWorkbook(path, rows, at * rows)
    spent.push((await county.imported(path)).total)
    megabytes.push(process.resourceUsage().maxRSS / 1024)
  }
  const name = `${files} files of ${rows.toLocaleString('en')} rows`
  const first = told('import', `${name}, the first`, spent[0] ?? Number.NaN, 's')
  const last = told('import', `${name}, the last`, spent.at(-1) ?? Number.NaN, 's')
  const before = told('import', `${name}, peak after the first`, megabytes[0] ?? Number.NaN, 'MB')
  const after = told('import', `${name}, peak after the last`, megabytes.at(-1) ?? Number.NaN, 'MB')
  return [first, against(last, first, { most: 1.5 }), before, against(after, before, { most: 1.25 })]
}

/** How long a second client waits for pages, with nobody else there and while a large ledger is read and committed. */
async function felt({ scratch }: BenchOptions, { felt: rows, quiet }: Sizes): Promise<Figure[]> {
  const path = join(scratch, 'felt.xlsx')
  await writeWorkbook(path, rows)
  const bytes = await readFile(path)
  const server = await serveDemo(scratch)
  try {
    await waits(server, 20)
    const alone = await waits(server, quiet)
    let importing = true
    const work = server.importAll('台账.xlsx', bytes).finally(() => {
      importing = false
    })
    const busy = await waits(server, Number.POSITIVE_INFINITY, () => importing)
    await server.expectCommitted(await work)
    return (['/assets', '/health'] as const).flatMap((page) => {
      const idle = told('import', `${page} alone, p95`, p95(alone[page]), 'ms')
      return [
        told('import', `${page} alone, median`, median(alone[page]), 'ms'),
        told('import', `${page} during an import, median`, median(busy[page]), 'ms'),
        idle,
        against(told('import', `${page} during an import, p95`, p95(busy[page]), 'ms'), idle, { most: 2 }),
        told('import', `${page} asked during it`, busy[page].length, 'times'),
      ]
    })
  } finally {
    await server.stop()
  }
}
