import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { claimCategories, claimKinds } from '../../imports/sheets/claim-choices.ts'
import { claimsSheet } from '../../imports/sheets/claims.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { SheetRow } from '../../imports/sheets/sheet.ts'
import { printDate } from '../../imports/writing/cells.ts'
import { writeTemplate } from '../../imports/writing/template.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { writeSheet } from '../../imports/writing/write.ts'
import { type Actor, businessRoles } from '../kernel/actor.ts'
import { freeze, openCursor } from '../kernel/cursor.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { fromStored } from '../kernel/partial-date.ts'
import { type ClaimFilter, type ClaimRow, type ClaimState, claimRows, claimStates } from './queries.ts'
import { ClaimFilter as Filter } from './routes.ts'

const config = { access: { roles: businessRoles }, rateLimit: exportRate }

/** 债权债务台账 as a workbook that imports again, and its blank form. */
export async function claimsExport(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: Static<typeof Filter> }>(
    '/claims.xlsx',
    { schema: { querystring: Filter }, config },
    async (request, reply) =>
      sendWorkbook(request, reply, async (tx) => {
        const today = app.clock.today()
        const printed = { unit: request.actor.unitName, today }
        const worksheet = await claimsWorksheet(tx, request.actor, request.query, printed)
        return { fileName: `债权债务台账_${today}.xlsx`, write: (out) => writeSheet(worksheet, out) }
      }),
  )

  app.get('/claims/template.xlsx', { config }, async (request, reply) =>
    sendWorkbook(request, reply, async () => ({
      fileName: '债权债务台账空白表.xlsx',
      write: (out) => writeTemplate(claimsSheet, out),
    })),
  )
}

/** Every claim and debt that a filter finds; what is settled only where it is asked for. */
export async function claimsWorksheet(
  tx: Tx,
  actor: Actor,
  filter: ClaimFilter,
  { unit, today }: { unit: string; today: string },
): Promise<Worksheet> {
  await freeze(tx)
  const rows = await openCursor(tx, 'claim_rows', claimRows(actor, filter, today), printedRow)
  const conditions = [
    choiceLabel(claimKinds, filter.kind),
    choiceLabel(claimCategories, filter.category),
    claimStates[filter.state as ClaimState]?.label ?? '',
    filter.q ? `查找“${filter.q}”` : '',
  ].filter(Boolean)
  return {
    sheet: claimsSheet,
    name: '债权债务台账',
    meta: [
      `单位：${unit}`,
      `时点：${printDate(today)}`,
      ...(conditions.length > 0 ? [`条件：${conditions.join('、')}`] : []),
    ],
    sections: [{ rows }],
    signatures: { unit, preparer: actor.name, date: printDate(today) },
  }
}

function printedRow({ kind, amount, occurredOn, occurredPrecision, ...row }: ClaimRow): SheetRow {
  return {
    ...{ no: row.no, unit: row.unit, category: row.category, counterparty: row.counterparty },
    claimAmount: kind === 'claim' ? amount : null,
    debtAmount: kind === 'debt' ? amount : null,
    occurredOn: fromStored(occurredOn, occurredPrecision),
    ...{ purpose: row.purpose, dueOn: row.dueOn, voucherNo: row.voucherNo, remark: row.remark },
  }
}
