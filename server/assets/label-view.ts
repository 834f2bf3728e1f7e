import { setImmediate as turn } from 'node:timers/promises'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { type Drawing, labelCode } from './label-code.ts'
import type { Label } from './labels.ts'

/** What labels are printed on; their measures stand in the style sheets. */
const labelSizes = {
  a4: { label: 'A4 纸（70×37 毫米，每页 24 个）', perSheet: 24 },
  single: { label: '标签机（60×40 毫米）', perSheet: 1 },
} as const
type LabelSize = keyof typeof labelSizes

type Printed = Label & { href: string; digits: string; drawing: Drawing }

/** The labels as the template draws them, sheet by sheet, with a choice of the other sizes. */
export async function labelsView(
  labels: readonly Label[],
  { size, origin, path, filter }: { size: LabelSize; origin: string; path: string; filter: Filter },
) {
  return {
    size,
    origin,
    sheets: await sheetsOf(labels, labelSizes[size].perSheet, origin),
    count: labels.length,
    sizes: Object.entries(labelSizes).map(([key, { label }]) => ({
      label,
      href: filterUrl(path, filter, { size: key === 'a4' ? undefined : key }),
      current: key === size,
    })),
    onlyHere: isOnlyHere(origin),
  }
}

async function sheetsOf(labels: readonly Label[], perSheet: number, origin: string): Promise<Printed[][]> {
  const sheets: Printed[][] = []
  for (let at = 0; at < labels.length; at += perSheet) {
    sheets.push(labels.slice(at, at + perSheet).map((label) => printed(label, origin)))
    // A thousand codes take their time: let the others have theirs in between.
    await turn()
  }
  return sheets
}

function printed(label: Label, origin: string): Printed {
  const href = `/assets/${label.code}`
  return { ...label, href, digits: grouped(label.code), drawing: labelCode(`${origin}${href}`) }
}

/** '51092300000012' → '510923 0000 0012': the county, and a number that can be read out. */
function grouped(code: string): string {
  return code.replace(/^(\d{6})(\d{4})(\d{4})$/, '$1 $2 $3')
}

/** Whether the address leads nowhere from another machine, a phone for one. */
function isOnlyHere(origin: string): boolean {
  const host = URL.parse(origin)?.hostname ?? ''
  return /^(localhost|.+\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(host)
}
