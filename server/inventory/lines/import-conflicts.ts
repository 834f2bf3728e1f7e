import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { usages } from '../../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import type { FieldProblem } from '../../../imports/target.ts'
import { told } from './differences.ts'
import { told as mention, plainText, type Side, wrong } from './import-row.ts'
import type { Line } from './open.ts'

type Told = Record<string, string | null>

/** What lines said at the version that a sheet was printed from, going back through what was saved since. */
export async function asPrinted(
  tx: Tx,
  countId: string,
  printed: readonly { line: Line; version: number }[],
): Promise<Map<string, Told>> {
  const since = printed.filter(({ line, version }) => version < line.version)
  if (since.length === 0) return new Map()
  const numbers = JSON.stringify(since.map(({ line, version }) => ({ no: line.no, back: line.version - version })))
  const saved = await tx.execute<{ no: number; changes: Record<string, { old: string | null }> | null }>(sql`
    select w.no, e.changes from jsonb_to_recordset(${numbers}::jsonb) w (no int, back int)
    join (
      select (detail ->> 'line')::int as no, detail -> 'changes' as changes,
        row_number() over (partition by (detail ->> 'line')::int order by at desc, id desc) as place
      from events where count_id = ${countId} and action in ('count.line', 'count.seen', 'count.surplus')) e
      on e.no = w.no and e.place <= w.back
    order by e.no, e.place`)
  const states = new Map(since.map(({ line }) => [line.no, { ...told(line) } as Told]))
  for (const { no, changes } of saved) {
    for (const [label, { old }] of Object.entries(changes ?? {})) (states.get(no) ?? {})[label] = old
  }
  return new Map(since.map(({ line }) => [line.id, states.get(line.no) ?? {}]))
}

/**
 * What keeps a row from being taken because somebody has counted its line since the sheet was printed. Whoever wants the
 * row all the same says so by writing the line's present version.
 */
export function conflictOf(line: Line, side: Side, printed: string | undefined, base: Told | undefined): Conflict {
  const version = printed === undefined ? null : Number(printed)
  if (line.countedQuantity === null || version === line.version) return null
  const [theirs, yours] = [told(line), told({ ...line, ...side })]
  const moved = differing(theirs, yours)
  if (moved.length === 0) return null
  if (base !== undefined && differing(base, theirs).length === 0) return null
  const who = `${line.countedName ?? ''}${line.countedAt ? ` ${day(line.countedAt)}` : ''}`
  if (base !== undefined && differing(base, yours).length === 0) {
    const now = differing(base, theirs).map((label) => `${label} ${shown(base[label])} → ${shown(theirs[label])}`)
    const text = `下载盘点单之后 ${who} 又盘点过（${now.join('；')}），这一行没有改，按后来盘点的保留。`
    return { kept: true, finding: mention(null, text) }
  }
  const steps = moved.map((label) => {
    const before = base === undefined ? '' : `${shown(base[label])} → `
    return `${label} ${before}现为 ${shown(theirs[label])} → 表里 ${shown(yours[label])}`
  })
  const when = version === null ? '这一行已经盘点过' : '下载盘点单之后又盘点过'
  const text = `${who} ${when}，与表里不同：${steps.join('；')}。确认以表里为准的，把本行的行版本写成 ${line.version}；否则跳过这一行。`
  return { kept: false, finding: wrong('version', text.trim()) }
}

type Conflict = { kept: boolean; finding: FieldProblem } | null

function differing(one: Told, other: Told): string[] {
  const plain = (text: string | null | undefined) =>
    text && /^-?\d+\.\d+$/.test(text) ? plainText(text) : (text ?? null)
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (label) => plain(one[label]) !== plain(other[label]),
  )
}

function shown(text: string | null | undefined): string {
  if (!text) return '空白'
  return /^-?\d+\.\d+$/.test(text) ? plainText(text) : choiceLabel(usages, text)
}

function day(at: Date): string {
  const [, month, date] = new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10).split('-')
  return `${Number(month)}月${Number(date)}日`
}
