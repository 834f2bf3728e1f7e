import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { withEdits } from '../../../imports/edits.ts'
import { ImportRefused } from '../../../imports/refused.ts'
import { readCountSheetHead } from '../../../imports/sheets/count-sheet.ts'
import { type StagedRow, stagedFinding, type Verdict } from '../../../imports/staging.ts'
import type { Batch, ImportTarget, Question, Resolved, Resolver, RowToResolve } from '../../../imports/target.ts'
import { type Acting, changed } from '../../kernel/events.ts'
import { applyLines } from './import-apply.ts'
import { asPrinted, conflictOf } from './import-conflicts.ts'
import { lineIdentities, lineImportFields } from './import-fields.ts'
import { type CountAt, countOf, type Pair, pairsOf, stateOf } from './import-lines.ts'
import { bookedOutcome, surplusOutcome, told, wrong } from './import-row.ts'
import { undoOfLines } from './import-undo.ts'

/** A row of a 盘点单 that a unit brings back: what was found of a line of its count, or something that no line stands for. */
export function lineTarget(acting: Acting): ImportTarget<Tx> {
  const target: ImportTarget<Tx> = {
    key: 'count-lines',
    label: '盘点单',
    entry: '盘点单的同一行',
    fields: lineImportFields,
    name: 'name',
    headers: ['行号', '资产名称', '账面数量', '清查数量'],
    shown: ['name', 'no', 'bookQuantity', 'counted', 'missing', 'scrap', 'undetermined'],
    required: ['name'],
    identities: lineIdentities,
    check: () => [],
  }
  return {
    ...target,
    verbs: {
      open: (tx, batch) => LineRows.open(tx, acting, batch),
      reserve: sql`nextval(pg_get_serial_sequence('count_lines', 'id'))`,
      candidates: async (tx, batch, keysOf) => enterCandidates(tx, await countOf(tx, acting.actor, batch), keysOf),
      revisit: ({ id }) => sql`
        select r.id from import_rows r join count_lines l on l.id = r.entry_id join cards c on c.id = l.card_id
        where r.batch_id = ${id} and r.entry_version is not null and c.version <> l.card_version`,
      judge: (tx, _batch, resolver, rows) => {
        if (!(resolver instanceof LineRows)) throw new Error('rows of another target')
        return resolver.judge(
          tx,
          rows.map((row) => ({ row, edited: withEdits(row, target) })),
        )
      },
      notices: async (tx, batch) => noticesOf(tx, await countOf(tx, acting.actor, batch), batch),
      apply: (tx, batch, watch) => applyLines(tx, acting, target, batch, watch),
      undo: undoOfLines(acting),
    },
  }
}

type KeysOf = Parameters<NonNullable<ImportTarget<Tx>['verbs']>['candidates']>[2]

async function enterCandidates(tx: Tx, { id }: CountAt, keysOf: KeysOf): Promise<void> {
  const add = sql`insert into match_candidates (rule, key, entry_id, version, nth, numbers, spent)`
  for (const [rule, key] of [
    [1, sql`l.no::text`],
    [2, sql`l.code`],
  ] as const) {
    await tx.execute(sql`
      ${add} select ${rule}::int, ${key}, l.id, l.version, l.no, 0, false from count_lines l
      where l.count_id = ${id} and ${key} in (${keysOf(rule)})`)
  }
}

/** Lines named to whoever uploads; the rest is a number. */
const named = 20

/** What a whole sheet tells beside its rows: that it is an older one, and which lines it lacks. */
async function noticesOf(tx: Tx, count: CountAt, batch: Batch): Promise<string[]> {
  const head = headOf(batch)
  const notices: string[] = []
  if (!head) notices.push(`文件上没有清查单号，按清查单 ${count.no}（${count.unitName}）核对，请确认没有传错。`)
  else if (head.version !== count.version) {
    notices.push(
      `这份盘点单是清查单第 ${head.version} 版时下载的，现在是第 ${count.version} 版，其间退回或重新提交过，请留意退回的行。`,
    )
  }
  const lacking = await tx.execute<{ no: number; name: string; total: number }>(sql`
    select l.no, l.name, count(*) over ()::int as total from count_lines l
    where l.count_id = ${count.id} and l.origin = 'booked' and l.counted_quantity is null
      and not exists (select from import_rows r where r.batch_id = ${batch.id} and r.entry_id = l.id)
    order by l.no limit ${named}`)
  const total = lacking[0]?.total ?? 0
  if (total > 0) {
    const list = lacking.map(({ no, name }) => `第 ${no} 行${name}`).join('、')
    notices.push(`表里没有 ${total} 项还没盘点的资产，仍算未盘：${list}${total > named ? ' 等' : ''}。`)
  }
  return notices
}

