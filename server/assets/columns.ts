import { Type } from 'typebox'
import { type RegisterColumn, registerColumns } from '../../imports/sheets/register.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'

/** `columns=name,cost` or `columns=name&columns=cost`. */
export const AskedColumns = Type.Optional(Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 100 }))

export type AskedColumns = readonly string[] | undefined

/** The columns asked for, each once and in the order asked; undefined where none is named. */
export function chosenColumns(asked: AskedColumns, cardType: string | null): readonly RegisterColumn[] | undefined {
  const { chosen, problems } = readColumns(asked, cardType)
  if (problems.length > 0) throw new RuleBroken(problems)
  return chosen
}

/** The same with a sentence for each that is not there, for who shows the others all the same. */
export function readColumns(
  asked: AskedColumns,
  cardType: string | null,
): { chosen: readonly RegisterColumn[] | undefined; problems: Problem[] } {
  const wanted = new Set((asked ?? []).flatMap((text) => text.split(',')).map((key) => key.trim()))
  wanted.delete('')
  const known = new Map(registerColumns(cardType).map(({ key }) => [key as string, key]))
  const problems = [...wanted].filter((key) => !known.has(key)).map((key) => ({ field: 'columns', text: refusal(key) }))
  const chosen = [...wanted].flatMap((key) => known.get(key) ?? [])
  return { chosen: chosen.length > 0 ? chosen : undefined, problems }
}

function refusal(key: string): string {
  const field = allTypeFields.find((candidate) => candidate.key === key)
  if (field) return `“${field.label}”不是每类资产都有的栏目，请先选定有它的资产类别。`
  return `台账没有“${key.slice(0, 40)}”这一栏，请重新选择栏目。`
}
