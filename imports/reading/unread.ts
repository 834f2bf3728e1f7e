import type { Unread, UnreadKind } from './events.ts'

const parts: readonly (readonly [UnreadKind, RegExp])[] = [
  ['charts', /\/charts\/chart(?:ex)?\d*\.xml$|\/chartsheets\/[^/]+\.xml$/],
  ['macros', /(?:^|\/)vbaproject\.bin$|\/macrosheets\/[^/]+\.xml$/],
  ['externalLinks', /\/externallinks\/externallink\d*\.xml$/],
  ['embeddings', /\/embeddings\/[^/]+$|\/activex\/activex\d*\.xml$/],
  ['comments', /\/comments\/?[^/]*\.xml$|\/threadedcomments\/[^/]+\.xml$/],
  ['pivotTables', /\/pivottables\/pivottable\d*\.xml$/],
]
const pictures = /\/media\/[^/]+$/
const canvases = /\/drawings\/drawing\d*\.xml$/

/** What an archive holds besides cells, by the names of its parts in lower case; nothing of it is inflated. */
export function unreadParts(names: readonly string[]): Unread[] {
  const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length
  const found: Unread[] = parts.map(([what, pattern]) => ({ kind: 'unread', what, count: count(pattern) }))
  const charts = found.find(({ what }) => what === 'charts')?.count ?? 0
  // A canvas without pictures holds shapes, unless a chart stands on it.
  const drawings = count(pictures) || Math.max(0, count(canvases) - charts)
  return [{ kind: 'unread' as const, what: 'drawings' as const, count: drawings }, ...found].filter(
    (unread) => unread.count > 0,
  )
}

const names: Record<UnreadKind, readonly [name: string, measure: string]> = {
  drawings: ['图片', '个'],
  charts: ['图表', '个'],
  macros: ['宏', ''],
  externalLinks: ['外部链接', '处'],
  embeddings: ['嵌入的对象', '个'],
  validations: ['数据验证', ''],
  comments: ['批注', ''],
  pivotTables: ['数据透视表', '个'],
}

/** 图片 3 个、宏没有读取，不影响数据。 */
export function unreadSentence(unread: readonly Pick<Unread, 'what' | 'count'>[]): string {
  const parts = unread.map(({ what, count }) => {
    const [name, measure] = names[what]
    return measure === '' ? name : `${name} ${count} ${measure}`
  })
  return `${parts.join('、')}没有读取，不影响单元格里的数据。`
}
