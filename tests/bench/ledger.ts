import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { columnLetters } from '../../imports/writing/xml.ts'

/** How a spreadsheet program stores a column: texts in the shared table or in the cell, figures, dates, a formula. */
type Column = { header: string; group?: string; store: 'shared' | 'inline' | 'number' | 'date' | 'formula' }

/** A township's ledger as a spreadsheet program would have saved it: 15 texts, 6 figures, 3 dates, a formula. */
export const columns: readonly Column[] = [
  { header: '序号', store: 'number' },
  { header: '资产编号', store: 'shared' },
  { header: '资产名称', store: 'shared' },
  { header: '资产类别', store: 'shared' },
  { header: '所在村', store: 'shared' },
  { header: '坐落位置', store: 'inline' },
  { header: '结构', store: 'shared' },
  { header: '规格型号', store: 'inline' },
  { header: '建成时间', group: '时间', store: 'date' },
  { header: '取得时间', group: '时间', store: 'date' },
  { header: '入账时间', group: '时间', store: 'date' },
  { header: '占地面积(㎡)', group: '面积', store: 'number' },
  { header: '建筑面积(㎡)', group: '面积', store: 'number' },
  { header: '闲置面积(㎡)', group: '面积', store: 'number' },
  { header: '账面原值(元)', group: '价值', store: 'number' },
  { header: '累计折旧(元)', group: '价值', store: 'number' },
  { header: '账面净值(元)', group: '价值', store: 'formula' },
  { header: '形成来源', store: 'shared' },
  { header: '产权形式', store: 'shared' },
  { header: '权证编号', store: 'inline' },
  { header: '使用状况', store: 'shared' },
  { header: '承租人', store: 'inline' },
  { header: '保管人', store: 'shared' },
  { header: '会计凭证号', store: 'inline' },
  { header: '备注', store: 'shared' },
]

export const headerRows = 3

export const villages = '古井村 火井村 夏公村 民主村 盘龙村 三合村 天台村 四方村 白塔村 蓬莱社区 河边社区'.split(' ')
const kinds = ['房屋', '土地', '构筑物', '设备', '车辆', '家具', '资源性资产']
const names = ['村部办公楼', '原小学教学楼', '文化活动室', '卫生站', '便民服务中心', '蓄水池', '机耕道', '冷链库房']
const structures = ['砖混', '框架', '砖木', '钢架', '土木']
const sources = ['政府投入', '集体投资', '社会捐赠', '划拨', '自建']
const titles = ['有产权', '无产权', '产权待界定']
const usages = ['在用', '闲置', '出租', '出借', '待处置']
const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗']

function pick(list: readonly string[], seed: number): string {
  return list[seed % list.length] ?? ''
}

/** Days after 1899-12-30, as a workbook counts them. */
function serial(at: number, column: number): number {
  return 29_221 + ((at * 37 + column * 1013) % 15_000)
}

function figure(at: number, column: number): number {
  if (column === 0) return at + 1
  // What is idle is a part of the floors, what is depreciated a part of the cost.
  if (column === 13 || column === 15) return Math.floor(figure(at, column - 1) * 50) / 100
  const cents = (at * 7919 + column * 104_729) % (column > 13 ? 900_000_007 : 9_000_011)
  return cents / 100
}

/** What a reader has to find in a row, by column from 0; '' is a blank cell. `at` counts data rows from 0. */
export function expectedRow(at: number): string[] {
  return columns.map(({ store }, column) => {
    if (store === 'date') return new Date((serial(at, column) - 25_569) * 86_400_000).toISOString().slice(0, 10)
    if (store === 'number') return String(figure(at, column))
    if (store === 'formula') return String(netValue(at))
    return textAt(at, column)
  })
}

function netValue(at: number): number {
  return Math.round((figure(at, 14) - figure(at, 15)) * 100) / 100
}

function textAt(at: number, column: number): string {
  const village = pick(villages, at)
  switch (column) {
    case 1:
      return `ZC${String(at + 1).padStart(8, '0')}`
    case 2:
      return `${village}${pick(names, at * 3)}${at % 97}号`
    case 3:
      return pick(kinds, at * 5)
    case 4:
      return village
    case 5:
      return `蓬莱镇${village}${(at % 12) + 1}组${at % 311}号${at % 20 === 0 ? ' & 附属<院坝>' : ''}`
    case 6:
      return pick(structures, at)
    case 7:
      return at % 3 === 0 ? '' : `${(at % 40) + 2}m×${(at % 9) + 3}m`
    case 17:
      return pick(sources, at)
    case 18:
      return pick(titles, at)
    case 19:
      return at % 4 === 0 ? '' : `川(2019)大英县不动产权第${String(at).padStart(7, '0')}号`
    case 20:
      return pick(usages, at * 7)
    case 21:
      return at % 5 === 0 ? `大英县${pick(surnames, at)}氏农机专业合作社` : ''
    case 22:
      return `${pick(surnames, at)}${pick(['国强', '秀英', '建华', '明'], at * 3)}`
    case 23:
      return `记-${String(at % 9999).padStart(4, '0')}`
    default:
      return at % 10 === 0 ? `2017年清产核资时登记，第${at}条；现由村委会代管，尚未办证。` : ''
  }
}

