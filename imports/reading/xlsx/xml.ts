import { damaged } from '../../refused.ts'

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Character data as text: entities, CDATA sections, comments left out. Entities of a document type are refused. */
export function textOf(xml: string): string {
  if (!xml.includes('<')) return entities(xml)
  let text = ''
  let at = 0
  while (at < xml.length) {
    const open = xml.indexOf('<', at)
    if (open < 0) return text + entities(xml.slice(at))
    text += entities(xml.slice(at, open))
    if (xml.startsWith('<![CDATA[', open)) {
      const close = xml.indexOf(']]>', open)
      if (close < 0) throw damaged('CDATA 没有结束')
      text += xml.slice(open + 9, close)
      at = close + 3
    } else {
      const end = xml.startsWith('<!--', open) ? xml.indexOf('-->', open) + 2 : xml.indexOf('>', open)
      if (end < open) throw damaged('标记没有结束')
      at = end + 1
    }
  }
  return text
}

function entities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w{1,32});|&/g, (_whole, name: string | undefined) => {
    if (name?.startsWith('#')) {
      const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
      if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code)
    }
    const known = name === undefined ? undefined : named[name]
    if (known === undefined) throw damaged('含有未知的实体')
    return known
  })
}

/** Text as a workbook stores it: _x000D_ escapes taken back, every line break a single \n. */
export function storedText(text: string): string {
  const unescaped = text.includes('_x')
    ? text.replace(/_x([0-9a-fA-F]{4})_/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text
  return unescaped.includes('\r') ? unescaped.replace(/\r\n?/g, '\n') : unescaped
}

/** Value of one attribute of a start tag, entities resolved. */
export function attribute(tag: string, name: string): string | undefined {
  let at = tag.indexOf(name)
  while (at >= 0) {
    const before = tag.charCodeAt(at - 1)
    const equals = at + name.length
    if (before === 32 || before === 10 || before === 13 || before === 9) {
      const value = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag.slice(equals))
      if (value) return entities(value[1] ?? value[2] ?? '')
    }
    at = tag.indexOf(name, equals)
  }
  return undefined
}

/** Prefix of the elements of a part, with its colon; checks that nothing but declarations stands before the root. */
export function rootPrefix(xml: string, root: string, part: string): string {
  let at = /^(?:\uFEFF|\xEF\xBB\xBF)?\s*/.exec(xml)?.[0].length ?? 0
  for (;;) {
    const end = xml.startsWith('<?', at) ? '?>' : xml.startsWith('<!--', at) ? '-->' : null
    if (end === null) break
    const close = xml.indexOf(end, at)
    if (close < 0) throw damaged(part)
    at = close + end.length
    while (/\s/.test(xml.charAt(at))) at++
  }
  const name = new RegExp(`<([\\w.-]{1,100}:)?${root}[\\s>/]`, 'y')
  name.lastIndex = at
  const found = name.exec(xml)
  if (!found) throw damaged(part)
  return found[1] ?? ''
}

export type Element = { tag: string; inner: string }

/** Elements of one local name in a part that is held whole, whatever their prefix; they do not nest in themselves. */
export function* elements(xml: string, name: string): Generator<Element> {
  const start = new RegExp(`<(?:[\\w.-]+:)?${name}(?=[\\s>/])[^<>]*>`, 'g')
  for (let found = start.exec(xml); found; found = start.exec(xml)) {
    const tag = found[0]
    if (tag.endsWith('/>')) {
      yield { tag, inner: '' }
      continue
    }
    const prefix = /^<([\w.-]+:)?/.exec(tag)?.[1] ?? ''
    const close = xml.indexOf(`</${prefix}${name}`, start.lastIndex)
    if (close < 0) throw damaged(`${name} 没有结束`)
    yield { tag, inner: xml.slice(start.lastIndex, close) }
    start.lastIndex = close
  }
}

/** Start tags of one local name, whatever their prefix; what they hold is passed over. */
export function* startTags(xml: string, name: string): Generator<string> {
  if (!xml.includes(name)) return
  for (const [tag] of xml.matchAll(new RegExp(`<(?:[\\w.-]+:)?${name}(?=[\\s>/])[^<>]*>`, 'g'))) yield tag
}

const runs = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<(\/?)(?:[\w.-]{1,40}:)?(t|rPh)(?=[\s>/])[^>]*>/g

/** Text of the t elements of a string item: rich text runs joined, phonetic runs left out. */
export function itemText(xml: string): string {
  let text = ''
  let from = -1
  let phonetic = 0
  for (const { 0: tag, 1: closing, 2: name, index } of xml.matchAll(runs)) {
    const empty = tag.endsWith('/>')
    if (name === 'rPh') phonetic += closing === '/' ? -1 : empty ? 0 : 1
    else if (name === 't' && closing === '' && !empty && phonetic <= 0 && from < 0) from = index + tag.length
    else if (name === 't' && closing === '/' && from >= 0) {
      text += textOf(xml.slice(from, index))
      from = -1
    }
  }
  return storedText(text)
}
