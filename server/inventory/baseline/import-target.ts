import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { withEdits } from '../../../imports/edits.ts'
import { ImportRefused } from '../../../imports/refused.ts'
import { otherwise } from '../../../imports/resolved.ts'
import { type StagedRow, stagedFinding, type Verdict } from '../../../imports/staging.ts'
import type {
  Batch,
  FieldProblem,
  ImportTarget,
  Question,
  Resolved,
  Resolver,
  RowToResolve,
} from '../../../imports/target.ts'
import { keyArray, within } from '../../access/scope.ts'
import { mayEnter, type Track } from '../../kernel/actor.ts'
import type { Acting } from '../../kernel/events.ts'
import { toStored } from '../../kernel/partial-date.ts'
import { notOpen } from '../lines/open.ts'
import { applyBaseline } from './import-apply.ts'
import { baselineFields, baselineIdentities, entered } from './import-fields.ts'
import { undoOfBaseline } from './import-undo.ts'

/** A row of an earlier census as an entry of the baseline of the count of its unit. */
export function baselineTarget(acting: Acting): ImportTarget<Tx> {
  const target: ImportTarget<Tx> = {
    key: 'baseline',
    label: '基准清单',
    entry: '基准清单的同一项',
    fields: baselineFields,
    name: 'name',
    headers: ['资产名称', '坐落位置', '账面原值'],
    shown: ['name', 'unit', 'originalCode', 'location', 'area', 'cost'],
    required: ['name'],
    identities: baselineIdentities,
    check: () => [],
  }
  return {
    ...target,
    verbs: {
      open: (tx, batch) => BaselineRows.open(tx, acting, batch),
      reserve: sql`nextval(pg_get_serial_sequence('baseline_lines', 'id'))`,
      candidates: async (tx, batch, keysOf) => {
        const { counts } = await aroundOf(tx, acting, batch)
        await tx.execute(sql`
          insert into match_candidates (rule, key, entry_id, version, nth, numbers, spent)
          select 1, ${storedKey}, b.id, b.version, b.no, 0, false from baseline_lines b
          where b.count_id = any(${keyArray([...counts.values()].map(({ id }) => id))}) and ${storedKey} in (${keysOf(1)})`)
      },
      judge: async (_tx, _batch, resolver, rows) => {
        if (!(resolver instanceof BaselineRows)) throw new Error('rows of another target')
        return rows.map((row) => resolver.judge(row, withEdits(row, target)))
      },
      apply: (tx, batch, watch) => applyBaseline(tx, acting, batch, watch),
      aftermath: (tx, batch) => leftOpen(tx, batch),
      undo: undoOfBaseline(acting),
    },
  }
}

/** What nothing was found for waits for people. */
async function leftOpen(tx: Tx, { id }: Batch) {
  const [left] = await tx.execute<{ no: string; open: number }>(sql`
    select t.no, count(*)::int as open from baseline_lines b join counts t on t.id = b.count_id
    where b.batch_id = ${id} and b.line_id is null and b.settled_reason is null group by t.no order by t.no limit 1`)
  if (!left) return null
  const href = `/inventory/counts/${left.no}/baseline`
  return { lead: '基准清单里有没有对上的，请逐项对应或写明去向：', text: `${left.open} 项没有对上`, href }
}

/** Stands between the parts of a key: no cell holds it. */
const gap = '\u001f'
const figure = (value: SQL) => sql`coalesce(trim_scale(${value})::text, '')`
/** The key of an entry that is stored, as `keyOf` makes it of a row. */
const storedKey = sql`concat_ws(${gap}::text, b.count_id::text, b.name, coalesce(b.original_code, ''),
  coalesce(b.certificate, ''), coalesce(b.location, ''), coalesce(b.acquired_on::text, ''), coalesce(b.acquired_precision, ''),
  ${figure(sql`b.quantity`)}, coalesce(b.unit_of_measure, ''), ${figure(sql`b.area`)}, ${figure(sql`b.cost`)}, coalesce(b.remark, ''))`

type CountAt = { id: string; no: string; unitId: string; unitName: string; state: string }
type Around = { own: CountAt; counts: Map<string, CountAt>; names: Map<string, CountAt[]> }

