import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { list, names } from '../../../db/sql.ts'
import { withEdits } from '../../../imports/edits.ts'
import { type StagedRow, stagedRows } from '../../../imports/staging.ts'
import type { Batch, ImportTarget } from '../../../imports/target.ts'
import type { Watch } from '../../../imports/watch.ts'
import { RuleBroken } from '../../kernel/errors.ts'
import { type Acting, changed, eventColumns } from '../../kernel/events.ts'
import { told } from './differences.ts'
import { countOf, insertLines, pairsOf, storedOf, writeLines } from './import-lines.ts'
import { bookedOutcome, type Outcome, type Side, surplusOutcome } from './import-row.ts'
import { countedNow, type Line, openCount } from './open.ts'

type Told = { action: string; detail: Record<string, unknown> }
type Step = { acting: Acting; batch: Batch; target: ImportTarget<Tx> }

/**
 * Counts the lines of the changed rows and enters the new ones as surplus, a thousand at a time with one event each. The
 * rules are asked once more: a card may have changed since the rows were looked at.
 */
export async function applyLines(
  tx: Tx,
  acting: Acting,
  target: ImportTarget<Tx>,
  batch: Batch,
  watch: Watch,
): Promise<void> {
  const count = await countOf(tx, acting.actor, batch)
  // Nobody saves a line meanwhile, and the next number is taken by one at a time.
  await openCount(tx, acting.actor, count.id, 'no key update')
  const [last] = await tx.execute<{ no: number }>(
    sql`select coalesce(max(no), 0)::int as no from count_lines where count_id = ${count.id}`,
  )
  let no = last?.no ?? 0
  let done = 0
  const step = { acting, batch, target }
  for await (const rows of stagedRows(tx, batch.id, sql`status in ('new', 'changed')`)) {
    watch.signal.throwIfAborted()
    const known = await countRows(tx, step, rows)
    const found = rows.filter(({ status }) => status === 'new').map((row) => surplusOf(row, step, count, ++no))
    await insertLines(
      tx,
      found.map(({ line }) => line),
    )
    await tell(tx, acting, count.id, [...known, ...found.map(({ told }) => told)])
    done += rows.length
    watch.progress({ phase: '正在写入盘点结果', rows: done, of: null })
  }
}

async function countRows(tx: Tx, step: Step, rows: readonly StagedRow[]): Promise<Told[]> {
  const { acting, batch, target } = step
  const changing = rows.filter(({ status }) => status === 'changed')
  const pairs = await pairsOf(
    tx,
    changing.map(({ entryId }) => entryId),
  )
  const next: Line[] = []
  const events: Told[] = []
  for (const row of changing) {
    const pair = pairs.get(row.entryId ?? '')
    if (!pair || pair.line.version !== row.entryVersion)
      throw new RuleBroken(`第 ${row.row} 行刚被别人盘点过，请重新核对。`)
    const { values } = withEdits(row, target)
    const { line, card } = pair
    const outcome =
      line.origin === 'surplus' ? surplusOutcome(line, values, acting.clock.today()) : bookedOutcome(line, card, values)
    const saved: Line = { ...line, ...sideOf(row, outcome), ...countedNow(acting, 'sheet'), returned: null }
    next.push(saved)
    const changes = changed(told(line), told(saved)) ?? {}
    const { no, code, name } = line
    const detail = { line: no, code, name, changes, ...sourceOf(batch, row), before: storedOf(line) }
    events.push({ action: 'count.line', detail })
  }
  await writeLines(tx, next)
  return events
}

function surplusOf(
  row: StagedRow,
  { acting, batch, target }: Step,
  { id, divisionCode }: { id: string; divisionCode: string },
  no: number,
): { line: Side; told: Told } {
  const { values } = withEdits(row, target)
  const side = sideOf(row, surplusOutcome(null, values, acting.clock.today()))
  if (row.entryId === null) throw new Error(`row ${row.row} has no id of its own`)
  const line: Side = {
    ...{ id: row.entryId, countId: id, no, origin: 'surplus', divisionCode, bookQuantity: '0' },
    ...side,
    ...countedNow(acting, 'sheet'),
  }
  const changes = changed({}, told(line)) ?? {}
  return {
    line,
    told: { action: 'count.surplus', detail: { line: no, name: line.name, changes, ...sourceOf(batch, row) } },
  }
}

function sideOf({ row }: StagedRow, { side, findings }: Outcome): Side {
  const [problem] = findings.filter(({ severity }) => severity === 'wrong')
  if (!side || problem) throw new RuleBroken(`第 ${row} 行：${problem?.message ?? '没有写清查数量。'}请重新核对。`)
  return side
}

export function sourceOf({ no }: Batch, { row }: Pick<StagedRow, 'row'>) {
  return { document: { kind: 'import', no, path: `/imports/${no}` }, row }
}

async function tell(tx: Tx, acting: Acting, countId: string, events: readonly Told[]): Promise<void> {
  if (events.length === 0) return
  const shared = Object.entries(eventColumns(acting, { action: '' })).filter(([name]) => name !== 'action')
  await tx.execute(sql`
    insert into events (${names([...shared.map(([name]) => name), 'action', 'count_id', 'detail'])})
    select ${list([...shared.map(([, value]) => value), sql`e.action`, sql`${countId}::bigint`, sql`e.detail`])}
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) e (action text, detail jsonb)`)
}
