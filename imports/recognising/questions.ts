import type { Answers } from '../answers.ts'
import type { Cells } from '../reading/events.ts'
import type { Field } from '../sheets/fields.ts'
import type { ImportTarget, Question } from '../target.ts'
import { isFigure, parseValue } from '../values/value.ts'
import type { Column } from './columns.ts'
import { normalised } from './header.ts'
import type { HeaderRows } from './header-rows.ts'
import { rowList } from './row-list.ts'
import type { Sample } from './sample.ts'

const kept = '作为附加栏目保留'

type Told = Pick<Question, 'about' | 'guess' | 'column'>

/** For people: the columns that nobody knows in one question instead of one each. */
export function gathered(questions: readonly Told[]): Told[] {
  const unknown = questions.filter(({ guess, column }) => guess === kept && column !== undefined)
  if (unknown.length < 2) return [...questions]
  const headers = unknown.map(({ about, column }) => {
    const header = /「(.*)」/.exec(about)?.[1] ?? ''
    return header === `${column}列` ? `${column}（没有列名）` : `${column} ${header}`
  })
  return [
    ...questions.filter((question) => !unknown.includes(question)),
    { about: `有 ${unknown.length} 列没有认出，对应哪一栏？`, guess: `都作为附加栏目原样保留：${headers.join('、')}` },
  ]
}

/** Asks which worksheet is meant when more than one holds a table. */
export function worksheetQuestions(chosen: Sample, tables: readonly Sample[], answered: boolean): Question[] {
  const others = tables.filter((sample) => sample !== chosen)
  if (others.length === 0) return []
  const choices = [chosen, ...others].map((sample) => ({ value: sample.sheet.name, label: names([sample]) }))
  return [
    {
      key: 'worksheet',
      kind: 'worksheet',
      about: `文件里还有工作表${names(others)}，读哪一张？`,
      guess: `「${chosen.sheet.name}」`,
      value: chosen.sheet.name,
      choices,
      ...(answered ? { answered } : {}),
    },
  ]
}

/** A table of a worksheet: the row its header begins in, and the first of its headers. */
export type TableHead = { row: number; headers: string }

/** Tables that are asked about one by one. */
const mostTables = 100

/** Asks which table is meant when several stand one below the other. */
export function tableQuestions(chosen: TableHead, tables: readonly TableHead[], answered: boolean): Question[] {
  const others = tables.filter(({ row }) => row !== chosen.row)
  if (others.length === 0) return []
  const told = others.slice(0, 3).map(({ row, headers }) => `第 ${row} 行起（${headers}）`)
  const more = others.length > told.length ? `等 ${others.length} 张` : ''
  return [
    {
      key: 'table',
      kind: 'table',
      about: `工作表里上下排了 ${others.length + 1} 张表，读哪一张？`,
      guess: `读第 ${chosen.row} 行起的这张，别的没有读入：${told.join('、')}${more}；要导入，请选它再读一次，或移到单独的工作表再上传`,
      value: String(chosen.row),
      choices: [chosen, ...others.slice(0, mostTables)]
        .sort((a, b) => a.row - b.row)
        .map(({ row, headers }) => ({ value: String(row), label: `第 ${row} 行起：${headers}` })),
      ...(answered ? { answered } : {}),
    },
  ]
}

/** Tells of the worksheets that hold something and no table. */
export function otherSheets(chosen: Sample, samples: readonly Sample[], tables: readonly Sample[]): string[] {
  const others = samples.filter((sample) => sample !== chosen && sample.rows.length > 0 && !tables.includes(sample))
  return others.length === 0 ? [] : [`工作表${names(others)}里没有认出资产表，没有读入。`]
}

/** Tells what of a worksheet people do not see on their screen. */
export function hiddenParts({ sheet, rows }: Sample): string[] {
  const filled = (sheet.hiddenColumns ?? []).filter((column) => rows.some(({ cells }) => cells[column]?.trim()))
  return [
    ...(sheet.hidden ? [`工作表「${sheet.name}」在文件中是隐藏的。`] : []),
    ...(filled.length > 0 ? [`第 ${filled.join('、')} 列在表格中被隐藏，已照常读入。`] : []),
  ]
}

function names(samples: readonly Sample[]): string {
  return samples.map(({ sheet }) => `「${sheet.name}」${sheet.hidden ? '（隐藏）' : ''}`).join('、')
}

/** Asks about columns that hold something and are not understood, or not for certain. */
export function columnQuestions(
  columns: readonly Column[],
  sample: Sample,
  header: HeaderRows,
  { fields, printed = [] }: Pick<ImportTarget, 'fields' | 'printed'>,
  { columns: decided }: Pick<Answers, 'columns'>,
): Question[] {
  const quiet = new Set(printed.map(normalised))
  const last = header.rows.at(-1)?.row ?? 0
  const data = sample.rows.filter((row) => row.row > last)
  const label = (key: string) => fields.find((field) => field.key === key)?.label ?? key
  const questions: Question[] = []
  for (const column of columns) {
    const answer = decided[column.column]
    if (column.serial || answer === null || fields.some(({ key }) => key === answer)) continue
    if (!data.some((row) => row.cells[column.column]?.trim())) continue
    const place = `第 ${column.column} 列「${column.header}」`
    const of = {
      key: `column:${column.column}`,
      kind: 'column',
      column: column.column,
      value: column.field,
      ...(column.field === null ? {} : { field: column.field }),
    } as const
    if (column.field !== null && !column.sure) {
      questions.push({
        about: `${place}是「${label(column.field)}」吗？`,
        guess: `按「${label(column.field)}」读入`,
        ...of,
      })
    } else if (column.field === null && column.rival) {
      const { field, column: winner } = column.rival
      const rival = columns.find((other) => other.column === winner)
      const differing = data
        .filter(
          ({ cells }) =>
            !alike(cells[column.column], cells[winner]) && !sameFigure(cells, column, rival, field, fields),
        )
        .map(({ row }) => row)
      if (differing.length === 0) continue
      const about = `${place}与第 ${winner} 列都像「${label(field)}」，${rowList(differing)}写的不同，读哪一列？`
      const rows = { count: differing.length, first: differing.slice(0, 5) }
      questions.push({ about, guess: `读第 ${winner} 列，${column.column} 列作为附加栏目保留`, rows, ...of })
    } else if (column.field === null && !quiet.has(normalised(column.header))) {
      questions.push({ about: `${place}对应哪一栏？`, guess: kept, ...of })
    }
  }
  return questions
}

/** 10000 元 and 1 万元 leave nothing to choose either. */
function sameFigure(
  cells: Cells,
  column: Column,
  rival: Column | undefined,
  key: string,
  fields: readonly Field[],
): boolean {
  const field = fields.find((known) => known.key === key)
  if (!rival || !field || !isFigure(field)) return false
  const read = ({ column: letter, unit }: Column) => parseValue(cells[letter] ?? '', field, unit ?? undefined).value
  const own = read(column)
  return own !== null && own === read(rival)
}

/** Two columns that say the same, or where the second says nothing, leave nothing to choose. */
function alike(text: string | undefined, other: string | undefined): boolean {
  const plain = text?.trim() ?? ''
  return plain === '' || plain === other?.trim()
}
