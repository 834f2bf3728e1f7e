import Big from 'big.js'

/** Figures that are added up as whole millionths: a thousand million of them is still exact. */
const small = /^\d{1,9}(?:\.\d{1,6})?$/
const millionth = 1_000_000
const most = 4_000_000_000_000_000

/** An exact sum of many figures: small ones are gathered in whole numbers first, which is quicker by far. */
export class Tally {
  #millionths = 0
  #sum = new Big(0)

  add(figure: string | Big): void {
    if (typeof figure !== 'string' || !small.test(figure)) {
      this.#sum = this.#sum.plus(figure)
      return
    }
    this.#millionths += Math.round(Number(figure) * millionth)
    if (this.#millionths > most) this.#gather()
  }

  /** The sum so far. */
  value(): Big {
    this.#gather()
    return this.#sum
  }

  /** The sum so far, and begins anew. */
  take(): Big {
    const sum = this.value()
    this.#sum = new Big(0)
    return sum
  }

  #gather(): void {
    if (this.#millionths !== 0) this.#sum = this.#sum.plus(new Big(this.#millionths).div(millionth))
    this.#millionths = 0
  }
}
