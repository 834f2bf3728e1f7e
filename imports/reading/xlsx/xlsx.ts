import { posix } from 'node:path'
import { damaged } from '../../refused.ts'
import type { Found, ReadOptions, Report } from '../events.ts'
import { foreignArchive, refused } from '../foreign.ts'
import { limits, tooLarge } from '../limits.ts'
import { unreadParts } from '../unread.ts'
import { type CellContext, cellContext } from './cell-value.ts'
import { readSharedStrings } from './shared-strings.ts'
import { SharedTexts } from './shared-texts.ts'
import { openSheet, readTail } from './sheet-xml.ts'
import { readStyles } from './styles.ts'
import { attribute, elements } from './xml.ts'
import { type Archive, openArchive, passworded } from './zip.ts'

type Relation = { id: string; type: string; target: string }

/** Reads the worksheets of an Office Open XML workbook, transitional or strict, in the order of their tabs. */
export async function* readXlsx(path: string, options: ReadOptions, report: Report): AsyncGenerator<Found> {
  let ahead = Number.POSITIVE_INFINITY
  const archive = await openArchive(path, (bytes) => report(Math.min(1, bytes / ahead)))
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
    const sheets = worksheets(xml, relations, archive).filter(
      ({ name }) => options.worksheet === undefined || name === options.worksheet,
    )
    const passes = options.merges ? 2 : 1
    ahead = archive.sizeOf(table) + sheets.reduce((sum, { target }) => sum + passes * archive.sizeOf(target), 0)
    const strings = archive.has(table) ? await readSharedStrings(archive.read(table)) : new SharedTexts()
    const context = cellContext(strings, formats, usesDate1904(xml))
    for (const sheet of sheets) yield* readSheet(archive, sheet, context, options)
  } finally {
    archive.close()
  }
}

async function* readSheet(
  archive: Archive,
  { index, name, hidden, target }: Worksheet,
  context: CellContext,
  options: ReadOptions,
): AsyncGenerator<Found> {
  const tail = options.merges ? await readTail(archive.read(target)) : { merges: [], validations: 0 }
  if (tail.validations > 0) yield { kind: 'unread', what: 'validations', count: tail.validations }
  const opened = await openSheet(archive.read(target))
  try {
    const { hiddenColumns } = opened
    yield {
      kind: 'sheet',
      index,
      name,
      hidden,
      merges: tail.merges,
      ...(hiddenColumns.length > 0 ? { hiddenColumns } : {}),
    }
    let left = options.rows ?? Number.POSITIVE_INFINITY
    for await (const rows of left > 0 ? opened.rows(context, left) : []) {
      yield rows
      left -= Array.isArray(rows) ? rows.length : (rows.rows ?? 0)
      if (left <= 0) break
    }
    yield { kind: 'sheetEnd', formulas: opened.formulas() }
  } finally {
    await opened.close()
  }
}

async function findWorkbook(archive: Archive): Promise<string> {
  const root = await readRelations(archive, '')
  const named = root.find((relation) => relation.type === 'officeDocument')?.target
  const workbook = named ?? 'xl/workbook.xml'
  if (workbook.endsWith('.bin')) throw refused('xlsb')
  if ((await archive.text('[Content_Types].xml'))?.includes('ms-excel.addin.')) throw refused('addIn')
  if (archive.has(workbook) && !/^word\/|^ppt\//.test(workbook)) return workbook
  if (archive.has('encryptedpackage')) throw passworded()
  throw refused(foreignArchive(archive.names))
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
  const byId = new Map(relations.map((relation) => [relation.id, relation]))
  const sheets = new Map<string, Worksheet>()
  let place = 0
  for (const { inner } of elements(xml, 'sheets')) {
    for (const { tag } of elements(inner, 'sheet')) {
      place++
      const relation = byId.get(/\s(?:[\w.-]{1,40}:)?id\s*=\s*["']([^"']*)["']/.exec(tag)?.[1] ?? '')
      if (relation && relation.type !== 'worksheet') continue
      const target = relation?.target ?? `xl/worksheets/sheet${place}.xml`
      const name = attribute(tag, 'name') ?? `Sheet${place}`
      if (!archive.has(target)) throw damaged(`缺少工作表 ${name}`)
      // Each worksheet has a part of its own: the same rows time and again are none of ours.
      if (sheets.has(target.toLowerCase())) throw damaged(`工作表 ${name} 与另一张是同一个部件`)
      const state = attribute(tag, 'state')
      const hidden = state === 'hidden' || state === 'veryHidden'
      sheets.set(target.toLowerCase(), { index: sheets.size, name, hidden, target })
      if (sheets.size > limits.sheets) throw tooLarge(`工作表超出 ${limits.sheets} 张`)
    }
  }
  if (sheets.size === 0) throw refused('macros')
  return [...sheets.values()]
}
