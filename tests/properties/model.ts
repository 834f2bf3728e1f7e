import Big from 'big.js'

/** What sums are made of, as decimal text. */
export const keys = ['cost', 'depreciation', 'landArea', 'floorArea', 'idleArea', 'quantity'] as const
export type Figures = Record<(typeof keys)[number], string | null>

export const nothing = Object.fromEntries(keys.map((key) => [key, null])) as Figures

/** `idleParts`: what the idle parts come to, where the card is divided; the idle area then follows from them. */
type Entry = Figures & { state: 'living' | 'split back' | 'merged'; into: string | null; idleParts: string | null }
type Kept = Figures & Pick<Entry, 'idleParts'>
type Split = { parent: string; pieces: readonly string[]; before: Figures }
type Merge = { kept: string; other: string; keptBefore: Kept; otherBefore: Kept }

/** The register as a plain map: what every verb should do to codes and figures, and nothing of how it does it. */
export class Model {
  readonly cards = new Map<string, Entry>()
  readonly #splits: Split[] = []
  readonly #merges: Merge[] = []
  readonly #apart = new Set<string>()

  create(code: string, figures: Figures): void {
    if (this.cards.has(code)) throw new Error(`code ${code} was given twice`)
    this.cards.set(code, { ...figures, state: 'living', into: null, idleParts: null })
  }

  edit(code: string, figures: Partial<Figures>): void {
    const entry = this.#entry(code)
    Object.assign(entry, figures, entry.idleParts === null ? {} : { idleArea: entry.idleParts })
  }

  /** Null takes the division back: the idle area stays as it was last reckoned. */
  divide(code: string, idleParts: string | null): void {
    this.#entry(code).idleParts = idleParts
    this.edit(code, {})
  }

  /** The shares are the register's to choose; that they add up is not. */
  split(parent: string, shares: readonly { code: string; figures: Figures }[], rest: Figures): void {
    const before = figuresOf(this.#entry(parent))
    for (const key of keys) {
      const sum = [...shares.map(({ figures }) => figures), rest].reduce(
        (all, one) => all.plus(one[key] ?? 0),
        new Big(0),
      )
      if (!sum.eq(before[key] ?? 0))
        throw new Error(`${key} of ${parent} was ${before[key]} and is ${sum} after its split`)
    }
    for (const { code, figures } of shares) this.create(code, figures)
    this.edit(parent, rest)
    this.#splits.push({ parent, pieces: shares.map(({ code }) => code), before })
  }

  unsplit(parent: string): void {
    const split = takeLast(this.#splits, (one) => one.parent === parent)
    for (const piece of split.pieces) this.#entry(piece).state = 'split back'
    this.edit(parent, split.before)
  }

  merge(kept: string, other: string, from: string): void {
    if (this.#apart.has(pairOf(kept, other))) throw new Error(`${kept} and ${other} were found to be two`)
    const [keptBefore, otherBefore] = [this.#kept(kept), this.#kept(other)]
    this.#merges.push({ kept, other, keptBefore, otherBefore })
    Object.assign(this.#entry(kept), from === kept ? keptBefore : otherBefore)
    Object.assign(this.#entry(other), { state: 'merged', into: kept })
  }

  unmerge(kept: string): void {
    const merge = takeLast(this.#merges, (one) => one.kept === kept)
    Object.assign(this.#entry(kept), merge.keptBefore)
    Object.assign(this.#entry(merge.other), { ...merge.otherBefore, state: 'living', into: null })
  }

  apart(one: string, two: string): void {
    this.#apart.add(pairOf(one, two))
  }

  /** Living cards with a split, or a merge, that is not undone. */
  splitCards(): string[] {
    return this.living().filter((code) => this.#splits.some(({ parent }) => parent === code))
  }

  mergedCards(): string[] {
    return this.living().filter((code) => this.#merges.some(({ kept }) => kept === code))
  }

  living(): string[] {
    return [...this.cards].filter(([, { state }]) => state === 'living').map(([code]) => code)
  }

  sum(key: keyof Figures): string {
    return this.living()
      .reduce((all, code) => all.plus(this.#entry(code)[key] ?? 0), new Big(0))
      .toFixed(3)
  }

  /** Where a code leads: over all merges to the living card. */
  leadsTo(code: string): string {
    const { into } = this.#entry(code)
    return into === null ? code : this.leadsTo(into)
  }

  #kept(code: string): Kept {
    const entry = this.#entry(code)
    return { ...figuresOf(entry), idleParts: entry.idleParts }
  }

  #entry(code: string): Entry {
    const entry = this.cards.get(code)
    if (!entry) throw new Error(`no card ${code}`)
    return entry
  }
}

export function figuresOf(card: Figures): Figures {
  return Object.fromEntries(keys.map((key) => [key, card[key]])) as Figures
}

function pairOf(one: string, two: string): string {
  return [one, two].sort().join(' ')
}

function takeLast<Of>(stack: Of[], fits: (one: Of) => boolean): Of {
  const at = stack.findLastIndex(fits)
  const [found] = at < 0 ? [] : stack.splice(at, 1)
  if (!found) throw new Error('there was nothing to undo')
  return found
}
