import type { Tx } from '../../db/client.ts'
import type { Column, Sheet, SheetRow } from '../../imports/sheets/sheet.ts'
import { serialColumn } from '../../imports/sheets/sheet.ts'
import { printDate } from '../../imports/writing/cells.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { shanghaiDay } from '../kernel/clock.ts'
import { freeze, openCursor } from '../kernel/cursor.ts'
import { kinds } from './kinds.ts'
import { type AuditFilter, type AuditLine, auditRows, type Names, namesOf } from './queries.ts'
import { addressOf, changesOf, changesText, furtherOf, sentenceOf, type Words } from './telling.ts'

const columns: readonly Column[] = [
  serialColumn,
  text('at', '时间', 20),
  text('who', '操作人', 14),
  text('account', '账号', 14),
  text('unit', '单位', 24),
  text('sentence', '操作', 34),
  text('kind', '对象类别', 10),
  text('subject', '对象', 34),
  text('result', '结果', 8),
  { key: 'changes', header: '变动', kind: 'longText', width: 50 },
  { key: 'comment', header: '意见、理由', kind: 'longText', width: 24 },
  text('further', '其他', 30),
  text('address', '来源地址', 16),
  text('requestId', '请求编号', 12),
]

const auditSheet: Sheet = {
  key: 'audit',
  title: '审计记录',
  columns,
  unitLine: '',
  signatures: [
    { key: 'preparer', label: '导出人' },
    { key: 'date', label: '导出日期' },
  ],
  paper: 'A4',
  orientation: 'landscape',
  filter: true,
}

/** The log with a filter as a workbook, newest first, read from one moment. */
export async function auditWorksheet(
  tx: Tx,
  filter: AuditFilter,
  words: Words,
  printed: { preparer: string; day: string },
): Promise<Worksheet> {
  await freeze(tx)
  const names = await namesOf(tx)
  const rows = await openCursor(tx, 'audit_rows', auditRows(filter), (row: AuditLine) => printedRow(row, words, names))
  return {
    sheet: auditSheet,
    meta: conditionsOf(filter),
    sections: [{ rows }],
    total: null,
    signatures: { preparer: printed.preparer, date: printDate(printed.day) },
  }
}

function printedRow(row: AuditLine, words: Words, names: Names): SheetRow {
  const further = furtherOf(row).map(({ label, value }) => `${label}：${value}`)
  return {
    at: momentOf(row.at),
    who: row.who,
    account: row.account,
    unit: row.unit,
    sentence: sentenceOf(row, words),
    kind: row.kind,
    subject: row.subject,
    result: row.failed ? '失败' : '成功',
    changes: changesText(changesOf(row, words, names)) || null,
    comment: row.comment,
    further: further.join('；') || null,
    address: addressOf(row),
    requestId: row.requestId,
  }
}

/** To the second, in the county's time. */
function momentOf(at: string): string {
  const moment = new Date(at)
  return `${shanghaiDay(moment)} ${new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(11, 19)}`
}

/** The filter in words, so that a part is not taken for the whole. */
function conditionsOf({ from, to, who, kind, result, q }: AuditFilter): string[] {
  const chosen = kinds.find(({ value }) => value === kind)
  return [
    from || to ? `时间：${from || '最早'} 至 ${to || '现在'}` : '',
    who?.trim() ? `操作人含“${who.trim()}”` : '',
    chosen ? `操作类别：${chosen.label}` : '',
    result === 'failed' ? '结果：失败' : result === 'done' ? '结果：成功' : '',
    q?.trim() ? `对象含“${q.trim()}”` : '',
  ].filter((condition) => condition !== '')
}

function text(key: string, header: string, width: number): Column {
  return { key, header, kind: 'text', width }
}
