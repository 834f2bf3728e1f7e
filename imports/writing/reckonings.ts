import Big from 'big.js'
import type { Sheet } from '../sheets/sheet.ts'
import type { Cell } from './cells.ts'
import { fitsNumber } from './cells.ts'
import { footLines, headLines } from './frame.ts'
import { openLines } from './lines.ts'
import { quoteName } from './workbook.ts'
import type { Worksheet, Written } from './worksheet.ts'
import { closingXml, openingXml } from './worksheet-xml.ts'

/** A figure of a worksheet written before, by the mark of its line and the key of its column; or one that stands nowhere. */
export type Term = { minus?: boolean } & ({ sheet: string; mark: string; column: string } | { figure: string })

/** One check: both sides must be equal, or the left no more than the right. */
export type Reckoning = {
  name: string
  /** In words: 清查数 = 账面数 + 盘盈 − 盘亏. */
  words: string
  left: readonly Term[]
  right: readonly Term[]
  atMost?: boolean
}

/** The last worksheet of a workbook: what must agree in it, reckoned again whenever a cell changes. */
export type Reckonings = Pick<Worksheet, 'meta' | 'notes'> & { reckonings: readonly Reckoning[] }

export const reckoningSheet: Sheet = {
  key: 'reckonings',
  title: '勾稽关系',
  columns: [
    { key: 'serial', header: '序号', kind: 'serial', width: 6 },
    { key: 'name', header: '勾稽项目', kind: 'text', width: 36 },
    { key: 'words', header: '算式', kind: 'text', width: 52 },
    { key: 'left', header: '左边', kind: 'money', width: 20 },
    { key: 'right', header: '右边', kind: 'money', width: 20 },
    { key: 'difference', header: '差额', kind: 'money', width: 18 },
    { key: 'verdict', header: '是否相符', kind: 'text', width: 11 },
  ],
  unitLine: '',
  signatures: [],
  paper: 'A4',
  orientation: 'landscape',
}

/** The worksheet's XML in pieces; `report` is called before the last piece. */
export async function* reckoningsXml(
  { meta, notes = [], reckonings }: Reckonings,
  earlier: readonly Written[],
  report: (written: Written) => void,
): AsyncGenerator<string> {
  const sheet = reckoningSheet
  const lines = openLines(sheet.columns)
  yield openingXml(sheet)
  yield headLines({ sheet, sections: [], ...(meta === undefined ? {} : { meta }) }, lines)
  const bottom = lines.next() - 1
  const wrong: string[] = []
  for (const [index, reckoning] of reckonings.entries()) {
    const { cells, agrees } = checked(reckoning, lines.next(), earlier)
    if (!agrees) wrong.push(reckoning.name)
    const { name, words } = reckoning
    const told = [name, words].map((text): Cell => ({ style: 'text', text }))
    yield lines.line([{ style: 'count', number: String(index + 1) }, ...told, ...cells])
  }
  const finding =
    wrong.length === 0
      ? `共 ${reckonings.length} 项，全部相符。`
      : `${wrong.length} 项不相符：${wrong.join('；')}。请查明原因后重新导出。`
  const written: Written = {
    name: sheet.title,
    rows: reckonings.length,
    totals: {},
    headerRows: [bottom, bottom],
    blocks: reckonings.length > 0 ? [[bottom + 1, lines.next() - 1]] : [],
    letters: {},
    marks: {},
    agrees: wrong.length === 0,
  }
  yield footLines({ sheet, sections: [], notes: [finding, ...notes] }, lines)
  report(written)
  yield closingXml(sheet, lines, written, undefined)
}

const agreed = '相符'
const differs = '不相符'

function checked(reckoning: Reckoning, row: number, earlier: readonly Written[]): { cells: Cell[]; agrees: boolean } {
  const left = sideOf(reckoning.left, earlier)
  const right = sideOf(reckoning.right, earlier)
  const difference = new Big(left.result).minus(right.result)
  const agrees = reckoning.atMost === true ? difference.lte(0) : difference.eq(0)
  // What a spreadsheet cannot reckon exactly it does not reckon at all.
  const exact = left.formula !== undefined && right.formula !== undefined
  const verdict = agrees ? agreed : differs
  const holds = reckoning.atMost === true ? `F${row}<=0` : `F${row}=0`
  return {
    agrees,
    cells: [
      sideCell(left),
      sideCell(right),
      exact
        ? { style: 'money', formula: `ROUND(D${row}-E${row},3)`, result: difference.toFixed() }
        : { style: 'longNumber', text: difference.toFixed() },
      exact
        ? { style: 'centred', formula: `IF(${holds},"${agreed}","${differs}")`, shown: verdict }
        : { style: 'centred', text: verdict },
    ],
  }
}

type Side = { formula: string | undefined; result: string }

function sideOf(terms: readonly Term[], earlier: readonly Written[]): Side {
  let [formula, result]: [string, Big] = ['', new Big(0)]
  let exact = true
  for (const term of terms) {
    const { reference, figure } = figureOf(term, earlier)
    exact &&= fitsNumber(figure)
    formula += `${term.minus ? '-' : formula === '' ? '' : '+'}${reference}`
    result = term.minus ? result.minus(figure) : result.plus(figure)
  }
  const text = result.toFixed()
  return { formula: exact && fitsNumber(text) && formula !== '' ? formula : undefined, result: text }
}

function figureOf(term: Term, earlier: readonly Written[]): { reference: string; figure: string } {
  if ('figure' in term) return { reference: `(${term.figure})`, figure: term.figure }
  const written = earlier.find(({ name }) => name === term.sheet)
  const mark = written?.marks[term.mark]
  const letters = written?.letters[term.column]
  if (mark === undefined || letters === undefined) {
    throw new Error(`No figure ${term.column} of ${term.mark} in worksheet ${term.sheet}`)
  }
  const reference = `${quoteName(term.sheet)}!${letters}${mark.row}`
  return { reference, figure: mark.figures[term.column] ?? '0' }
}

function sideCell({ formula, result }: Side): Cell {
  return formula === undefined ? { style: 'longNumber', text: result } : { style: 'money', formula, result }
}
