import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { claimLines } from '../../../db/schema/claims.ts'
import { correctClaims } from '../../claims/counted-actions.ts'
import { insertClaims } from '../../claims/entering.ts'
import type { Reason } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import { fromStored } from '../../kernel/partial-date.ts'
import type { ClaimLine } from './actions.ts'

type Line = ClaimLine & { countNo: string; unitId: string }

const columns = sql`l.id::text as id, l.no, l.claim_id::text as "claimId", l.category, l.counterparty,
  l.occurred_on::text as "occurredOn", l.occurred_precision as "occurredPrecision", l.purpose,
  l.book_amount::text as "bookAmount", l.counted_amount::text as "countedAmount", l.reason, l.remark,
  t.no as "countNo", t.unit_id::text as "unitId"`

/** Enters what the counts of a compilation found of claims and debts into the ledger, before the counts are filed. */
export async function applyClaims(tx: Tx, acting: Acting, compilationId: string, filedOn: string): Promise<void> {
  const lines = await tx.execute<Line>(sql`
    select ${columns} from counts t join claim_lines l on l.count_id = t.id
    where t.compilation_id = ${compilationId} and l.counted_amount <> l.book_amount order by t.unit_code, l.no`)
  const booked = lines.filter(({ claimId }) => claimId !== null)
  await correctClaims(
    tx,
    acting,
    booked.map(({ claimId, bookAmount, countedAmount, reason, countNo }) => ({
      ...{ claimId: claimId ?? '', booked: bookAmount, counted: countedAmount ?? bookAmount, reason: reason ?? '' },
      detail: { document: documentOf(countNo) },
    })),
    filedOn,
  )
  const found = lines.filter(({ claimId }) => claimId === null)
  const entered = await insertClaims(
    tx,
    acting,
    found.map((line) => ({
      unitId: line.unitId,
      values: {
        ...{ category: line.category, counterparty: line.counterparty, amount: line.countedAmount ?? '0' },
        occurredOn: fromStored(line.occurredOn, line.occurredPrecision),
        ...{ purpose: line.purpose, dueOn: null, voucherNo: null, remark: line.remark },
      },
      detail: { document: documentOf(line.countNo) },
    })),
    { action: 'claim.found', effectiveOn: filedOn },
  )
  for (const [at, { id }] of found.entries()) {
    await tx
      .update(claimLines)
      .set({ claimId: entered[at]?.id ?? null, claimVersion: 1 })
      .where(eq(claimLines.id, id))
  }
}

/** Claims and debts that keep a compilation from being filed as things stand. */
export async function claimBlocksOf(tx: Tx, compilationId: string): Promise<Reason[]> {
  const rows = await tx.execute<{
    countNo: string
    no: number
    claimNo: string
    counterparty: string
    moved: boolean
    ended: boolean
  }>(sql`
    select t.no as "countNo", l.no, k.no as "claimNo", l.counterparty, l.claim_version <> k.version as moved,
      k.ended_on is not null or k.voided as ended
    from counts t join claim_lines l on l.count_id = t.id join claims k on k.id = l.claim_id
    where t.compilation_id = ${compilationId} and (l.claim_version <> k.version
      or l.counted_amount <> l.book_amount
        and (k.ended_on is not null or k.voided or k.amount + l.counted_amount - l.book_amount < 0))
    order by t.unit_code, l.no`)
  return rows.map(({ countNo, no, claimNo, counterparty, moved, ended }) => {
    const why = moved ? '提交后又有变动' : ended ? '已经了结，不能再按差额更正' : '现在的余额已少于要调减的数'
    const text = `债权债务 ${claimNo} ${counterparty} ${why}，请退回该单位复核。`
    return { text, href: `/inventory/counts/${countNo}/claims/${no}` }
  })
}

function documentOf(no: string) {
  return { kind: 'count', no, path: `/inventory/counts/${no}/claims` }
}
