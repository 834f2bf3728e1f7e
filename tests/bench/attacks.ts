import { readWorkbook } from '../../imports/reading/workbook.ts'
import { ImportRefused } from '../../imports/refused.ts'
import { type Attack, attacks, withAttack } from '../imports/attacks.ts'
import { measured } from '../imports/spent.ts'
import { against, type Bench, type BenchOptions, bounded, type Figure, median, told } from './figure.ts'
import { p95, type Served, serveDemo, waits } from './served.ts'

/** What files made to stall or to swell cost, and what the others feel of them meanwhile. */
export const bench: Bench = async (options) => [...(await alone(options)), ...(await felt(options))]

/** The dearest of each kind, read by itself. */
async function alone({ quick }: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [kind, list] of Object.entries(attacks)) {
    const spent = []
    for (const attack of quick ? list.slice(0, 1) : list) {
      spent.push(await withAttack(attack, (path) => measured(() => readAll(path))))
    }
    const seconds = Math.max(...spent.map((one) => one.seconds))
    figures.push(bounded(told('attacks', `${kind}, ${list.length} files, slowest`, seconds, 's'), { most: 10 }))
    const megabytes = Math.max(...spent.map((one) => one.megabytes ?? 0))
    figures.push(bounded(told('attacks', `${kind}, most memory`, megabytes, 'MB'), { most: 600 }))
  }
  return figures
}

async function readAll(path: string): Promise<void> {
  try {
    for await (const _ of readWorkbook(path));
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
  }
}

/** Of each kind, what is sent while somebody else works. */
const sent = [
  '1.5 MB that inflate to 1.5 GB in xl/worksheets/sheet1.xml',
  '202 MB that the headers call 0 bytes',
  '100,000 entries',
  'a long text that a million rows point to',
  'all columns filled in thousands of rows',
  'all columns empty in thousands of rows',
  'a gigabyte of blanks packed less than 200 times',
  'phonetic runs without an end',
  'one CDATA that says the end of the cell a million times',
  'quotes in every place',
  'a row of a million cells without a place',
]

/** How long a second client waits for pages, with nobody else there and while files are uploaded one after the other. */
async function felt({ quick, scratch }: BenchOptions): Promise<Figure[]> {
  const list = Object.values(attacks).flat()
  const chosen = sent.flatMap((name) => list.filter((attack) => attack.name === name)).slice(0, quick ? 2 : sent.length)
  const files = await Promise.all(chosen.map(async (attack) => ({ attack, bytes: await attack.make() })))
  const server = await serveDemo(scratch)
  try {
    await waits(server, 20)
    const quiet = await waits(server, quick ? 20 : 300)
    let uploading = true
    const uploads = uploadAll(server, files).finally(() => {
      uploading = false
    })
    const busy = await waits(server, Number.POSITIVE_INFINITY, () => uploading)
    await uploads
    return (['/assets', '/health'] as const).flatMap((page) => {
      const alone = told('attacks', `${page} alone, p95`, p95(quiet[page]), 'ms')
      const middle = told('attacks', `${page} alone, median`, median(quiet[page]), 'ms')
      return [
        middle,
        against(told('attacks', `${page} during uploads, median`, median(busy[page]), 'ms'), middle),
        alone,
        against(told('attacks', `${page} during uploads, p95`, p95(busy[page]), 'ms'), alone, { most: 3 }),
      ]
    })
  } finally {
    await server.stop()
  }
}

async function uploadAll(server: Served, files: readonly { attack: Attack; bytes: Buffer }[]): Promise<void> {
  for (const { attack, bytes } of files) {
    if ((await server.upload(attack.file, bytes)) === null) throw new Error(`${attack.name} was read`)
  }
}
