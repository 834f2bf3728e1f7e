import { inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { claims } from '../../db/schema/claims.ts'
import { withEdits } from '../../imports/edits.ts'
import { otherwise, withoutBlanks } from '../../imports/resolved.ts'
import { type StagedRow, stagedFinding, type Verdict } from '../../imports/staging.ts'
import type {
  Batch,
  FieldProblem,
  ImportTarget,
  Question,
  Resolved,
  Resolver,
  RowToResolve,
} from '../../imports/target.ts'
import { within } from '../access/scope.ts'
import { type Acting, changed } from '../kernel/events.ts'
import { plus } from '../kernel/money.ts'
import { toStored } from '../kernel/partial-date.ts'
import { type Claim, valuesOf } from './claim.ts'
import { applyClaims } from './import-apply.ts'
import { claimIdentities, claimImportFields, entered } from './import-fields.ts'
import { categoryFor, dayFindings, isWrong, type Owed, owedBy, told, wrong } from './import-row.ts'
import { undoOfClaims } from './import-undo.ts'
import { collectivesOf, type ReadCollective } from './import-units.ts'

/** A row of a ledger of receivables and payables as a claim or a debt of a collective. */
export function claimTarget(acting: Acting): ImportTarget<Tx> {
  const target: ImportTarget<Tx> = {
    key: 'claims',
    label: '债权债务',
    entry: '同一笔债权债务',
    fields: claimImportFields,
    name: 'counterparty',
    headers: ['科目类别', '对方单位(个人)', '债权金额', '债务金额'],
    shown: ['counterparty', 'unit', 'category', 'claimAmount', 'debtAmount', 'amount', 'occurredOn', 'purpose'],
    required: ['counterparty'],
    identities: claimIdentities,
    check: () => [],
  }
  return {
    ...target,
    verbs: {
      open: (tx, batch) => ClaimRows.open(tx, acting, batch),
      reserve: sql`nextval(pg_get_serial_sequence('claims', 'id'))`,
      candidates: async (tx, _batch, keysOf) => {
        const add = sql`insert into match_candidates (rule, key, entry_id, version, nth, numbers, spent)`
        const own = within(acting.actor, sql`k.scope_key`)
        await tx.execute(sql`
          ${add} select 1, k.no, k.id, k.version, k.id, 1, false from claims k where ${own} and k.no in (${keysOf(1)})`)
        await tx.execute(sql`
          ${add} select 2, ${storedKey}, k.id, k.version, k.id, 1, false from claims k
          where ${own} and k.ended_on is null and not k.voided and ${storedKey} in (${keysOf(2)})`)
      },
      judge: async (tx, _batch, resolver, rows) => {
        if (!(resolver instanceof ClaimRows)) throw new Error('rows of another target')
        const stored = await storedClaims(
          tx,
          rows.map(({ entryId }) => entryId),
        )
        return rows.map((row) => resolver.judge(row, withEdits(row, target), stored.get(row.entryId ?? '')))
      },
      apply: (tx, batch, watch) => applyClaims(tx, acting, batch, watch),
      undo: undoOfClaims(acting),
    },
  }
}

async function storedClaims(tx: Tx, ids: readonly (string | null)[]): Promise<Map<string, Claim>> {
  const known = ids.filter((id) => id !== null)
  if (known.length === 0) return new Map()
  const rows = await tx.select().from(claims).where(inArray(claims.id, known))
  return new Map(rows.map((claim) => [claim.id, claim]))
}

/** Stands between the parts of a key: no cell holds it. */
const gap = '\u001f'
/** The key of an entry that is stored, as `keyOf` makes it of a row. */
const storedKey = sql`concat_ws(${gap}::text, k.unit_id::text, k.category, k.counterparty, coalesce(k.occurred_on::text, ''),
  coalesce(k.occurred_precision, ''), coalesce(k.purpose, ''))`

function keyOf(unitId: string, category: string, { counterparty = '', occurredOn, purpose = '' }: Row): string {
  const { day, precision } = occurredOn === undefined ? { day: '', precision: '' } : toStored(occurredOn)
  return [unitId, category, counterparty, day, precision, purpose].join(gap)
}

type Row = Readonly<Record<string, string>>
type Read = {
  owed: Owed | null
  unitId: string | null
  stored: Record<string, string>
  findings: FieldProblem[]
  keys: (string | null)[] | null
}

class ClaimRows implements Resolver {
  readonly #collective: (text: string | undefined) => ReadCollective
  readonly #today: string

  private constructor(collective: (text: string | undefined) => ReadCollective, today: string) {
    this.#collective = collective
    this.#today = today
  }

  static async open(tx: Tx, acting: Acting, batch: Batch): Promise<ClaimRows> {
    return new ClaimRows(await collectivesOf(tx, acting, batch), acting.clock.today())
  }

  resolve(row: RowToResolve): Resolved {
    const { owed, stored, findings, keys } = this.#read(row)
    const { no } = row.values
    if (no !== undefined) findings.push(wrong('no', `台账里没有编号 ${no}，新登记的请把编号留空。`))
    if (owed && owed.category === null) findings.push(told('category', '没有写科目类别，按“其他”登记。'))
    const status = [...row.problems, ...findings].some(isWrong) ? 'wrong' : 'new'
    return { status, differing: otherwise(row.values, stored), unplaced: {}, findings, keys }
  }

  judge(row: StagedRow, edited: RowToResolve, claim: Claim | undefined): Verdict {
    if (!claim) throw new Error(`row ${row.row} has lost its entry`)
    const { owed, unitId, stored, findings, keys } = this.#read(edited)
    const ended = claim.voided ? '作废' : claim.endedOn === null ? null : '了结'
    if (ended !== null) findings.push(wrong('no', `${claim.no} 已${ended}，不能再改，请核对编号。`))
    if (unitId !== null && unitId !== claim.unitId && edited.values.unit !== undefined) {
      findings.push(wrong('unit', `${claim.no} 是别的单位的，请核对编号和单位。`))
    }
    if (owed && owed.kind !== claim.kind) {
      const cure = '债权改不成债务，请把编号留空另行登记。'
      findings.push(wrong('kind', `${claim.no} 登记的是${claim.kind === 'claim' ? '债权' : '债务'}，${cure}`))
    }
    const broken = [...edited.problems, ...findings].some(isWrong)
    const before = valuesOf(claim)
    // A blank cell changes nothing, and the unsorted category stands for a blank one.
    const { category, unitId: _whose, ...rest } = stored
    const next = { ...before, ...rest, ...(owed?.category && category ? { category } : {}) }
    const changes = changed({ ...before }, next)
    const status = broken ? 'wrong' : changes ? 'changed' : 'unchanged'
    return {
      ...{ id: row.id, status, resolved: withoutBlanks({ ...next, unitId: claim.unitId }), unplaced: {}, keys },
      changes: status === 'changed' ? (changes ?? null) : null,
      findings: findings.map(stagedFinding),
      ...{ entryId: row.entryId, entryVersion: row.entryVersion },
    }
  }

  questions(): Question[] {
    return []
  }

  #read({ values }: RowToResolve): Read {
    const findings: FieldProblem[] = [...dayFindings(values, this.#today)]
    const owed = owedBy(values, findings)
    const read = this.#collective(values.unit)
    if ('wrong' in read) findings.push(wrong('unit', read.wrong))
    else if (read.told) findings.push(told('unit', read.told))
    const unitId = 'unit' in read ? read.unit.id : null
    const stored: Record<string, string> = {}
    for (const key of entered) if (values[key] !== undefined) stored[key] = values[key]
    delete stored.amount
    if (values.dueOn !== undefined) stored.dueOn = toStored(values.dueOn).day
    if (owed) Object.assign(stored, { amount: plus(owed.amount), category: categoryFor(owed) })
    if (unitId === null || !owed) return { owed, unitId, stored, findings, keys: null }
    stored.unitId = unitId
    const alike = keyOf(unitId, categoryFor(owed), values)
    return { owed, unitId, stored, findings, keys: [values.no ?? null, values.no === undefined ? alike : null] }
  }
}
