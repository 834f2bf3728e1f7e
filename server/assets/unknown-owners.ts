import type { Question } from '../../imports/target.ts'

/** Owner texts asked about one by one: a column of other things than units may hold another text in every row. */
const asked = 100
/** Characters of a text that a question shows. */
const shown = 60

/** Gathers owner texts of a file that mean no unit. */
export class UnknownOwners {
  readonly #rows = new Map<string, number>()
  #others = 0

  add(text: string): void {
    const known = text.length > shown ? `${text.slice(0, shown)}…` : text
    const rows = this.#rows.get(known)
    if (rows === undefined && this.#rows.size === asked) this.#others++
    else this.#rows.set(known, (rows ?? 0) + 1)
  }

  questions(chosen: string): Question[] {
    const guess = `按「${chosen}」读入，原文保留`
    const questions: Question[] = [...this.#rows].map(([text, rows]) => ({
      about: `权属单位「${text}」（${rows} 行）是哪个单位？`,
      guess,
      field: 'ownerUnit',
      values: [text],
    }))
    if (this.#others === 0) return questions
    const about = `还有 ${this.#others} 行的权属单位也没有认出，这一列写的是单位名称吗？`
    return [...questions, { about, guess: `${guess}；不是单位名称的，请改对应栏目后重新读取`, field: 'ownerUnit' }]
  }
}