/** Writes the ledger, from a row on, as .xlsx with three header rows and their merges; nothing of it is held in memory but the text table. */
export async function writeWorkbook(path: string, rows: number, from = 0): Promise<void> {
  const shared = new Map<string, number>()
  const zip = new ZipFile()
  const written = finished(zip.outputStream.pipe(createWriteStream(path)))
  const options = { compressionLevel: 6 }
  zip.addBuffer(Buffer.from(contentTypes), '[Content_Types].xml')
  zip.addBuffer(Buffer.from(packageRelations), '_rels/.rels')
  zip.addBuffer(Buffer.from(workbook), 'xl/workbook.xml')
  zip.addBuffer(Buffer.from(workbookRelations), 'xl/_rels/workbook.xml.rels')
  zip.addBuffer(Buffer.from(styles), 'xl/styles.xml')
  zip.addReadStreamLazy('xl/worksheets/sheet1.xml', options, (done) =>
    done(null, Readable.from(sheet(rows, shared, from))),
  )
  // Written after the worksheet that fills the table: parts stand in the archive in any order.
  zip.addReadStreamLazy('xl/sharedStrings.xml', options, (done) => done(null, Readable.from(table(shared))))
  zip.end()
  await written
}

const pieces = 200

function* sheet(rows: number, shared: Map<string, number>, from: number): Generator<string> {
  const last = columnLetters(columns.length - 1)
  yield `${declaration}<worksheet xmlns="${main}" xmlns:r="${office}"><dimension ref="A1:${last}${rows + headerRows}"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="14.4"/><cols><col min="1" max="${columns.length}" width="14.5" customWidth="1"/></cols><sheetData>`
  yield row(1, [text('A1', '蓬莱镇村级固定资产台账（演示数据）', shared)])
  const groups = columns.map(({ header, group }, at) => text(`${columnLetters(at)}2`, group ?? header, shared))
  yield row(2, groups)
  const leaves = columns.flatMap(({ header, group }, at) =>
    group === undefined ? [] : [text(`${columnLetters(at)}3`, header, shared)],
  )
  yield row(3, leaves)
  let piece = ''
  for (let at = 0; at < rows; at++) {
    const number = at + headerRows + 1
    const cells = columns.map(({ store }, column) =>
      cell(from + at, column, store, `${columnLetters(column)}${number}`, shared),
    )
    piece += row(number, cells)
    if (at % pieces === pieces - 1) {
      yield piece
      piece = ''
    }
  }
  yield `${piece}</sheetData><mergeCells count="${merges.length}">${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`
}

function row(number: number, cells: readonly string[]): string {
  return `<row r="${number}" spans="1:${columns.length}" ht="20.1" customHeight="1">${cells.join('')}</row>`
}

function cell(
  at: number,
  column: number,
  store: Column['store'],
  reference: string,
  shared: Map<string, number>,
): string {
  if (store === 'number') return `<c r="${reference}" s="1"><v>${figure(at, column)}</v></c>`
  if (store === 'date') return `<c r="${reference}" s="2"><v>${serial(at, column)}</v></c>`
  if (store === 'formula') {
    const row = at + headerRows + 1
    return `<c r="${reference}" s="1"><f>O${row}-P${row}</f><v>${netValue(at)}</v></c>`
  }
  const content = textAt(at, column)
  if (content === '') return `<c r="${reference}" s="1"/>`
  if (store === 'inline')
    return `<c r="${reference}" s="1" t="inlineStr"><is><t xml:space="preserve">${escaped(content)}</t></is></c>`
  return text(reference, content, shared)
}

function text(reference: string, content: string, shared: Map<string, number>): string {
  let place = shared.get(content)
  if (place === undefined) {
    place = shared.size
    shared.set(content, place)
  }
  return `<c r="${reference}" s="1" t="s"><v>${place}</v></c>`
}

function* table(shared: ReadonlyMap<string, number>): Generator<string> {
  yield `${declaration}<sst xmlns="${main}" count="${shared.size}" uniqueCount="${shared.size}">`
  let piece = ''
  for (const content of shared.keys()) {
    piece += `<si><t>${escaped(content)}</t><phoneticPr fontId="1" type="noConversion"/></si>`
    if (piece.length > 30_000) {
      yield piece
      piece = ''
    }
  }
  yield `${piece}</sst>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The title over all columns, leaves over two rows, three groups. */
const merges: readonly string[] = [
  `A1:${columnLetters(columns.length - 1)}1`,
  ...columns.flatMap(({ group }, at) => (group === undefined ? [`${columnLetters(at)}2:${columnLetters(at)}3`] : [])),
  'I2:K2',
  'L2:N2',
  'O2:Q2',
]

/** Writes the same data rows as .csv without any quotes, header first. */
export async function writeCsv(path: string, rows: number): Promise<void> {
  await pipeline(Readable.from(csv(rows)), createWriteStream(path))
}

function* csv(rows: number): Generator<string> {
  let piece = `${columns.map(({ header }) => header).join(',')}\n`
  for (let at = 0; at < rows; at++) {
    piece += `${expectedRow(at).join(',')}\n`
    if (at % pieces === pieces - 1) {
      yield piece
      piece = ''
    }
  }
  yield piece
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const part = (name: string, type: string) => `<Override PartName="/xl/${name}" ContentType="${types}.${type}+xml"/>`
const contentTypes = `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part('workbook.xml', 'sheet.main')}${part('worksheets/sheet1.xml', 'worksheet')}${part('styles.xml', 'styles')}${part('sharedStrings.xml', 'sharedStrings')}</Types>`
const packageRelations = `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`
const workbook = `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="固定资产台账" sheetId="1" r:id="rId1"/></sheets></workbook>`
const workbookRelations = `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="${office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="0" applyAlignment="1"/><xf numFmtId="176" applyNumberFormat="1"/></cellXfs></styleSheet>`
