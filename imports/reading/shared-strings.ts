import { damaged } from '../refused.ts'
import { limits, tooLarge } from './limits.ts'
import { itemText, rootPrefix } from './xml.ts'
import { documentType } from './zip.ts'

/** Reads the string table of a workbook item by item, so that only the texts are held. */
export async function readSharedStrings(chunks: AsyncIterable<string>): Promise<string[]> {
  const strings: string[] = []
  let text = ''
  let prefix: string | null = null
  let chars = 0
  for await (const chunk of chunks) {
    text += chunk
    if (prefix === null) {
      if (text.includes('<!DOCTYPE')) throw documentType()
      if (!/<(?:[\w.-]+:)?sst[\s>/]/.test(text)) continue
      prefix = rootPrefix(text, 'sst', '文字表')
    }
    text = take(text, prefix, (item) => {
      chars += item.length
      if (strings.length >= limits.sharedStrings || chars > limits.sharedChars) throw tooLarge('文字内容过多')
      strings.push(item)
    })
    if (text.length > limits.rowChars) throw tooLarge('文字表中有过长的内容')
  }
  if (prefix === null || !text.includes(`</${prefix}sst`)) {
    if (prefix === null || !/<(?:[\w.-]+:)?sst\b[^>]*\/>/.test(text)) throw damaged('文字表不完整')
  }
  return strings
}

/** Takes the complete items off the text and returns what is left. */
function take(text: string, prefix: string, found: (item: string) => void): string {
  const open = `<${prefix}si`
  const close = `</${prefix}si>`
  let at = 0
  for (;;) {
    const start = text.indexOf(open, at)
    if (start < 0) return text.slice(at)
    const tagEnd = text.indexOf('>', start)
    if (tagEnd < 0) return text.slice(start)
    if (text[tagEnd - 1] === '/') {
      found('')
      at = tagEnd + 1
      continue
    }
    const end = text.indexOf(close, tagEnd)
    if (end < 0) return text.slice(start)
    found(itemText(text.slice(tagEnd + 1, end)))
    at = end + close.length
  }
}
