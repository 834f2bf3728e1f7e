/** One line of what bin/bench prints. */
export type Figure = {
  bench: string
  figure: string
  value: number
  unit: string
  /** What counts: this figure against another of the same run. */
  ratio: number | null
  /** The figure that the ratio is to. */
  to: string | null
  /** What was set out to be reached, such as "≥ 4"; null where the figure only tells. */
  target: string | null
  holds: boolean | null
}

export type BenchOptions = {
  /** Smaller sizes and fewer repetitions: whether it runs, not how fast. */
  quick: boolean
  /** A folder that goes away afterwards. */
  scratch: string
}

export type Bench = (options: BenchOptions) => Promise<Figure[]>

/** A figure that only tells. */
export function told(bench: string, figure: string, value: number, unit: string): Figure {
  return { bench, figure, value, unit, ratio: null, to: null, target: null, holds: null }
}

/** A figure held against a bound of its own. */
export function bounded(figure: Figure, bound: { most: number }): Figure {
  return { ...figure, target: `≤ ${bound.most} ${figure.unit}`, holds: figure.value <= bound.most }
}

/** A figure held against another one by their ratio. */
export function against(figure: Figure, other: Figure, bound?: { least: number } | { most: number }): Figure {
  const ratio = Number((figure.value / other.value).toFixed(2))
  if (bound === undefined) return { ...figure, ratio, to: other.figure }
  const holds = 'least' in bound ? ratio >= bound.least : ratio <= bound.most
  const target = 'least' in bound ? `≥ ${bound.least} ×` : `≤ ${bound.most} ×`
  return { ...figure, ratio, to: other.figure, target, holds }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
