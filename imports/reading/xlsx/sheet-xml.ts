import { damaged } from '../../refused.ts'
import { columnName, columnNumber } from '../columns.ts'
import type { Lines } from '../events.ts'
import { limits, tooLarge } from '../limits.ts'
import type { ScannedRow } from '../rows.ts'
import type { CellContext } from './cell-value.ts'
import { RowScanner } from './row-scanner.ts'
import { attribute, rootPrefix, startTags } from './xml.ts'
import { documentType } from './zip.ts'

export type OpenedSheet = {
  hiddenColumns: string[]
  /** Filled rows in file order, some at a time, `most` at most. */
  rows(context: CellContext, most?: number): AsyncGenerator<ScannedRow[] | Lines>
  /** Cells among the rows read so far that hold the result of a formula. */
  formulas(): number
  close(): Promise<unknown>
}

/** Reads a worksheet up to its rows. */
export async function openSheet(pieces: AsyncGenerator<Buffer>): Promise<OpenedSheet> {
  const head = await readHead(pieces)
  const counted = { formulas: 0 }
  return {
    hiddenColumns: hiddenColumns(head.xml),
    rows: (context, most) => readRows(head, pieces, context, counted, most),
    formulas: () => counted.formulas,
    close: () => pieces.return(undefined),
  }
}

type Head = { xml: string; prefix: string; rest: Buffer; rows: boolean }

const startOfRows = /<(?:[\w.-]+:)?sheetData(?=[\s>/])[^<>]*>/

async function readHead(pieces: AsyncGenerator<Buffer>): Promise<Head> {
  let bytes: Buffer = Buffer.alloc(0)
  for (;;) {
    const next = await pieces.next()
    if (next.done) throw damaged(bytes.length === 0 ? '工作表没有内容' : '工作表不完整')
    bytes = bytes.length > 0 ? Buffer.concat([bytes, next.value]) : next.value
    const text = bytes.toString('latin1')
    if (text.includes('<!DOCTYPE')) throw documentType()
    const found = startOfRows.exec(text)
    if (found) {
      const end = found.index + found[0].length
      const prefix = rootPrefix(text, 'worksheet', '工作表不是规范的 XML')
      return {
        xml: bytes.toString('utf8', 0, found.index),
        prefix,
        rest: bytes.subarray(end),
        rows: !found[0].endsWith('/>'),
      }
    }
    if (bytes.length > limits.rowBytes) throw tooLarge('工作表开头的设置过多')
  }
}

function hiddenColumns(xml: string): string[] {
  const hidden: string[] = []
  for (const tag of xml.includes('hidden') ? startTags(xml, 'col') : []) {
    if (!['1', 'true'].includes(attribute(tag, 'hidden') ?? '')) continue
    const first = Number(attribute(tag, 'min'))
    const last = Math.min(Number(attribute(tag, 'max')), limits.columnNumber)
    // A sheet that hides everything to its right hides no column that holds something.
    for (let column = first; column >= 1 && column <= last && hidden.length < 100; column++) {
      hidden.push(columnName(column))
    }
  }
  return hidden
}

async function* readRows(
  head: Head,
  pieces: AsyncGenerator<Buffer>,
  context: CellContext,
  counted: { formulas: number },
  most?: number,
): AsyncGenerator<ScannedRow[] | Lines> {
  const scanner = new RowScanner(head.rest, head.prefix, context, most)
  let over = !head.rows
  let tail = over ? head.rest : Buffer.alloc(0)
  for (;;) {
    if (!over) {
      for (const found of foundBy(scanner)) {
        counted.formulas = scanner.formulas
        yield found
      }
      over = scanner.ended
      if (over) tail = scanner.rest
    }
    const next = await pieces.next()
    if (next.done) break
    if (over) tail = Buffer.concat([tail.subarray(-200), next.value.subarray(-200)])
    else scanner.push(next.value)
  }
  if (!over) throw damaged(`第 ${scanner.lastRow + 1} 行附近没有结束`)
  if (!tail.toString('latin1').trimEnd().endsWith(`</${head.prefix}worksheet>`)) throw damaged('工作表不完整')
}

/** Rows out of the ordinary are handed on together as well. */
function* foundBy(scanner: RowScanner): Generator<ScannedRow[] | Lines> {
  let apart: ScannedRow[] = []
  for (let found = scanner.next(); found !== null; found = scanner.next()) {
    if ('kind' in found) {
      if (apart.length > 0) yield apart
      apart = []
      yield found
    } else if (apart.push(found) === together) {
      yield apart
      apart = []
    }
  }
  if (apart.length > 0) yield apart
}

const together = 256

export type Tail = { merges: string[]; validations: number }

/** What stands behind the rows: merged ranges, and how many cells offer a choice. The whole part is passed over once. */
export async function readTail(pieces: AsyncIterable<Buffer>): Promise<Tail> {
  const tail: Tail = { merges: [], validations: 0 }
  let behind = false
  let rest = ''
  for await (const piece of pieces) {
    // Bytes are looked through much faster than they become a text.
    if (
      !behind &&
      !piece.includes('sheetData') &&
      !`${rest}${piece.toString('latin1', 0, widest)}`.includes('sheetData')
    ) {
      rest = `${rest}${piece.toString('latin1', Math.max(0, piece.length - widest))}`.slice(-widest)
      continue
    }
    const text = rest + piece.toString('latin1')
    behind ||= endOfRows.test(text)
    if (!behind) {
      rest = text.slice(-widest)
      continue
    }
    for (const tag of startTags(text, 'mergeCell')) {
      const range = attribute(tag, 'ref')
      if (range !== undefined && columnNumber(range) !== null && tail.merges.length < limits.merges) {
        tail.merges.push(range)
      }
    }
    for (const _ of startTags(text, 'dataValidation')) tail.validations++
    const open = text.lastIndexOf('<')
    rest = open < 0 || text.indexOf('>', open) >= 0 ? '' : text.slice(open, open + 4096)
  }
  return tail
}

/** Characters of the longest tag that ends the rows. */
const widest = 100
const endOfRows = /<\/(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\s*\/>/
