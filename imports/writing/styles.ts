const borderless = 0
const bordered = 1

const formats = { general: 0, count: 3, money: 4, text: 49 }
const fonts = { body: 0, bold: 1, title: 2 }
const fills = { none: 0, header: 2, wrong: 3 }

const looks = {
  plain: look('body', 'general', borderless, '', 'none'),
  title: look('title', 'text', borderless, 'center', 'none'),
  metaLeft: look('body', 'text', borderless, 'left', 'none'),
  metaRight: look('body', 'text', borderless, 'right', 'none'),
  header: look('bold', 'text', bordered, 'center', 'header'),
  text: look('body', 'text', bordered, 'left', 'none'),
  centred: look('body', 'text', bordered, 'center', 'none'),
  count: look('body', 'count', bordered, 'center', 'none'),
  money: look('body', 'money', bordered, 'right', 'none'),
  quantity: look('body', 'general', bordered, 'right', 'none'),
  longNumber: look('body', 'text', bordered, 'right', 'none'),
  section: look('bold', 'text', bordered, 'left', 'none'),
  totalLabel: look('bold', 'text', bordered, 'center', 'none'),
  totalCount: look('bold', 'count', bordered, 'center', 'none'),
  totalQuantity: look('bold', 'general', bordered, 'right', 'none'),
  totalMoney: look('bold', 'money', bordered, 'right', 'none'),
  wrong: look('body', 'text', bordered, 'left', 'wrong'),
  totalLong: look('bold', 'text', bordered, 'right', 'none'),
} as const

export type Style = keyof typeof looks

const names = Object.keys(looks)
const indexes = new Map(names.map((name, index) => [name, index]))

/** The number of a style in styles.xml; quoted is its twin that Excel never turns into a formula when edited. */
export function styleIndex(style: Style, quoted = false): number {
  return (indexes.get(style) ?? 0) + (quoted ? names.length : 0)
}

export function stylesXml(): string {
  const all = Object.values(looks)
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<fonts count="3">${font(10, false)}${font(10, true)}${font(18, true)}</fonts>
<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/><bgColor indexed="64"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor indexed="64"/></patternFill></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${['left', 'right', 'top', 'bottom'].map((side) => `<${side} style="thin"><color rgb="FF000000"/></${side}>`).join('')}<diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="${all.length * 2}">${all.map((xf) => xf('')).join('')}${all.map((xf) => xf(' quotePrefix="1"')).join('')}</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>`
}

function look(
  fontName: keyof typeof fonts,
  format: keyof typeof formats,
  border: number,
  align: '' | 'left' | 'center' | 'right',
  fill: keyof typeof fills,
) {
  const alignment = align === '' ? '' : `<alignment horizontal="${align}" vertical="center" wrapText="1"/>`
  return (quote: string) =>
    `<xf numFmtId="${formats[format]}" fontId="${fonts[fontName]}" fillId="${fills[fill]}" borderId="${border}" xfId="0"` +
    ` applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"${quote}>${alignment}</xf>`
}

function font(size: number, bold: boolean): string {
  return `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><name val="宋体"/><charset val="134"/></font>`
}
