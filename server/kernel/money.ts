import Big from 'big.js'

/** Decimals travel as strings from the form to the database and back; arithmetic is exact. */
export type Decimal = string

export function plus(...values: readonly (Decimal | null | undefined)[]): Decimal {
  return values.reduce<Big>((sum, value) => (value ? sum.plus(value) : sum), new Big(0)).toFixed(2)
}

export function minus(from: Decimal, value: Decimal): Decimal {
  return new Big(from).minus(value).toFixed(2)
}

export function compare(left: Decimal, right: Decimal): number {
  return new Big(left).cmp(right)
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
