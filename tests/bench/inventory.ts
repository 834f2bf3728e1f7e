import { join } from 'node:path'
import { openServer } from '../../db/server.ts'
import { tellCount } from './count-story.ts'
import { against, type Bench, type Figure, told } from './figure.ts'
import { openLargeRegister } from './large-register.ts'
import { saving } from './saving.ts'

const sizes = [10_000, 100_000]
const quickly = [1_000, 3_000]

/** A call over a county, from issuing to filing, against the same rows by plain statements; and what one line costs. */
export const bench: Bench = async ({ quick, scratch }) => {
  const server = await openServer({ dataDir: join(scratch, 'inventory'), log: () => undefined })
  try {
    const figures: Figure[] = []
    const first = new Map<string, Figure>()
    const own = quick ? quickly : sizes
    for (const cards of own) {
      const register = await openLargeRegister(server.url, cards)
      try {
        const name = `${cards.toLocaleString('en')} cards`
        const story = await tellCount(register)
        const spent = (figure: string, value: number) => told('inventory', `${name}, ${figure}`, value, 's')
        const issued = await story.issued()
        const lines = spent('the same lines, plainly', await story.plainLines())
        await story.countAll()
        const submitted = spent('a count handed in', await story.submitted())
        const plain = spent('the same changes, plainly', await story.plainFiling())
        const filed = await story.filed()
        const largest = cards === own.at(-1)
        const verbs = [
          against(spent('call issued', issued), lines, largest ? { most: 4 } : undefined),
          // Each count is filed as a document, besides what changes in the register.
          against(spent('compilation filed', filed), plain, largest ? { most: 8 } : undefined),
        ]
        figures.push(lines, plain, submitted, ...verbs)
        for (const figure of verbs) figures.push(...growth(figure, first, cards / (own[0] ?? cards)))
        if (largest) figures.push(...(await saving(register, story, quick)))
      } finally {
        await register.close()
      }
    }
    return figures
  } finally {
    await server.stop()
  }
}

/** Ten times the cards may cost ten times as long, and a little more. */
function growth(figure: Figure, first: Map<string, Figure>, times: number): Figure[] {
  const what = figure.figure.replace(/^\S+ cards, /, '')
  const smallest = first.get(what)
  if (!smallest) {
    first.set(what, figure)
    return []
  }
  return [against(told('inventory', `  ${what}, as it grows`, figure.value, 's'), smallest, { most: times * 1.5 })]
}