function headOf({ titles }: Batch) {
  return titles.map(readCountSheetHead).find((head) => head !== null)
}

const isWrong = ({ severity }: { severity: string }) => severity === 'wrong'

class LineRows implements Resolver {
  readonly #count: CountAt
  readonly #today: string

  private constructor(count: CountAt, today: string) {
    this.#count = count
    this.#today = today
  }

  static async open(tx: Tx, { actor, clock }: Acting, batch: Batch): Promise<LineRows> {
    const count = await countOf(tx, actor, batch)
    const head = headOf(batch)
    if (head && head.no !== count.no) {
      throw new ImportRefused(
        `这是${head.unit}的盘点单（清查单 ${head.no}，清查通知 ${head.call}），这里是${count.unitName}的清查单 ${count.no}。请到清查单 ${head.no} 的页面上传。`,
      )
    }
    return new LineRows(count, clock.today())
  }

  resolve({ values, problems }: RowToResolve): Resolved {
    const { no, code } = values
    const stranger = no !== undefined ? `第 ${no} 行` : `编号 ${code} 的资产`
    const { findings } =
      no === undefined && code === undefined
        ? surplusOutcome(null, values, this.#today)
        : {
            findings: [
              wrong(
                no !== undefined ? 'no' : 'code',
                `清查单 ${this.#count.no} 里没有${stranger}，请核对；账上没有的，把行号和资产编号留空，按盘盈登记。`,
              ),
            ],
          }
    const status = [...problems, ...findings].some(isWrong) ? 'wrong' : 'new'
    return { status, differing: {}, unplaced: {}, findings, keys: keysOfRow(values) }
  }

  async judge(tx: Tx, rows: readonly { row: StagedRow; edited: RowToResolve }[]): Promise<Verdict[]> {
    const pairs = await pairsOf(
      tx,
      rows.map(({ row }) => row.entryId),
    )
    const printed = rows.flatMap(({ row, edited }) => {
      const pair = pairs.get(row.entryId ?? '')
      const { version } = edited.values
      return pair && version !== undefined ? { line: pair.line, version: Number(version) } : []
    })
    const bases = await asPrinted(tx, this.#count.id, printed)
    return rows.map(({ row, edited }) => {
      const pair = pairs.get(row.entryId ?? '')
      if (!pair) throw new Error(`row ${row.row} has lost its line`)
      return this.#verdict(row, edited, pair, bases.get(pair.line.id))
    })
  }

  #verdict(row: StagedRow, { values, problems }: RowToResolve, pair: Pair, base?: Record<string, string | null>) {
    const { line } = pair
    const outcome =
      line.origin === 'surplus' ? surplusOutcome(line, values, this.#today) : bookedOutcome(line, pair.card, values)
    const findings = [...outcome.findings]
    if (values.code !== undefined && values.code !== line.code) {
      const own = line.code === null ? '是盘盈的，没有资产编号' : `的资产编号是 ${line.code}`
      findings.push(wrong('code', `第 ${line.no} 行${own}，表里写的是 ${values.code}，请核对有没有填错行。`))
    }
    const broken = [...problems, ...findings].some(isWrong)
    const conflict = !broken && outcome.side ? conflictOf(line, outcome.side, values.version, base) : null
    if (conflict) findings.push(conflict.finding)
    const changes =
      outcome.side && !conflict ? changed(stateOf(line), stateOf({ ...line, ...outcome.side })) : undefined
    if (!broken && line.returned !== null && !changes && outcome.side) {
      findings.push(told(null, `这一行被退回（${line.returned}），表里没有改动，请在清查单页面核对后再确认。`))
    }
    const status = broken || conflict?.kept === false ? 'wrong' : changes ? 'changed' : 'unchanged'
    const verdict: Verdict = {
      ...{ id: row.id, status, resolved: { ...values }, unplaced: {}, findings: findings.map(stagedFinding) },
      ...{ changes: status === 'changed' ? (changes ?? null) : null, keys: keysOfRow(values) },
      ...{ entryId: row.entryId, entryVersion: row.entryVersion },
    }
    return verdict
  }

  questions(): Question[] {
    return []
  }
}

function keysOfRow({ no, code }: Readonly<Record<string, string>>): (string | null)[] {
  return [no === undefined ? null : String(Number(no)), code ?? null]
}
