import { briefly } from '../briefly.ts'
import type { Unread } from '../reading/events.ts'
import { unreadSentence } from '../reading/unread.ts'
import { normalised } from '../recognising/header.ts'
import type { TableHead } from '../recognising/questions.ts'
import { rowList } from '../recognising/row-list.ts'
import { headersOf } from '../recognising/tables.ts'

/** Tables remembered: a worksheet may be nothing else than headers. */
const mostTables = 1000

/** Gathers what a person should know of a file and need not answer. */
export class Notices {
  readonly #titles: ReadonlySet<string>
  readonly #hidden: number[] = []
  readonly #sections: { row: number; text: string }[] = []
  /** Lines that nothing has followed yet: behind the last row they are notes. */
  #pending: { row: number; text: string }[] = []
  readonly #tables: TableHead[] = []
  readonly #sums: number[] = []
  #unread: Unread[] = []
  #formulas = 0

  constructor(titles: readonly string[]) {
    this.#titles = new Set(titles.map(normalised))
  }

  /** Which words a cell offers to choose from is nothing that anybody would miss. */
  unread(unread: Unread): void {
    if (unread.what === 'validations') return
    this.#unread = [...this.#unread.filter(({ what }) => what !== unread.what), unread]
  }

  formulas(count: number): void {
    this.#formulas = count
  }

  hidden(row: number): void {
    this.#hidden.push(row)
  }

  /** A heading between rows; titles that a page break repeats are none. */
  section(row: number, text: string): void {
    if (this.#titles.has(normalised(text)) || /单位[:：]/.test(text)) return
    this.#pending.push({ row, text: briefly(text.trim(), 20) })
  }

  /** A row of the table: what stood above it was a heading. */
  data(): void {
    if (this.#pending.length > 0) this.#sections.push(...this.#pending.splice(0))
  }

  /** A table under other headers; the headings just above it are its title. */
  otherTable(row: number, headers: readonly string[]): void {
    this.#pending = []
    const head = { row, headers: briefly(headersOf(headers), 100) }
    // A page break repeats the header of any table.
    if (this.#tables.length < mostTables && this.#tables.at(-1)?.headers !== head.headers) this.#tables.push(head)
  }

  /** The tables under other headers, which were not read. */
  tables(): readonly TableHead[] {
    return this.#tables
  }

  /** A row without a name that holds nothing but sums. */
  sum(row: number): void {
    this.#sums.push(row)
  }

  result(): string[] {
    const notices: string[] = []
    if (this.#sums.length > 0) notices.push(`${rowList(this.#sums)}没有名称，数字正好是上面各行之和，按合计处理。`)
    if (this.#sections.length > 0) notices.push(this.#sectionNotice())
    if (this.#hidden.length > 0) {
      notices.push(`${rowList(this.#hidden)}在表格中被隐藏，已照常读入；不要的请删掉后重新上传。`)
    }
    if (this.#formulas > 0) notices.push(`有 ${this.#formulas} 个单元格是公式，按文件里保存的结果读入。`)
    if (this.#unread.length > 0) notices.push(unreadSentence(this.#unread))
    return notices
  }

  #sectionNotice(): string {
    const shown = this.#sections.slice(0, 4).map(({ row, text }) => `第 ${row} 行「${text}」`)
    const more = this.#sections.length > 4 ? `等 ${this.#sections.length} 处` : ''
    const places = this.#sections.some(({ text }) => /(?:村|社区|居委会|[镇乡组])$/.test(text))
    const cure = places ? '标题里的村名没有写进各行，需要的请在表里加“所在村”一列。' : ''
    return `${shown.join('、')}${more}是分段标题，没有作为资产读入。${cure}`
  }
}
