import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { stockRow, stockSheet, stockStates, stockSumLines } from '../../imports/sheets/stock.ts'
import { printDate } from '../../imports/writing/cells.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { type Span, standingOn } from '../assets/changes.ts'
import { sheetNames } from '../assets/sheet-rows.ts'
import type { Actor } from '../kernel/actor.ts'
import { money } from '../kernel/templates.ts'
import { type LeftOut, type Stock, stockOf } from './stock.ts'
import { stockSums } from './stock-queries.ts'

/** 固定和无形资产存量情况表 as of the ends of two days. */
export async function stockOn(tx: Tx, actor: Actor, span: Span): Promise<Stock> {
  const end = async (day: string) => ({
    sums: await stockSums(tx, actor, { ...span, day }),
    register: await standingOn(tx, actor, span, day),
  })
  return stockOf(await end(span.from), await end(span.to))
}

export async function stockWorksheet(tx: Tx, actor: Actor, span: Span, unit: string): Promise<Worksheet> {
  const { track, town, from, to } = span
  const stock = await stockOn(tx, actor, span)
  const names = await sheetNames(tx, to)
  return {
    sheet: stockSheet(stock.lines, stock.states),
    name: '存量情况表',
    meta: [
      `填报单位：${unit}`,
      `期初：${printDate(from)}`,
      `期末：${printDate(to)}`,
      ...(track ? [`资产属性：${choiceLabel(tracks, track)}`] : []),
      ...(town ? [`乡镇：${names.town(town) ?? town}`] : []),
    ],
    // As high as the longest of the labels, which take two lines: the sheet is wide and has few rows.
    sections: [{ rows: stock.lines.map(stockRow), adds: stockSumLines(stock.lines), height: 33 }],
    total: null,
    notes: [checkText(stock), ...stockNotes(stock).map((text) => `注：${text}`)],
    signatures: { unit, preparer: actor.name, date: printDate(to) },
  }
}

/** What the check found, in words. */
export function checkText({ wrong, states }: Stock): string {
  const sum = states.map((state) => stockStates[state].replace(/\(.*/, '')).join(' + ')
  const agreed = `期末合计 = ${sum}；期初、期末加上不列入本表的资产，与台账的合计一致。`
  return wrong.length === 0 ? `勾稽相符：${agreed}` : `勾稽不符：${wrong.join('；')}；请查明原因后重新导出。`
}

/** What the figures mean and what is not in them; printed below the table and on the page. */
export function stockNotes(stock: Stock): string[] {
  const { resources, gone, unsorted, withoutQuantity, withoutCost } = stock
  const missing = [
    ...(withoutQuantity > 0 ? [`${withoutQuantity} 项未填数量`] : []),
    ...(withoutCost > 0 ? [`${withoutCost} 项未填价值`] : []),
  ]
  return [
    `资源性资产不列入本表${resources.count > 0 ? `，期末有 ${worth(resources)}` : ''}。`,
    ...(gone.count > 0 ? [`台账中已处置的 ${worth(gone)}，不是存量，不列入。`] : []),
    '按分类代码的门类归类，没有代码的按资产类别，公共基础设施列入土地、房屋及构筑物。',
    ...(unsorted > 0 ? [`未分类的期末有 ${unsorted} 项，分不出通用、专用设备或其他类别，请补填分类代码。`] : []),
    '数量按卡片所填相加，计量单位不尽相同。',
    ...(missing.length > 0 ? [`期末有 ${missing.join('、')}，没有计入相应各栏。`] : []),
    ...late('期初', stock.later.opening),
    ...late('期末', stock.later.closing),
  ]
}

function late(end: string, later: LeftOut): string[] {
  return later.count > 0 ? [`${end}数中有 ${worth(later)}，是${end}日之后补记的。`] : []
}

function worth({ count, cost }: LeftOut): string {
  return cost === null ? `${count} 项，价值都没有填` : `${count} 项，价值 ${money(cost)} 元`
}
