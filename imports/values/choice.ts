import type { Choice } from '../sheets/fields.ts'
import { isBlank, nothing, type Parsed } from './parsed.ts'

export type ParsedChoice = Parsed & {
  /** The choice taken to be meant when the text is not one of the known ways to write it. */
  guess?: Choice
}

/** Reads a choice by its stored value, its label or the other ways people write it. */
export function parseChoice(text: string, choices: readonly Choice[]): ParsedChoice {
  const asWritten = known(choices).get(text)
  if (asWritten !== undefined) return { value: asWritten }
  const plain = normalised(text)
  const exact = known(choices).get(plain)
  if (exact !== undefined) return { value: exact }
  if (plain === '' || isBlank(text)) return nothing
  const labels = choices.map((choice) => choice.label).join('、')
  const guess = nearest(plain, choices)
  if (!guess) return { value: null, problem: `「${text}」不在选项中，请改为：${labels}。` }
  return { value: guess.value, guess, problem: `「${text}」按「${guess.label}」读入，请核对；选项有：${labels}。` }
}

export function knowsChoice(text: string, choices: readonly Choice[]): boolean {
  return known(choices).has(normalised(text))
}

const lists = new WeakMap<readonly Choice[], ReadonlyMap<string, string>>()

/** Values of a list by every way to write them; the first choice that claims a writing has it. */
function known(choices: readonly Choice[]): ReadonlyMap<string, string> {
  let values = lists.get(choices)
  if (!values) {
    const pairs = choices.flatMap((choice) => writings(choice).map((writing) => [writing, choice.value] as const))
    values = new Map(pairs.reverse())
    lists.set(choices, values)
  }
  return values
}

/** The choice with the longest way of writing it that the text contains, or that contains the text. */
function nearest(plain: string, choices: readonly Choice[]): Choice | null {
  let best: { choice: Choice; length: number } | null = null
  for (const choice of choices) {
    for (const writing of writings(choice)) {
      const shared = plain.includes(writing) ? writing : writing.includes(plain) ? plain : ''
      if (shared.length >= 2 && shared.length > (best?.length ?? 0) && !negated(plain, shared)) {
        best = { choice, length: shared.length }
      }
    }
  }
  return best?.choice ?? null
}

/** 未出租 does not mean 出租. */
function negated(plain: string, part: string): boolean {
  return /[未非无不没]$/.test(plain.slice(0, plain.indexOf(part)))
}

function writings(choice: Choice): string[] {
  return [choice.value, choice.label, ...(choice.synonyms ?? [])].map(normalised)
}

function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s"'“”]/g, '')
    .toLowerCase()
}
