import { usages } from '../../imports/sheets/card-choices.ts'
import type { Problem } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { compare } from '../kernel/money.ts'
import { type Card, type CardValueKey, valuesOf } from './card.ts'
import { effectFields } from './form.ts'
import { dividedLabels, mostPieces, type Piece, restOf, splitValues } from './split.ts'

const firstRows = 3
const moreRows = 3
const mostRows = 20

/** One row of the form: so many equal pieces. */
export function pieceFields(row: number): readonly FormField[] {
  return [
    { key: `quantity${row}`, label: `第 ${row} 行每份数量`, kind: 'quantity' },
    { key: `copies${row}`, label: `第 ${row} 行份数`, kind: 'integer' },
    { key: `name${row}`, label: `第 ${row} 行名称`, kind: 'text', max: 200 },
    { key: `location${row}`, label: `第 ${row} 行坐落位置`, kind: 'text', max: 300 },
    { key: `usage${row}`, label: `第 ${row} 行使用状况`, kind: 'choice', choices: openUsages },
    { key: `keeper${row}`, label: `第 ${row} 行保管人`, kind: 'text', max: 60 },
  ]
}

/** What has been disposed of leaves by a disposal, not by a split. */
const openUsages = usages.filter(({ value }) => value !== 'disposed')

export function shownRows(answers: Answers): number {
  const sent = Number(answers.rows ?? firstRows)
  const wanted = Number.isInteger(sent) && sent > 0 ? sent : firstRows
  return Math.min(mostRows, answers.action === 'more' ? wanted + moreRows : wanted)
}

type Row = Piece & { row: number; copies: number }
export type SplitForm = {
  rows: Row[]
  pieces: Piece[]
  effectiveOn: string
  comment: string | null
  problems: Problem[]
}

/** Reads the pieces against the card they are to leave; every problem at once, each beside its field. */
export function readSplit(answers: Answers, card: Card, today: string): SplitForm {
  const numbers = Array.from({ length: shownRows(answers) }, (_, index) => index + 1)
  const { values, problems } = readForm([...numbers.flatMap(pieceFields), ...effectFields], answers)
  const rows: Row[] = []
  for (const row of numbers) {
    const [quantity, copies, name, location, usage, keeper] = pieceFields(row).map(({ key }) => values[key] ?? null)
    if (!quantity) {
      const given = [copies, name, location, usage, keeper].some((value) => value !== null && value !== undefined)
      const unreadable = problems.some(({ field }) => field === `quantity${row}`)
      if (given && !unreadable)
        problems.push({ field: `quantity${row}`, text: `请填写第 ${row} 行的数量，或清空这一行。` })
    } else if (compare(quantity, '0') <= 0) {
      problems.push({ field: `quantity${row}`, text: `第 ${row} 行的数量要大于 0。` })
    } else if (copies && (compare(copies, '1') < 0 || compare(copies, String(mostPieces)) > 0)) {
      problems.push({ field: `copies${row}`, text: `第 ${row} 行的份数请写 1 到 ${mostPieces}。` })
    } else {
      rows.push({ row, copies: Number(copies ?? 1), quantity, name, location, usage, keeper } as Row)
    }
  }
  const pieces = rows.flatMap(({ row: _row, copies, ...piece }) => Array.from({ length: copies }, () => piece))
  return {
    rows,
    pieces,
    effectiveOn: values.effectiveOn ?? today,
    comment: values.comment ?? null,
    problems: problems.length > 0 ? problems : tooMuch(card, rows, pieces),
  }
}

function tooMuch(card: Card, rows: readonly Row[], pieces: readonly Piece[]): Problem[] {
  const field = `quantity${rows.at(-1)?.row ?? 1}`
  if (pieces.length === 0) return [{ field, text: '请至少填写一行要拆出的数量。' }]
  if (pieces.length > mostPieces) return [{ field, text: `一次最多拆出 ${mostPieces} 张卡片，请分几次办理。` }]
  const whole = card.quantity ?? '0'
  if (compare(restOf(whole, pieces), '0') > 0) return []
  const plain = whole.replace(/\.?0+$/, '')
  return [{ field, text: `拆出的数量合计要小于 ${plain}，原卡片至少留一部分，请改小。` }]
}

/** What each piece and the rest would come to: columns of what is known of the card, the rows, and the sums. */
export function splitPreview(card: Card, { rows, pieces, problems }: SplitForm) {
  if (problems.length > 0) return null
  const before = valuesOf(card)
  const split = splitValues(before, pieces)
  const keys = Object.keys(dividedLabels).filter((key) => before[key as CardValueKey] !== null) as CardValueKey[]
  let at = 0
  const lines = rows.map(({ row, copies }) => {
    const values = split.pieces[at]
    at += copies
    return {
      what: `第 ${row} 行${copies > 1 ? `，每份（共 ${copies} 份）` : ''}`,
      name: values?.name,
      ...pick(values, keys),
    }
  })
  return {
    columns: [
      { key: 'what', label: '拆分后', nowrap: true },
      { key: 'name', label: '名称', clip: true },
      ...keys.map((key) => ({ key, label: dividedLabels[key], ...formatOf(key) })),
    ],
    rows: [...lines, { what: '原卡片留下', name: split.rest.name, ...pick(split.rest, keys) }],
    totals: { what: '拆分前', ...pick(before, keys) },
  }
}

function pick(values: Record<string, string | null> | undefined, keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, values?.[key] ?? null]))
}

const moneyKeys: readonly string[] = ['cost', 'depreciation', 'netValue', 'annualRent']

function formatOf(key: string) {
  if (key === 'quantity') return { format: 'quantity' }
  return moneyKeys.includes(key) ? { format: 'money', unit: '元' } : { format: 'area', unit: '㎡' }
}
