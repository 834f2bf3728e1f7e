import { inArray } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { divisions } from '../../db/schema/access.ts'
import { leafOf } from '../../imports/recognising/columns.ts'
import { readHeader } from '../../imports/recognising/header.ts'
import { balanceSheet, changesSheet } from '../../imports/sheets/changes.ts'
import type { Sheet } from '../../imports/sheets/sheet.ts'
import { statisticsSheet, statisticsSummarySheet } from '../../imports/sheets/statistics.ts'
import { stockTitle } from '../../imports/sheets/stock.ts'
import { villageStatusSheet } from '../../imports/sheets/village-status.ts'
import type { Card } from './card.ts'

/** Whether a text beside the fields says of a card what our sheets print of it in a column that no field takes. */
export type Printed = (card: Card, header: string, text: string) => boolean

type Says = (card: Card, names: ReadonlyMap<string, string>) => string | null

/** How a card answers the columns that are printed only, by header. */
const answers: ReadonlyMap<string, Says> = new Map([...of(statisticsSheet), ...of(villageStatusSheet)])

/** Headers of those among them that mean no choice of a field. */
export const printedHeaders: readonly string[] = statisticsSheet.columns.flatMap(({ key, header }) =>
  key === 'town' ? header : [],
)

/** Official sheets of ours that list no cards. */
export const sheetsWithoutCards: readonly string[] = [
  stockTitle,
  ...[balanceSheet, changesSheet, statisticsSummarySheet].map(({ title }) => title),
]

export async function printedOn(tx: Tx, cards: readonly Card[]): Promise<Printed> {
  const codes = new Set(cards.flatMap(({ divisionCode }) => [divisionCode, townOf(divisionCode)]))
  const named = await tx
    .select({ code: divisions.code, name: divisions.name })
    .from(divisions)
    .where(inArray(divisions.code, [...codes]))
  const names = new Map(named.map(({ code, name }) => [code, name]))
  return (card, header, text) => answers.get(keyOf(header))?.(card, names) === text
}

function of({ columns }: Sheet): [string, Says][] {
  return columns.flatMap(({ key, header, kind, ticks }): [string, Says][] => {
    if (key === 'town') return [[keyOf(header), ({ divisionCode }, names) => names.get(townOf(divisionCode)) ?? null]]
    if (kind !== 'tick' || (key !== 'nature' && key !== 'usage')) return []
    return [[keyOf(header), (card) => (card[key] === ticks ? '√' : null)]]
  })
}

function keyOf(header: string): string {
  return readHeader(leafOf(header)).key
}

function townOf(divisionCode: string): string {
  return `${divisionCode.slice(0, 9)}000`
}
