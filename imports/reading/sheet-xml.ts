import { damaged } from '../refused.ts'
import { columnNumber } from './columns.ts'
import type { SheetRow } from './events.ts'
import { limits, tooLarge } from './limits.ts'
import { type CellContext, readCells } from './sheet-cells.ts'
import { attribute, elements, endOf, rootPrefix } from './xml.ts'
import { documentType } from './zip.ts'

/**
 * Reads the rows of a worksheet in file order by looking for row ends in the text, which is several times quicker than
 * parsing every tag. Empty rows are left out.
 */
export async function* readRows(chunks: AsyncIterable<string>, context: CellContext): AsyncGenerator<SheetRow> {
  let text = ''
  let tail = ''
  let prefix: string | null = null
  let searched = 0
  let number = 0
  let filled = 0
  let ended = false
  for await (const chunk of chunks) {
    text += chunk
    if (prefix === null) {
      const fresh = tail + chunk
      tail = fresh.slice(-100)
      const rowsAt = startOf(fresh, text.length)
      if (rowsAt === null) continue
      prefix = rootPrefix(text, 'worksheet', '工作表不是规范的 XML')
      text = text.slice(text.length - fresh.length + rowsAt)
    }
    if (ended) {
      text = text.slice(-200)
      continue
    }
    const open = `<${prefix}row`
    const rowClose = `</${prefix}row>`
    let at = 0
    for (;;) {
      const start = text.indexOf(open, at)
      if (start < 0) break
      const tagEnd = text.indexOf('>', start)
      if (tagEnd < 0) break
      const tag = text.slice(start, tagEnd + 1)
      let end = tagEnd + 1
      let inner = ''
      if (!tag.endsWith('/>')) {
        const stop = endOf(text, rowClose, Math.max(tagEnd, searched))
        if (stop < 0) {
          searched = text.includes('<![CDATA[', tagEnd) ? tagEnd : Math.max(tagEnd, text.length - rowClose.length)
          break
        }
        inner = text.slice(tagEnd + 1, stop)
        end = stop + rowClose.length
      }
      number = rowNumber(tag, number)
      const row = inner === '' ? null : readCells(inner, prefix, number, context)
      if (row) {
        if (++filled > limits.rows) throw tooLarge(`一张工作表超出 ${limits.rows} 行`)
        if (isHidden(tag)) row.hidden = true
        yield row
      }
      at = end
      searched = end
    }
    const close = text.indexOf(`</${prefix}sheetData`, at)
    if (close >= 0 || /^<[\w.:-]*sheetData[^>]*\/>/.test(text)) {
      ended = true
      const left = text.indexOf(open, at)
      if (left >= 0 && left < close) throw damaged(`第 ${number + 1} 行附近没有结束`)
    }
    text = text.slice(at)
    searched = Math.max(0, searched - at)
    if (text.length > limits.rowChars) throw tooLarge('一行的内容过长')
  }
  if (prefix === null) throw damaged('工作表没有内容')
  if (!ended || !text.trimEnd().endsWith(`</${prefix}worksheet>`)) throw damaged('工作表不完整')
}

/** Place in the fresh text where the rows begin; null before it comes. */
function startOf(fresh: string, length: number): number | null {
  if (fresh.includes('<!DOCTYPE')) throw documentType()
  const at = fresh.search(/<(?:[\w.-]+:)?sheetData[\s>/]/)
  if (at >= 0) return at
  if (length > limits.rowChars) throw tooLarge('工作表开头的设置过多')
  return null
}

function rowNumber(tag: string, previous: number): number {
  const given = attribute(tag, 'r')
  const number = given === undefined ? previous + 1 : /^\d{1,7}$/.test(given) ? Number(given) : 0
  if (number < 1 || number > limits.rowNumber) throw damaged(`行号 ${given ?? number} 超出工作表范围`)
  return number
}

function isHidden(tag: string): boolean {
  const hidden = tag.includes('hidden') ? attribute(tag, 'hidden') : undefined
  return hidden === '1' || hidden === 'true'
}

/** Merged ranges stand behind the rows: the whole part is passed over once. */
export async function readMerges(chunks: AsyncIterable<string>): Promise<string[]> {
  const merges: string[] = []
  let rest = ''
  for await (const chunk of chunks) {
    const text = rest + chunk
    for (const { tag } of text.includes('mergeCell') ? elements(text, 'mergeCell') : []) {
      const range = attribute(tag, 'ref')
      if (range !== undefined && columnNumber(range) !== null && merges.length < limits.merges) merges.push(range)
    }
    const open = text.lastIndexOf('<')
    rest = open < 0 || text.indexOf('>', open) >= 0 ? '' : text.slice(open).slice(0, 4096)
  }
  return merges
}
