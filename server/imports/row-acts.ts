import { eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importRows } from '../../db/schema/imports.ts'
import { isEdited } from '../../imports/edits.ts'
import { resolveAnew } from '../../imports/matching.ts'
import type { StagedRow } from '../../imports/staging.ts'
import type { Batch, ImportTarget } from '../../imports/target.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { refuseWhileOpen } from '../kernel/jobs.ts'
import { batchOf, lockBatch, rematch } from './actions.ts'
import { recount } from './recount.ts'
import { rowsAt, type Spot } from './review-queries.ts'
import { listed, nameOfRow } from './row-places.ts'

export type RowAct = 'skip' | 'apart' | 'restore'

/** What is typed over a row: text by field key; undefined keeps the field as it is, null takes the file's own back. */
export type Typed = Readonly<Record<string, string | null | undefined>>

/** Types over a row's cells, and finds anew what all rows come to. Tells what the row is now. */
export async function editRow(
  tx: Tx,
  acting: Acting,
  target: ImportTarget<Tx>,
  id: string,
  input: { version: number; place: Spot; typed: Typed },
): Promise<StagedRow> {
  const batch = await openRows(tx, id, input.version)
  const [row] = await rowsAt(tx, id, [input.place])
  if (!row) throw new RuleBroken('这一行已经不在了，请回到列表刷新后再看。')
  const edits = { ...row.edits }
  for (const [key, text] of Object.entries(input.typed)) {
    if (text === undefined) continue
    if (text === null) delete edits[key]
    else edits[key] = text
  }
  const changes = changedTexts(row.edits, edits)
  if (Object.keys(changes).length === 0) return row
  await tx.update(importRows).set({ edits }).where(eq(importRows.id, row.id))
  await resettle(tx, target, batch, [{ ...row, edits }])
  const label = (key: string) => target.fields.find((field) => field.key === key)?.label ?? key
  await record(
    tx,
    acting,
    { kind: 'batch', id },
    {
      action: isEdited({ edits }) ? 'import.edit' : 'import.revert',
      comment: nameOfRow(row),
      detail: {
        rows: [row.row],
        changes: Object.fromEntries(Object.entries(changes).map(([key, change]) => [label(key), change])),
      },
    },
  )
  const [now] = await rowsAt(tx, id, [input.place])
  return now ?? row
}

/** Skips rows, makes them entries of their own, or takes either back. Returns how many rows that was. */
export async function handleRows(
  tx: Tx,
  acting: Acting,
  target: ImportTarget<Tx>,
  id: string,
  input: { version: number; places: readonly Spot[]; act: RowAct | undefined },
): Promise<number> {
  const batch = await openRows(tx, id, input.version)
  const { act } = input
  if (!act || input.places.length === 0) throw new RuleBroken('请先勾选要办理的行，再点要怎样办。')
  const rows = (await rowsAt(tx, id, input.places)).filter((row) => isMeant(row, act))
  if (rows.length === 0) throw new RuleBroken(nothingMeant[act])
  if (act === 'apart') await refuseTied(tx, rows, target)
  const handling = act === 'restore' ? null : act
  await tx
    .update(importRows)
    .set({ handling })
    .where(
      inArray(
        importRows.id,
        rows.map((row) => row.id),
      ),
    )
  await resettle(tx, target, batch, [])
  await record(
    tx,
    acting,
    { kind: 'batch', id },
    { action: `import.${act}`, comment: listed(rows, 20), detail: { rows: rows.map(({ row }) => row) } },
  )
  return rows.length
}

const nothingMeant: Record<RowAct, string> = {
  skip: '选中的行已经跳过。',
  apart: '选中的行本来就会作为新的一项录入，不用分开；已经跳过的，请先点“恢复”。',
  restore: '选中的行没有跳过，也没有单独分开，不用恢复。',
}

function isMeant({ handling, status }: StagedRow, act: RowAct): boolean {
  if (act === 'skip') return handling !== 'skip'
  if (act === 'restore') return handling !== null
  return handling === null && status !== 'new'
}

/** What names an entry outright cannot be another one; what is wrong is compared with nothing. */
async function refuseTied(
  tx: Tx,
  rows: readonly StagedRow[],
  { identities, entry, fields }: ImportTarget<Tx>,
): Promise<void> {
  const wrong = rows.filter(({ status }) => status === 'wrong')
  if (wrong.length > 0) throw new RuleBroken(`${listed(wrong)}有错，还没有与台账比对，请先改正。`)
  const at = identities.findIndex(({ unique, number }) => unique && !number)
  const naming = identities[at]
  if (!naming) return
  const ids = rows.map(({ id }) => id)
  const named = await tx
    .select({ id: importRows.id })
    .from(importRows)
    .where(sql`${inArray(importRows.id, ids)} and ${importRows.keys}[${at + 1}::int] is not null`)
  const tied = rows.filter(({ id }) => named.some((row) => row.id === id))
  if (tied.length === 0) return
  const label = fields.find(({ key }) => key === naming.fields.at(-1))?.label ?? naming.label
  throw new RuleBroken(
    `${listed(tied)}写了${label}，指的就是台账里的那${entry}，不能分开；确实是另一项的，请点“修改”清空${label}。`,
  )
}

/** The batch under its lock, with rows that may still be changed. */
async function openRows(tx: Tx, id: string, version: number): Promise<Batch> {
  await refuseWhileOpen(tx, id)
  const row = await lockBatch(tx, id, version)
  // Whoever asked for a job meanwhile held the batch; a job that is being done holds it for minutes.
  await refuseWhileOpen(tx, id)
  if (row.state !== 'checked') throw new RuleBroken('这批数据已经处理过，不能再改。')
  return batchOf(row)
}

/** Everything that follows from what people did to rows: what each comes to, how many, and the sums. */
async function resettle(tx: Tx, target: ImportTarget<Tx>, batch: Batch, edited: readonly StagedRow[]): Promise<void> {
  const { verbs } = target
  if (verbs && edited.length > 0) {
    await resolveAnew(tx, target, verbs, await verbs.open(tx, batch), edited)
  }
  await rematch(tx, batch, target)
  await recount(tx, target, batch)
}

function changedTexts(old: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>) {
  const keys = new Set([...Object.keys(old), ...Object.keys(now)])
  return Object.fromEntries(
    [...keys]
      .filter((key) => old[key] !== now[key])
      .map((key) => [key, { old: old[key] ?? null, new: now[key] ?? null }]),
  )
}
