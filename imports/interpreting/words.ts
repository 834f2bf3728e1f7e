import { type Answers, asked, decided } from '../answers.ts'
import type { Column } from '../recognising/columns.ts'
import { type Choice, choiceLabel, type Field } from '../sheets/fields.ts'
import type { Question } from '../target.ts'

/** Texts asked about in one file, and rows told of each. */
const most = 500
const told = 5

type Word = { column: string; field: Field; text: string; guess: Choice | null; count: number; first: number[] }

/** Gathers the texts of a file that are none of a choice's known ways to write it, over all of its tables. */
export class Words {
  readonly #answers: Answers
  readonly #words = new Map<string, Word>()

  constructor(answers: Answers) {
    this.#answers = answers
  }

  /** What a person decided that a text stands for; undefined when nobody did. */
  answer(field: Field, text: string): string | null | undefined {
    const value = decided(this.#answers, field.key, text)
    return value === null || field.choices?.some((choice) => choice.value === value) ? value : undefined
  }

  add(column: Column, field: Field, text: string, guess: Choice | null, row: number): void {
    const key = `${field.key}:${asked(text)}`
    const known = this.#words.get(key)
    if (known) {
      known.count++
      if (known.first.length < told) known.first.push(row)
    } else if (this.#words.size < most) {
      this.#words.set(key, { column: column.column, field, text: asked(text), guess, count: 1, first: [row] })
    }
  }

  /** One question for each text. */
  questions(): Question[] {
    return [...this.#words].map(([key, { column, field, text, guess, count, first }]) => {
      const answer = this.answer(field, text)
      const value = answer === undefined ? (guess?.value ?? null) : answer
      return {
        key: `value:${key}`,
        kind: 'value',
        about: `「${text}」（${count} 行）是哪种${field.label}？`,
        guess: value === null ? '留空，原文作为附加栏目保留' : `按「${choiceLabel(field.choices, value)}」读入`,
        value,
        column,
        field: field.key,
        text,
        rows: { count, first },
        ...(answer === undefined ? {} : { answered: true }),
      }
    })
  }
}