/** The counts of a batch's call whose units the actor enters for, by unit and by the names and codes of the units. */
async function aroundOf(tx: Tx, { actor }: Acting, { callId, unitId, track }: Batch): Promise<Around> {
  if (callId === null) throw new ImportRefused('基准清单请在本单位清查单的基准清单页面上传。')
  const found = await tx.execute<CountAt & { code: string; formerly: string[] }>(sql`
    select t.id::text, t.no, t.unit_id::text as "unitId", t.unit_name as "unitName", t.state, t.unit_code as code,
      array(select distinct p.name from unit_periods p where p.unit_id = t.unit_id) as formerly
    from counts t where t.call_id = ${callId} and ${within(actor, sql`t.scope_key`)}`)
  const mine = found.filter((count) => mayEnter(actor, count.unitId, track as Track))
  const own = mine.find((count) => count.unitId === unitId)
  if (!own) throw new ImportRefused('这次清查里没有这个单位的清查单，请从清查单的页面上传。')
  if (own.state !== 'counting') throw new ImportRefused(notOpen)
  const names = new Map<string, CountAt[]>()
  for (const count of mine) {
    for (const name of new Set([count.code, count.unitName, ...count.formerly])) {
      names.set(name, [...(names.get(name) ?? []), count])
    }
  }
  return { own, counts: new Map(mine.map((count) => [count.id, count])), names }
}

const wrong = (field: string, message: string): FieldProblem => ({ field, message, severity: 'wrong' })
const told = (field: string | null, message: string): FieldProblem => ({ field, message, severity: 'told' })
const isWrong = ({ severity }: { severity: string }) => severity === 'wrong'

type Read = { stored: Record<string, string>; findings: FieldProblem[]; keys: (string | null)[] | null }

class BaselineRows implements Resolver {
  readonly #around: Around
  readonly #today: string

  private constructor(around: Around, today: string) {
    this.#around = around
    this.#today = today
  }

  static async open(tx: Tx, acting: Acting, batch: Batch): Promise<BaselineRows> {
    return new BaselineRows(await aroundOf(tx, acting, batch), acting.clock.today())
  }

  resolve(row: RowToResolve): Resolved {
    const { stored, findings, keys } = this.#read(row)
    const status = [...row.problems, ...findings].some(isWrong) ? 'wrong' : 'new'
    return { status, differing: otherwise(row.values, stored), unplaced: {}, findings, keys }
  }

  judge(row: StagedRow, edited: RowToResolve): Verdict {
    const { stored, findings, keys } = this.#read(edited)
    const broken = [...edited.problems, ...findings].some(isWrong)
    const known = told(null, '基准清单里已有这一项，不再登记。')
    return {
      ...{ id: row.id, status: broken ? 'wrong' : 'unchanged', resolved: stored, unplaced: {}, changes: null, keys },
      findings: [...findings, ...(broken ? [] : [known])].map(stagedFinding),
      ...{ entryId: row.entryId, entryVersion: row.entryVersion },
    }
  }

  questions(): Question[] {
    return []
  }

  #read({ values }: RowToResolve): Read {
    const findings: FieldProblem[] = []
    const count = this.#countOf(values.unit, findings)
    for (const [key, label] of figures) {
      if (values[key]?.startsWith('-')) findings.push(wrong(key, `${label}是负数，请核对。`))
    }
    const stored: Record<string, string> = {}
    for (const key of entered) if (values[key] !== undefined) stored[key] = values[key]
    if (values.acquiredOn !== undefined) {
      const { day, precision } = toStored(values.acquiredOn)
      Object.assign(stored, { acquiredOn: day, acquiredPrecision: precision })
      if (day > this.#today) findings.push(wrong('acquiredOn', `建成/取得时间晚于今天 ${this.#today}，请核对。`))
    }
    if (!count) return { stored, findings, keys: null }
    Object.assign(stored, { countId: count.id })
    return { stored, findings, keys: [keyOf(stored)] }
  }

  /** The count that a row belongs to: of the unit it names, or of the unit that was chosen. */
  #countOf(text: string | undefined, findings: FieldProblem[]): CountAt | null {
    const { own, names } = this.#around
    if (text === undefined) return own
    const [count, ...others] = names.get(text.normalize('NFKC').trim()) ?? []
    if (count && others.length === 0) {
      if (count.state === 'counting') return count
      findings.push(wrong('unit', `${count.unitName}的清查结果已经提交，请审核的单位退回后再导入。`))
    } else if (count) {
      findings.push(wrong('unit', `这次清查里有 ${others.length + 1} 个单位叫“${text}”，请改写单位编码。`))
    } else {
      const cure = '请写单位全称或编码，或把这一栏留空（算本单位的）。'
      findings.push(wrong('unit', `“${text}”不在这次清查里，或不由您经办。${cure}`))
    }
    return null
  }
}

const figures = [
  ['quantity', '数量'],
  ['area', '面积'],
  ['cost', '账面原值'],
] as const

function keyOf(stored: Readonly<Record<string, string>>): string {
  const plain = (key: string) => {
    const value = stored[key] ?? ''
    return value.includes('.') && /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value
  }
  const text = (key: string) => stored[key] ?? ''
  return [
    ...[text('countId'), text('name'), text('originalCode'), text('certificate'), text('location'), text('acquiredOn')],
    ...[
      text('acquiredPrecision'),
      plain('quantity'),
      text('unitOfMeasure'),
      plain('area'),
      plain('cost'),
      text('remark'),
    ],
  ].join(gap)
}
