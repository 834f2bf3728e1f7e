import type { Tx } from '../../db/client.ts'
import { cardTypes, tracks } from '../../imports/sheets/card-choices.ts'
import { type BalanceSheetRow, balanceSheet, type ChangeSheetRow, changesSheet } from '../../imports/sheets/changes.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { printDate } from '../../imports/writing/cells.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import type { Actor } from '../kernel/actor.ts'
import { compare, minus } from '../kernel/money.ts'
import { changeKinds, type Span, standingOn, sumChanges } from './changes.ts'
import { fieldChanges, fieldChangesText, type NamesOfBoth } from './changes-fields.ts'
import { type ChangeRow, openChanges } from './changes-rows.ts'
import { type BalanceLine, balanceOf } from './changes-view.ts'
import { sheetNames } from './sheet-rows.ts'

export type Printed = { unit: string; sentences: Readonly<Record<string, string>> }

/** 公有资产增减变动表 of two days: the sums with their proof, and every card behind them. */
export async function changesWorkbook(
  tx: Tx,
  actor: Actor,
  span: Span,
  { unit, sentences }: Printed,
): Promise<Worksheet[]> {
  const names = { old: await sheetNames(tx, span.from), new: await sheetNames(tx, span.to) }
  const opening = await standingOn(tx, actor, span, span.from)
  const closing = await standingOn(tx, actor, span, span.to)
  const balance = balanceOf(opening, await sumChanges(tx, actor, span), closing)
  const { track, town, type } = span
  const printed = {
    meta: [
      `单位：${unit}`,
      `期间：${printDate(span.from)}至${printDate(span.to)}`,
      ...(track ? [`资产属性：${choiceLabel(tracks, track)}`] : []),
      ...(type ? [`资产类别：${choiceLabel(cardTypes, type)}`] : []),
      ...(town ? [`乡镇：${names.new.town(town) ?? town}`] : []),
    ],
    signatures: { unit, preparer: actor.name, date: printDate(span.to) },
  }
  const proof = balance.agrees ? '期初 + 增加 − 减少 = 期末，相符。' : `不相符：${balance.wrong.join('；')}。`
  return [
    {
      sheet: balanceSheet,
      name: '增减变动',
      ...printed,
      sections: [{ rows: balance.lines.map(balanceRow) }],
      total: null,
      notes: [`勾稽：${proof}`],
    },
    {
      sheet: changesSheet,
      name: '变动明细',
      ...printed,
      sections: [{ rows: printable(await openChanges(tx, actor, span), names, sentences) }],
    },
  ]
}

function balanceRow({ label, sign, count, hint, figures }: BalanceLine): BalanceSheetRow {
  const shown = sign === '' ? label : `${sign === '+' ? '加' : '减'}：${label}`
  return { label: shown, count, hint, ...figures }
}

async function* printable(
  rows: AsyncIterable<ChangeRow>,
  names: NamesOfBoth,
  sentences: Readonly<Record<string, string>>,
): AsyncGenerator<ChangeSheetRow> {
  for await (const row of rows) {
    const basis = [row.action && (sentences[row.action] ?? row.action), row.document_no, row.comment]
    yield {
      code: row.code,
      externalCode: row.external_code,
      name: row.name,
      owner: row.kind === 'left' ? names.old.unit(row.old_owner) : names.new.unit(row.new_owner),
      kind: changeKinds[row.kind],
      oldCost: row.old_cost,
      costUp: positive(row.cost),
      costDown: positive(minus('0', row.cost)),
      newCost: row.new_cost,
      netUp: positive(row.net_value),
      netDown: positive(minus('0', row.net_value)),
      content: fieldChangesText(fieldChanges(row, names)),
      effective: row.effective,
      recorded: row.recorded,
      late: row.late ? '后补' : null,
      basis: basis.filter(Boolean).join(' '),
    }
  }
}

function positive(amount: string): string | null {
  return compare(amount, '0') > 0 ? amount : null
}
