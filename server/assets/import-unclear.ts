import { allOthers, asked } from '../../imports/answers.ts'
import type { Answer, Question } from '../../imports/target.ts'

/** A text of a file that stands for no unit or place, or for several. */
export type Unclear = {
  field: 'ownerUnit' | 'division'
  text: string
  /** What it may stand for; none for a text that nothing known is called. */
  candidates: readonly Answer[]
  /** What a person decided: a code, or null for the chosen unit. */
  decided: string | null | undefined
}

/** Texts of a field asked about one by one: a column of other things than units may hold another text in every row. */
const most = 100
/** Rows told of each. */
const told = 5

type Known = { unclear: Unclear; count: number; first: number[] }

/** Gathers owner and village texts of a file that mean nothing known, or more than one thing. */
export class UnclearTexts {
  readonly #known = new Map<string, Known>()
  readonly #each = { ownerUnit: 0, division: 0 }
  readonly #others = { ownerUnit: 0, division: 0 }

  add(unclear: Unclear, row: number): void {
    const { field } = unclear
    const key = `${field}:${asked(unclear.text)}`
    const known = this.#known.get(key)
    if (known) {
      known.count++
      if (known.first.length < told) known.first.push(row)
    } else if (this.#each[field] === most) {
      this.#others[field]++
    } else {
      this.#each[field]++
      this.#known.set(key, { unclear, count: 1, first: [row] })
    }
  }

  /** `chosen` is the unit that the file was uploaded for. */
  questions(chosen: string, settled: (field: string, text: string) => boolean = () => false): Question[] {
    const questions = [...this.#known].map(([key, known]) => questionOf(key, known, chosen))
    const others = (['ownerUnit', 'division'] as const).filter((field) => this.#others[field] > 0)
    return [...questions, ...others.map((field) => this.#othersOf(field, chosen, settled(field, allOthers)))]
  }

  #othersOf(field: Unclear['field'], chosen: string, answered: boolean): Question {
    const { label, thing, guess } = wordsOf(field, chosen)
    return {
      key: `value:${field}:${allOthers}`,
      kind: 'value',
      about: `还有 ${this.#others[field]} 行的${label}也没有认出，这一列写的是${thing}名称吗？`,
      guess: `${guess}；不是${thing}名称的，请改对应栏目后重新读取`,
      value: null,
      choices: [],
      field,
      text: allOthers,
      rows: { count: this.#others[field], first: [] },
      ...(answered ? { answered } : {}),
    }
  }
}

function questionOf(key: string, { unclear, count, first }: Known, chosen: string): Question {
  const { field, candidates, decided } = unclear
  const { label, thing, guess } = wordsOf(field, chosen)
  const text = asked(unclear.text)
  const several = candidates.length > 1
  const names = candidates.map((candidate) => candidate.label).join('、')
  return {
    key: `value:${key}`,
    kind: 'value',
    about: several
      ? `有 ${candidates.length} 个${thing}叫「${text}」（${count} 行）：${names}，是哪一个？`
      : `${label}「${text}」（${count} 行）是哪个${thing}？`,
    guess,
    value: decided ?? null,
    ...(several ? { choices: candidates, open: true } : {}),
    field,
    text,
    rows: { count, first },
    ...(decided === undefined ? {} : { answered: true }),
  }
}

function wordsOf(field: Unclear['field'], chosen: string) {
  return field === 'ownerUnit'
    ? { label: '权属单位', thing: '单位', guess: `按「${chosen}」读入，原文保留` }
    : { label: '所在村(社区)', thing: '村(社区)', guess: '按单位所在地记录，原文保留' }
}
