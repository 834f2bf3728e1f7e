import Big from 'big.js'

/** Decimals travel as strings from the form to the database and back; arithmetic is exact. */
export type Decimal = string

/** Whole cents of a plain amount, which are exact up to ninety thousand thousand million; null for any other text. */
function cents(text: string): number | null {
  if (!/^\d{1,13}(?:\.\d{1,2})?$/.test(text)) return null
  const point = text.indexOf('.')
  if (point < 0) return Number(text) * 100
  return Number(text.slice(0, point)) * 100 + Number(text.slice(point + 1).padEnd(2, '0'))
}

function fromCents(amount: number): Decimal {
  const digits = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

export function plus(...values: readonly (Decimal | null | undefined)[]): Decimal {
  return values.reduce<Big>((sum, value) => (value ? sum.plus(value) : sum), new Big(0)).toFixed(2)
}

export function minus(from: Decimal, value: Decimal): Decimal {
  const [left, right] = [cents(from), cents(value)]
  return left === null || right === null ? new Big(from).minus(value).toFixed(2) : fromCents(left - right)
}

export function compare(left: Decimal, right: Decimal): number {
  const [one, other] = [cents(left), cents(right)]
  return one === null || other === null ? new Big(left).cmp(right) : Math.sign(one - other)
}

/**
 * Reads a figure someone typed: full-width digits and thousands separators pass, anything else is null.
 * Too large is what has more digits than can be stored: 18, those after the point included.
 */
export function readDecimal(
  text: string,
  places: number,
): { value: Decimal } | { rounded: true } | { tooLarge: true } | null {
  const plain = text.normalize('NFKC').replaceAll(/[\s,¥元]/g, '')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null
  const figure = new Big(plain.replace(/^\+/, '').replace(/\.$/, ''))
  if (figure.abs().gte(`1e${Math.min(16, 18 - places)}`)) return { tooLarge: true }
  if (!figure.round(places).eq(figure)) return { rounded: true }
  return { value: figure.toFixed(places) }
}

/**
 * Divides an amount by weights, each share rounded down, so that none is ever below 0, and what that leaves over goes to
 * the share at `rest`: the shares add up to the amount again. Weights must not all be 0.
 */
export function divided(amount: string, weights: readonly string[], rest: number, places = 2): string[] {
  const whole = weights.reduce((sum, weight) => sum.plus(weight), new Big(0))
  const shares = weights.map((weight) => new Big(amount).times(weight).div(whole).round(places, Big.roundDown))
  const left = shares.reduce((remaining, share) => remaining.minus(share), new Big(amount))
  return shares.map((share, index) => (index === rest ? share.plus(left) : share).toFixed(places))
}

/**
 * Shares are rounded down, so what the last one has over of depreciation could exceed what it has of cost: it moves on to
 * those before.
 */
export function withinCost(
  depreciation: readonly (string | null)[],
  cost: readonly (string | null)[],
): (string | null)[] {
  const rest = depreciation.length - 1
  const [mine, limit] = [depreciation[rest] ?? null, cost[rest] ?? null]
  if (mine === null || limit === null || compare(mine, limit) <= 0) return [...depreciation]
  let over = minus(mine, limit)
  const moved = depreciation.slice(0, rest).map((share, index) => {
    const room = minus(cost[index] ?? '0', share ?? '0')
    const taken = compare(room, over) < 0 ? room : over
    over = minus(over, taken)
    return plus(share, taken)
  })
  return [...moved, plus(limit, over)]
}

/** The exact sum of what is known, with as many places as the figures have; null where none is known. */
export function knownSum(values: readonly (string | null)[]): string | null {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return null
  const places = Math.max(...known.map((value) => value.split('.')[1]?.length ?? 0))
  return known.reduce((sum, value) => sum.plus(value), new Big(0)).toFixed(places)
}
