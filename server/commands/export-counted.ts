import type { Tx } from '../../db/client.ts'
import { widen } from '../../db/client.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { actorFor } from '../access/actor-for.ts'
import { kindOfNumber } from '../inventory/sheets/extent.ts'
import { inventorySheets, inventoryWorkbook, type OtherSheets } from '../inventory/sheets/workbook.ts'
import type { Clock } from '../kernel/clock.ts'
import { NotFound, RuleBroken } from '../kernel/errors.ts'
import { countedStock } from '../overview/counted-stock.ts'

export type CountedRequest = { sheet: string; document: string; as?: string | undefined }

const others: OtherSheets = { stock: countedStock }
const known: OtherSheets = { ...inventorySheets, ...others }

/** Sheets that are made of a count, a compilation or a call, with their names. */
export const countedNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(known).map(([name, { title }]) => [name, title]),
)

/** Writes a sheet of what was counted to a path; returns the number of lines in it. */
export async function exportCounted(tx: Tx, clock: Clock, request: CountedRequest, out: string): Promise<number> {
  const { sheet, document: no } = request
  const kind = kindOfNumber(no)
  if (!kind) throw new RuleBroken(`“${no}”不是清查的编号：单位清查以 PD 开头，汇总以 HZ 开头，通知以 QC 开头。`)
  if (!known[sheet]?.of.includes(kind)) {
    throw new RuleBroken(`《${countedNames[sheet]}》要按单位清查导出，请在 --document 后面写 PD 开头的编号。`)
  }
  const actor = await actorFor(tx, request.as, clock.today())
  await widen(tx, actor.keys)
  try {
    const { worksheets } = await inventoryWorkbook(tx, actor, { kind, no }, sheet, {
      today: clock.today(),
      others,
    })
    const [written] = await writeWorkbook(worksheets, out)
    return written?.rows ?? 0
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    const whose = request.as === undefined ? '' : `，或账号 ${request.as} 不能查看`
    throw new RuleBroken(
      `没有 ${no} 的《${countedNames[sheet]}》${whose}，请核对编号；资源性资产和债权债务的表只有集体的清查有。`,
    )
  }
}
