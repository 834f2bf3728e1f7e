import type { Written } from './worksheet.ts'
import { escapeXml } from './xml.ts'

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

export function contentTypesXml(worksheets: readonly unknown[]): string {
  const sheets = worksheets.map(
    (_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${types}.worksheet+xml"/>`,
  )
  return `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>${sheets.join('')}</Types>`
}

export function packageRelationsXml(): string {
  return `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`
}

export function workbookRelationsXml(worksheets: readonly unknown[]): string {
  const sheets = worksheets.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${office}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  )
  return `${declaration}<Relationships xmlns="${packages}/relationships">${sheets.join('')}<Relationship Id="rId${worksheets.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`
}

/** Names the worksheets, the header rows to repeat on every printed page, and the filter ranges. */
export function workbookXml(written: readonly Written[]): string {
  const sheets = written.map(
    ({ name }, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  )
  const names = written.flatMap((sheet, index) => {
    const [top, bottom] = sheet.headerRows
    const titles = `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${escapeXml(`${quoteName(sheet.name)}!$${top}:$${bottom}`)}</definedName>`
    if (sheet.filterRange === undefined) return [titles]
    const range = sheet.filterRange.replace(/([A-Z]+)(\d+)/g, '$$$1$$$2')
    const filter = `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${escapeXml(`${quoteName(sheet.name)}!${range}`)}</definedName>`
    return [filter, titles]
  })
  return `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${sheets.join('')}</sheets><definedNames>${names.join('')}</definedNames></workbook>`
}

/** A worksheet's name as formulas write it. */
export function quoteName(name: string): string {
  return `'${name.replace(/'/g, "''")}'`
}

/** A tab takes 31 characters and none of \ / ? * [ ] : */
export function tabName(name: string): string {
  return (
    name
      .replace(/[\\/?*[\]:]/g, ' ')
      .replace(/^'+|'+$/g, '')
      .trim()
      .slice(0, 31) || '数据'
  )
}
