import { type Part, part } from './archive.ts'

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

/** A table that every reader can read: what stands beside a trap. */
export const honestRows =
  '<row r="1"><c r="A1" t="inlineStr"><is><t>资产名称</t></is></c></row><row r="2"><c r="A2"><v>7</v></c></row>'

export const names = {
  types: '[Content_Types].xml',
  root: '_rels/.rels',
  workbook: 'xl/workbook.xml',
  relations: 'xl/_rels/workbook.xml.rels',
  sheet: 'xl/worksheets/sheet1.xml',
  strings: 'xl/sharedStrings.xml',
  styles: 'xl/styles.xml',
} as const

export function worksheet(inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="${main}">${inside}</worksheet>`
}

export function sheetOf(rows: string): string {
  return worksheet(`<sheetData>${rows}</sheetData>`)
}

/** The parts of an ordinary workbook by name. */
export const ordinary: Readonly<Record<string, string>> = {
  [names.types]:
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
  [names.root]: `<Relationships><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  [names.workbook]: `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  [names.relations]: `<Relationships><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  [names.sheet]: sheetOf(honestRows),
  [names.strings]: `<sst xmlns="${main}"><si><t>台账</t></si></sst>`,
  [names.styles]: `<styleSheet xmlns="${main}"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>`,
}

/** The ordinary parts, some of them replaced or more of them added. */
export function book(...changed: readonly Part[]): Part[] {
  const kept = Object.entries(ordinary).filter(([name]) => !changed.some((one) => one.name === name))
  return [...kept.map(([name, text]) => part(name, text)), ...changed]
}
