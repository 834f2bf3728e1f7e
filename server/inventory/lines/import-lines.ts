import { eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { cards } from '../../../db/schema/assets.ts'
import { calls, countLines, counts } from '../../../db/schema/inventory.ts'
import { assignments, columnsOf, names } from '../../../db/sql.ts'
import { ImportRefused } from '../../../imports/refused.ts'
import type { Batch } from '../../../imports/target.ts'
import { within } from '../../access/scope.ts'
import type { Actor } from '../../kernel/actor.ts'
import { plainText, type Side } from './import-row.ts'
import { type CardNow, type Line, notOpen } from './open.ts'
import { thousandths } from './rules.ts'

export type Pair = { line: Line; card: CardNow }
export type CountAt = {
  id: string
  no: string
  unitName: string
  divisionCode: string
  version: number
  callNo: string
}

/** The count that a batch belongs to, while it is open. */
export async function countOf(tx: Tx, actor: Actor, { callId, unitId }: Batch): Promise<CountAt> {
  if (callId === null) throw new ImportRefused('盘点单和基准清单请在本单位清查单的页面上传。')
  const [count] = await tx
    .select({
      id: counts.id,
      no: counts.no,
      state: counts.state,
      unitName: counts.unitName,
      divisionCode: counts.divisionCode,
      version: counts.version,
      callNo: calls.no,
    })
    .from(counts)
    .innerJoin(calls, eq(calls.id, counts.callId))
    .where(sql`${counts.callId} = ${callId} and ${counts.unitId} = ${unitId} and ${within(actor, counts.scopeKey)}`)
  if (!count) throw new ImportRefused('这次清查里没有这个单位的清查单，请从清查单的页面上传。')
  const { state, ...at } = count
  if (state !== 'counting') throw new ImportRefused(notOpen)
  return at
}

/** Lines with their cards as they are now, by id. */
export async function pairsOf(tx: Tx, ids: readonly (string | null)[]): Promise<Map<string, Pair>> {
  const known = ids.flatMap((id) => id ?? [])
  if (known.length === 0) return new Map()
  const found = await tx
    .select({
      line: countLines,
      card: {
        voided: cards.voided,
        usage: cards.usage,
        quantity: cards.quantity,
        valueKind: cards.valueKind,
        parts: cards.parts,
      },
    })
    .from(countLines)
    .leftJoin(cards, eq(cards.id, countLines.cardId))
    .where(inArray(countLines.id, known))
  return new Map(found.map(({ line, card }) => [line.id, { line, card: card ?? noCard }]))
}

/** A surplus has none yet, and nothing is asked of it. */
const noCard: CardNow = { voided: false, usage: null, quantity: null, valueKind: null, parts: [] }

/** What a line says by the columns of the sheet: the same for what is stored and for what a row would make of it. */
export function stateOf(line: Side): Record<string, string | null> {
  const some = (quantity: string | undefined) =>
    quantity === undefined || thousandths(quantity) === 0n ? null : plainText(quantity)
  const { countedQuantity: counted, remark = null } = line
  const found = { counted: counted ? plainText(counted) : null, remark }
  if (line.origin === 'surplus') {
    const { name = null, cardType = null, specification = null, unitOfMeasure = null, location = null } = line
    const { usage = null, keeper = null, foundOn = null, valueBasis = null, valueNote = null } = line
    const what = { name, cardType, specification, unitOfMeasure, location, usage, keeper }
    const value = { foundOn, valueBasis, cost: money(line.surplusCost), valueNote }
    return { ...what, counted: found.counted, ...value, explanation: remark }
  }
  const { missingReason = null, scrapReason = null, undeterminedReason = null, changes = {} } = line
  return {
    ...{ ...found, missing: some(line.missingQuantity), missingReason },
    ...{ scrap: some(line.scrapQuantity), scrapReason },
    ...{ undetermined: some(line.undeterminedQuantity), undeterminedReason },
    usage: changes.usage?.new ?? null,
    newLocation: changes.location?.new ?? null,
    keeper: changes.keeper?.new ?? null,
  }
}

function money(amount: string | null | undefined): string | null {
  return amount ? plainText(amount) : null
}

/** What counting writes of a line, and what undoing it puts back. */
const written = [
  ...(['name', 'cardType', 'specification', 'structure', 'unitOfMeasure', 'location', 'usage', 'keeper'] as const),
  ...(['acquiredOn', 'acquiredPrecision', 'source', 'landArea', 'floorArea'] as const),
  ...(['countedQuantity', 'surplusQuantity', 'surplusCost', 'surplusDepreciation'] as const),
  ...(['missingQuantity', 'missingCost', 'missingDepreciation', 'missingReason'] as const),
  ...(['scrapQuantity', 'scrapCost', 'scrapDepreciation', 'scrapReason'] as const),
  ...(['undeterminedQuantity', 'undeterminedCost', 'undeterminedDepreciation', 'undeterminedReason'] as const),
  ...(['changes', 'foundOn', 'valueBasis', 'valueNote', 'condition', 'remark'] as const),
  ...(['countedBy', 'countedName', 'countedAt', 'countedVia', 'returned'] as const),
] as const satisfies readonly (keyof Line)[]

const columns = getTableColumns(countLines)
const writtenColumns = written.map((key) => columns[key].name)
/** All of them as `v` has them. */
export const setWritten = assignments(columnsOf(sql`v`, writtenColumns))
const entered = ['id', 'countId', 'no', 'origin', 'divisionCode', 'bookQuantity'] as const

/** The columns by their names in the database, as JSON takes them. */
export function storedOf(line: Side): Record<string, unknown> {
  const keys = [...entered, ...written]
  return Object.fromEntries(keys.flatMap((key) => (line[key] === undefined ? [] : [[columns[key].name, line[key]]])))
}

/** Gives many lines their next count side in one statement. */
export async function writeLines(tx: Tx, lines: readonly Side[]): Promise<void> {
  if (lines.length === 0) return
  await tx.execute(sql`
    update count_lines l set ${setWritten}, version = l.version + 1
    from jsonb_populate_recordset(null::count_lines, ${JSON.stringify(lines.map(storedOf))}::jsonb) v where l.id = v.id`)
}

/** Enters many surplus lines under ids that are theirs already. */
export async function insertLines(tx: Tx, lines: readonly Side[]): Promise<void> {
  if (lines.length === 0) return
  const list = names([...entered.map((key) => columns[key].name), ...writtenColumns])
  const whole = lines.map((line) => storedOf({ ...noParts, ...line }))
  await tx.execute(sql`
    insert into count_lines (${list}) overriding system value
    select ${list} from jsonb_populate_recordset(null::count_lines, ${JSON.stringify(whole)}::jsonb)`)
}

const noParts = { missingQuantity: '0', scrapQuantity: '0', undeterminedQuantity: '0', changes: {} } as const
