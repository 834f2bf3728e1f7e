import { posix } from 'node:path'
import { damaged, ImportRefused } from '../refused.ts'
import type { ReadEvent, ReadOptions } from './events.ts'
import { limits, tooLarge } from './limits.ts'
import { readSharedStrings } from './shared-strings.ts'
import { readMerges, readRows } from './sheet-xml.ts'
import { readStyles } from './styles.ts'
import { unreadParts } from './unread.ts'
import { attribute, elements } from './xml.ts'
import { type Archive, openArchive, passworded } from './zip.ts'

type Relation = { id: string; type: string; target: string }

/** Reads the worksheets of an Office Open XML workbook, transitional or strict, in the order of their tabs. */
export async function* readXlsx(path: string, options: ReadOptions): AsyncGenerator<ReadEvent> {
  const archive = await openArchive(path)
  try {
    const workbook = await findWorkbook(archive)
    const xml = await archive.text(workbook)
    if (xml === null) throw damaged('缺少工作簿')
    yield { kind: 'container', container: 'xlsx' }
    yield* unreadParts(archive.names)
    const relations = await readRelations(archive, workbook)
    const part = (type: string, usual: string) =>
      relations.find((relation) => relation.type === type)?.target ?? posix.join(posix.dirname(workbook), usual)
    const formats = readStyles(await archive.text(part('styles', 'styles.xml')))
    const table = part('sharedStrings', 'sharedStrings.xml')
    const strings = archive.has(table) ? await readSharedStrings(archive.read(table)) : []
    const context = { strings, formats, date1904: usesDate1904(xml) }
    for (const sheet of worksheets(xml, relations, archive)) {
      if (options.worksheet !== undefined && sheet.name !== options.worksheet) continue
      const merges = options.merges ? await readMerges(archive.read(sheet.target)) : []
      yield { kind: 'sheet', index: sheet.index, name: sheet.name, hidden: sheet.hidden, merges }
      let count = 0
      if (options.rows === 0) continue
      for await (const row of readRows(archive.read(sheet.target), context)) {
        yield row
        if (++count === options.rows) break
      }
    }
  } finally {
    archive.close()
  }
}

async function findWorkbook(archive: Archive): Promise<string> {
  const root = await readRelations(archive, '')
  const named = root.find((relation) => relation.type === 'officeDocument')?.target
  const workbook = named ?? 'xl/workbook.xml'
  if (workbook.endsWith('.bin')) throw saveAs('.xlsb 二进制工作簿')
  if (archive.has(workbook) && !/^word\/|^ppt\//.test(workbook)) return workbook
  if (archive.has('encryptedpackage')) throw passworded()
  if (archive.has('content.xml')) throw saveAs('.ods 表格')
  if (archive.names.some((name) => /^(word|ppt)\//.test(name))) {
    throw new ImportRefused(
      '这是文档或演示文稿，不是表格。请把其中的表格复制到 WPS 表格或 Excel，另存为 .xlsx 再上传。',
    )
  }
  throw new ImportRefused('这是压缩包，不是表格。请先解压，再上传其中的 .xlsx 表格。')
}

function saveAs(what: string): ImportRefused {
  return new ImportRefused(`暂不支持${what}。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。`)
}

/** Relationships of a part, or of the package when the part is ''. Types are told by their last word. */
async function readRelations(archive: Archive, part: string): Promise<Relation[]> {
  const folder = part === '' ? '' : posix.dirname(part)
  const xml = await archive.text(posix.join(folder, '_rels', `${posix.basename(part)}.rels`))
  const relations: Relation[] = []
  for (const { tag } of xml === null ? [] : elements(xml, 'Relationship')) {
    const target = attribute(tag, 'Target') ?? ''
    relations.push({
      id: attribute(tag, 'Id') ?? '',
      type: (attribute(tag, 'Type') ?? '').split('/').at(-1) ?? '',
      target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
    })
  }
  return relations
}

function usesDate1904(xml: string): boolean {
  for (const { tag } of elements(xml, 'workbookPr')) {
    const value = attribute(tag, 'date1904')
    return value === '1' || value === 'true'
  }
  return false
}

type Worksheet = { index: number; name: string; hidden: boolean; target: string }

/** The worksheets that have rows; chart and dialog sheets are passed over. */
function worksheets(xml: string, relations: readonly Relation[], archive: Archive): Worksheet[] {
  const sheets: Worksheet[] = []
  let place = 0
  for (const { inner } of elements(xml, 'sheets')) {
    for (const { tag } of elements(inner, 'sheet')) {
      place++
      const id = /\s(?:[\w.-]+:)?id\s*=\s*["']([^"']*)["']/.exec(tag)?.[1]
      const relation = relations.find((candidate) => candidate.id === id)
      if (relation && relation.type !== 'worksheet') continue
      const target = relation?.target ?? `xl/worksheets/sheet${place}.xml`
      if (!archive.has(target)) throw damaged(`缺少工作表 ${attribute(tag, 'name') ?? place}`)
      const state = attribute(tag, 'state')
      const hidden = state === 'hidden' || state === 'veryHidden'
      sheets.push({ index: sheets.length, name: attribute(tag, 'name') ?? `Sheet${place}`, hidden, target })
    }
  }
  if (sheets.length === 0) throw new ImportRefused('文件里没有工作表。请检查文件，另存为 .xlsx 再上传。')
  if (sheets.length > limits.sheets) throw tooLarge(`工作表超出 ${limits.sheets} 张`)
  return sheets
}
