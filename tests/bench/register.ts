import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { openServer } from '../../db/server.ts'
import type { CardFilter } from '../../server/assets/list.ts'
import { registerPage } from '../../server/assets/register.ts'
import { writeCursor } from '../../server/kernel/paging.ts'
import { figuresOf } from '../../server/overview/statistics-queries.ts'
import { against, type Bench, type Figure, median, told } from './figure.ts'
import { type LargeRegister, marked, openLargeRegister } from './large-register.ts'
import { listing } from './listing.ts'
import { writing } from './writing.ts'

const sizes = [10_000, 100_000, 1_000_000]
const largest = 1_000_000
const today = '2026-03-01'

/** Pages of the register at three sizes, against fifty rows by their keys on the same connection and against themselves. */
export const bench: Bench = async ({ quick, scratch }) => {
  const server = await openServer({ dataDir: join(scratch, 'register'), log: () => undefined })
  try {
    const figures: Figure[] = []
    const smallest = new Map<string, Figure>()
    let peak: Figure | undefined
    for (const cards of quick ? [2_000] : sizes) {
      const name = `${cards.toLocaleString('en')} cards`
      const register = await openLargeRegister(server.url, cards)
      try {
        const measured = await pagesOf(register, cards, quick ? 3 : 60)
        figures.push(...measured.flatMap((figure) => grown(figure, cards, smallest)))
        if (cards === largest) continue
        const written = await writing(register, name, cards, scratch, {
          turns: quick ? 1 : 3,
          bound: cards === 100_000 ? { least: 3 } : undefined,
        })
        figures.push(...written.figures, peak ? against(written.peak, peak, { most: 1.2 }) : written.peak)
        if (!peak) figures.push(...(await listing(register, name, scratch, quick)))
        peak ??= written.peak
      } finally {
        await register.close()
      }
    }
    return figures
  } finally {
    await server.stop()
  }
}

/** What has more hits in a larger register is only told: its own time is not that of the same work. */
const moreHits = ['two characters that an eighth has', 'statistics of the county']

/** The figure, and for the largest register how it has grown since the smallest. */
function grown(figure: Figure, cards: number, smallest: Map<string, Figure>): Figure[] {
  const page = figure.figure.replace(/^\S+ cards, /, '')
  const first = smallest.get(page)
  if (!first) smallest.set(page, figure)
  if (!first || cards !== largest || figure.to === null) return [figure]
  const bound = moreHits.includes(page) ? undefined : { most: 2 }
  return [figure, against(told('register', `  ${page}, as it grows`, figure.value, figure.unit), first, bound)]
}

async function pagesOf({ county, actor }: LargeRegister, cards: number, times: number): Promise<Figure[]> {
  const name = (page: string) => `${cards.toLocaleString('en')} cards, ${page}`
  const reading = <T>(work: (tx: Tx) => Promise<T>) => county.transaction({ readOnly: true, timeout: 600_000 }, work)
  const ids = `{${Array.from({ length: 50 }, (_, at) => 1 + Math.floor((at * cards) / 50)).join(',')}}`
  const deep = writeCursor({ value: '2026-01-01 01:00:00+00', id: '3600' })
  const [unit] = await reading((tx) =>
    tx.execute<{ id: string; code: string }>(sql`select id, code from units limit 1`),
  )
  const list = (filter: CardFilter) => async (tx: Tx) => (await registerPage(tx, actor, filter, today)).page.rows.length
  const pages: Record<string, (tx: Tx) => Promise<unknown>> = {
    'fifty rows by their keys': (tx) => tx.execute(sql`select * from cards where id = any(${ids}::bigint[])`),
    'the register': list({}),
    'filter that many have': list({ type: 'house', usage: 'in_use' }),
    'filter that forty have': list({ type: marked.type, usage: marked.usage }),
    'filter that none has': list({ type: 'vehicle', usage: 'disposed' } as CardFilter),
    'one unit': list({ unit: unit?.code ?? '' }),
    'two characters that forty have': list({ q: marked.text }),
    'two characters that an eighth has': list({ q: '蓄水' }),
    'a deep page': list({ after: deep }),
    'statistics of a unit': (tx) => figuresOf(tx, actor, { day: today, units: [unit?.id ?? ''] }, today),
    'statistics of the county': (tx) => figuresOf(tx, actor, { day: today }, today),
  }
  const spent = new Map<string, number[]>(Object.keys(pages).map((page) => [page, []]))
  // One connection, all pages in turn: what else the machine does meets all of them alike.
  for (let time = 0; time < times + 3; time++) {
    for (const [page, work] of Object.entries(pages)) {
      const began = performance.now()
      await reading(work)
      if (time >= 3) spent.get(page)?.push(performance.now() - began)
    }
  }
  const [base, ...others] = [...spent].map(([page, times]) => told('register', name(page), median(times), 'ms'))
  if (!base) throw new Error('nothing to compare with')
  // That of the county has a line for each unit and type, thousands of them.
  const bound = (page: string) => (page.endsWith('the county') ? undefined : { most: 10 })
  return [base, ...others.map((figure) => against(figure, base, bound(figure.figure)))]
}
