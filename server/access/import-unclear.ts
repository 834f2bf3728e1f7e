import { asked } from '../../imports/answers.ts'
import type { Question } from '../../imports/target.ts'
import type { Unclear } from './import-row.ts'
import { unitText } from './units.ts'

/** Units asked about one by one, and rows told of each. */
const most = 200
const told = 5

/** Gathers unit texts of a list that mean no unit, or more than one: nobody gets a post in a unit that was guessed. */
export class UnclearUnits {
  readonly #known = new Map<string, { unclear: Unclear; count: number; first: number[] }>()

  add(unclear: Unclear, row: number): void {
    const key = asked(unclear.text)
    const known = this.#known.get(key)
    if (known) {
      known.count++
      if (known.first.length < told) known.first.push(row)
    } else if (this.#known.size < most) {
      this.#known.set(key, { unclear, count: 1, first: [row] })
    }
  }

  questions(): Question[] {
    return [...this.#known].map(([text, { unclear, count, first }]) => {
      const { candidates, decided } = unclear
      const names = candidates.map(unitText).join('、')
      return {
        key: `value:unit:${text}`,
        kind: 'value',
        about:
          candidates.length > 1
            ? `有 ${candidates.length} 个单位叫「${text}」（${count} 行）：${names}，是哪一个？`
            : `没有找到单位「${text}」（${count} 行），是哪个单位？`,
        guess: '不选定的，这些行不授予岗位',
        value: decided ?? null,
        open: true,
        ...(candidates.length > 1
          ? { choices: candidates.map((unit) => ({ value: unit.code, label: unitText(unit) })) }
          : {}),
        field: 'unit',
        text,
        rows: { count, first },
        ...(decided === undefined ? {} : { answered: true }),
      }
    })
  }
}
