import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { type Layout, layoutXml } from './layout.ts'
import { type Reckonings, reckoningSheet, reckoningsXml } from './reckonings.ts'
import { stylesXml } from './styles.ts'
import { contentTypesXml, packageRelationsXml, tabName, workbookRelationsXml, workbookXml } from './workbook.ts'
import type { Worksheet, Written } from './worksheet.ts'
import { worksheetXml } from './worksheet.ts'

/** Writes one official sheet as .xlsx, row by row, to a path or a stream. */
export async function writeSheet(worksheet: Worksheet, out: string | Writable): Promise<Written> {
  const [written] = await writeWorkbook([worksheet], out)
  if (written === undefined) throw new Error('The worksheet was not finished')
  return written
}

/** Writes several worksheets into one .xlsx, in this order, checks after what they check; memory does not grow with the rows. A path appears only once the file is whole. */
export async function writeWorkbook(
  worksheets: readonly (Worksheet | Reckonings)[],
  out: string | Writable,
): Promise<Written[]> {
  return writeParts(worksheets.map(partOf), out)
}

function partOf(worksheet: Worksheet | Reckonings): Part {
  if ('reckonings' in worksheet) {
    return {
      name: tabName(reckoningSheet.title),
      xml: (earlier, report) => reckoningsXml(worksheet, earlier, report),
    }
  }
  return {
    name: tabName(worksheet.name ?? worksheet.sheet.title),
    xml: (earlier, report) => worksheetXml(worksheet, earlier, report),
  }
}

/** Writes one worksheet in somebody else's layout. */
export async function writeLayout(layout: Layout, out: string | Writable): Promise<Written[]> {
  return writeParts([{ name: tabName(layout.name), xml: (_earlier, report) => layoutXml(layout, report) }], out)
}

/** A worksheet of whatever kind: its XML in pieces, and what stands where once it is whole. */
type Part = {
  name: string
  xml: (earlier: readonly Written[], report: (written: Written) => void) => AsyncIterable<string>
}

async function writeParts(parts: readonly Part[], out: string | Writable): Promise<Written[]> {
  if (typeof out !== 'string') return packInto(parts, out)
  const unfinished = `${out}.part`
  try {
    const written = await packInto(parts, createWriteStream(unfinished))
    await rename(unfinished, out)
    return written
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

async function packInto(parts: readonly Part[], out: Writable): Promise<Written[]> {
  const names = parts.map(({ name }) => name.toLowerCase())
  if (new Set(names).size < names.length) throw new Error('Two worksheets of a workbook have the same name')
  const zip = new ZipFile()
  const written: Written[] = []
  const stop = new AbortController()
  const open = new Set<Readable>()
  const add = (path: string, pieces: () => AsyncIterable<string> | Iterable<string>) =>
    zip.addReadStreamLazy(path, options, (ready) => {
      const stream = Readable.from(inChunks(pieces()), { objectMode: false, highWaterMark: ahead })
      open.add(stream)
      stream.once('error', (error) => stop.abort(error))
      ready(null, stream)
    })
  zip.on('error', (error) => stop.abort(error))

  add('[Content_Types].xml', () => [contentTypesXml(parts)])
  add('_rels/.rels', () => [packageRelationsXml()])
  add('xl/_rels/workbook.xml.rels', () => [workbookRelationsXml(parts)])
  add('xl/styles.xml', () => [stylesXml()])
  for (const [index, part] of parts.entries()) {
    add(`xl/worksheets/sheet${index + 1}.xml`, () => part.xml(written, (sheet) => written.push(sheet)))
  }
  add('xl/workbook.xml', () => [workbookXml(written)])
  zip.end()
  try {
    await pipeline(zip.outputStream, out, { signal: stop.signal })
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    // Where the reader has gone away, nobody else ends the query behind the rows.
    for (const stream of open) stream.destroy()
  }
  return written
}

/** Joins small pieces, so that the compressor is called for every 64 KB instead of for every row. */
async function* inChunks(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let chunk = ''
  for await (const piece of pieces) {
    chunk += piece
    if (chunk.length > chunkLength) {
      yield Buffer.from(chunk)
      chunk = ''
    }
  }
  if (chunk !== '') yield Buffer.from(chunk)
}

const chunkLength = 65_536
/** So far the rows may be ahead of the compressor, which works in a thread of its own. */
const ahead = 8 * chunkLength
/** A fixed time, so that the same rows give the same file. */
const options = { mtime: new Date(Date.UTC(2000, 0, 1)), forceDosTimestamp: true, compressionLevel: 3 }
