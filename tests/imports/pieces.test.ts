import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnName } from '../../imports/reading/columns.ts'
import { RecordReader } from '../../imports/reading/csv/csv-records.ts'
import { frameEnd, Packer, Unpacker } from '../../imports/reading/frames.ts'
import { type ScannedRow, separator } from '../../imports/reading/rows.ts'
import { cellContext } from '../../imports/reading/xlsx/cell-value.ts'
import { readSharedStrings } from '../../imports/reading/xlsx/shared-strings.ts'
import { openSheet } from '../../imports/reading/xlsx/sheet-xml.ts'

/*
 * Files come in pieces that end anywhere, and every program writes its own dialect of the same table: what is read may
 * depend on neither.
 */

const text = fc.string({
  unit: fc.constantFrom(...'村部办公楼闲置𠮷㎡;,"\'<>&=0123456789.- \n\tabx_]'),
  minLength: 1,
  maxLength: 10,
})
const number = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map(String),
  fc.integer({ min: -9_999_999, max: 9_999_999 }).map((cents) => String(cents / 100)),
)
const value = fc.oneof(
  text.map((of) => ({ text: of })),
  number.map((of) => ({ number: of })),
)
type Value = { text: string } | { number: string }

/** A row: empty rows before it, and its cells with the empty cells before each. */
const row = fc.record({
  gap: fc.nat(2),
  cells: fc.array(fc.record({ gap: fc.oneof({ weight: 9, arbitrary: fc.nat(2) }, fc.nat(90)), value }), {
    minLength: 1,
    maxLength: 8,
  }),
})
type Row = { gap: number; cells: { gap: number; value: Value }[] }

/** Choices that a writer makes, used up one by one. */
const whims = fc.array(fc.nat(11), { minLength: 40, maxLength: 40 })

function expected(rows: readonly Row[]): Record<number, Record<string, string>> {
  const found: Record<number, Record<string, string>> = {}
  let number = 0
  for (const { gap, cells } of rows) {
    number += gap + 1
    const filled: Record<string, string> = {}
    let column = 0
    for (const cell of cells) {
      column += cell.gap + 1
      filled[columnName(column)] = 'text' in cell.value ? cell.value.text : cell.value.number
    }
    found[number] = filled
  }
  return found
}

class Writer {
  readonly shared: string[] = []
  readonly prefix: string
  readonly #whims: readonly number[]
  #at = 0

  constructor(choices: readonly number[], prefix: string) {
    this.#whims = choices
    this.prefix = prefix
  }

  pick<T>(...of: readonly [T, ...T[]]): T {
    const whim = this.#whims[this.#at++ % this.#whims.length] ?? 0
    return of[whim % of.length] ?? of[0]
  }

  tag(name: string, attributes: Record<string, string> = {}): string {
    const quote = this.pick('"', "'")
    const list = Object.entries(attributes).map(
      ([key, held]) => `${this.pick(' ', '\n ')}${key}${this.pick('=', ' = ')}${quote}${held}${quote}`,
    )
    return `<${this.prefix}${name}${list.join('')}${this.pick('', ' ')}`
  }

  element(name: string, inner: string, attributes: Record<string, string> = {}): string {
    return `${this.tag(name, attributes)}>${inner}</${this.prefix}${name}>`
  }

  characters(of: string): string {
    // In a CDATA section nothing is escaped, and tags in it are none.
    if (this.pick(true, false, false) && !of.includes(']]>')) return `<![CDATA[${of}]]>`
    const code = this.pick(
      (c: string) => `&#${c.codePointAt(0)};`,
      (c: string) => names[c] ?? c,
    )
    return [...of]
      .map((c) => (names[c] ? code(c) : c))
      .join('')
      .replaceAll(']]>', ']]&gt;')
  }

  item(of: string): string {
    const run = (part: string) => this.element('t', this.characters(part), { 'xml:space': 'preserve' })
    const half = [...of].slice(0, Math.ceil([...of].length / 2)).join('')
    const rest = of.slice(half.length)
    return this.pick(
      () => run(of),
      () => `${this.element('r', `${this.element('rPr', '')}${run(half)}`)}${rest ? this.element('r', run(rest)) : ''}`,
      () => `${run(of)}${this.element('rPh', run('pinyin'), { sb: '0', eb: '1' })}`,
      () => `${run(of)}<!-- <${this.prefix}t>no</${this.prefix}t> -->`,
    )()
  }

  cell(reference: string, given: Value): string {
    const at: Record<string, string> = reference === '' ? {} : { r: reference }
    const formula = this.pick('', this.element('f', this.characters('A1<B1')), `${this.tag('f', { si: '0' })}/>`)
    if ('number' in given) {
      const inner = `${formula}${this.element('v', given.number)}`
      return this.element('c', inner, { ...at, s: '0' })
    }
    return this.pick(
      () => {
        this.shared.push(given.text)
        return this.element('c', this.element('v', String(this.shared.length - 1)), { ...at, t: 's', s: '0' })
      },
      () => this.element('c', this.element('is', this.item(given.text)), { ...at, t: 'inlineStr' }),
      () => this.element('c', `${formula}${this.element('v', this.characters(given.text))}`, { ...at, t: 'str' }),
    )()
  }

  sheet(rows: readonly Row[]): string {
    let body = ''
    let number = 0
    for (const { gap, cells } of rows) {
      const named = gap > 0 || this.pick(true, false)
      number += gap + 1
      let inner = ''
      let column = 0
      for (const { gap: blanks, value: given } of cells) {
        const referred = blanks > 0 || this.pick(true, false)
        column += blanks + 1
        inner += this.cell(referred ? `${columnName(column)}${number}` : '', given)
        inner += this.pick('', '\n', '<!-- <c r="A1"><v>1</v></c> -->')
      }
      body += this.element('row', inner, named ? { r: String(number) } : {}) + this.pick('', '\n  ')
    }
    const data = `${this.element('sheetPr', '')}${this.element('sheetData', body)}`
    const space = this.prefix === '' ? 'xmlns' : `xmlns:${this.prefix.slice(0, -1)}`
    return `<?xml version="1.0"?>\n<!-- made -->${this.element('worksheet', data, { [space]: 'urn:x' })}`
  }

  table(): string {
    const items = this.shared.map((of) => this.element('si', this.item(of)))
    return `<?xml version="1.0"?>${this.element('sst', items.join(this.pick('', '\n')))}`
  }
}

function cellsOf(line: string): Record<string, string> {
  const texts = line.split(separator).map((of, at) => [columnName(at + 1), of])
  return Object.fromEntries(texts.filter(([, of]) => of !== ''))
}

const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

async function* cut(bytes: Buffer, places: readonly number[]): AsyncGenerator<Buffer> {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((one, other) => one - other)
  let from = 0
  for (const end of [...ends, bytes.length]) {
    if (end > from) yield bytes.subarray(from, end)
    from = end
  }
}

const places = fc.array(fc.nat(100_000), { maxLength: 12 })

test('whatever a writer makes of a table and wherever its pieces end, the same cells are read', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      whims,
      fc.constantFrom('', 'x:'),
      places,
      async (rows, choices, prefix, ends) => {
        const writer = new Writer(choices, prefix)
        const sheet = Buffer.from(writer.sheet(rows))
        const strings = await readSharedStrings(cut(Buffer.from(writer.table()), ends))
        const opened = await openSheet(cut(sheet, ends))
        const found: Record<number, Record<string, string>> = {}
        for await (const some of opened.rows(cellContext(strings, [], false))) {
          if (Array.isArray(some)) {
            for (const { row: at, columns, texts } of some) {
              found[at] = Object.fromEntries(columns.map((column, place) => [columnName(column), texts[place] ?? '']))
            }
            continue
          }
          for (const [at, line] of String(some.text).split('\n').entries()) {
            if (line !== '') found[some.first + at] = cellsOf(line)
          }
        }
        expect(found).toEqual(expected(rows))
      },
    ),
    { numRuns: 400 },
  )
})

test('a text table is the same in one piece and in many, quoted or not', () => {
  const field = fc.string({ unit: fc.constantFrom(...'村部1,;"\n a\t'), maxLength: 6 })
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 12 }),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.array(fc.nat(400), { maxLength: 8 }),
      (records, delimiter, lineEnd, always, ends) => {
        const written = records.map((fields) =>
          fields.map((of) => (always || /[,;\t"\n]/.test(of) ? `"${of.replaceAll('"', '""')}"` : of)).join(delimiter),
        )
        const whole = `${written.join(lineEnd)}${lineEnd}`
        const reader = new RecordReader({ delimiter, lineEnd: '\n' })
        const found: string[][] = []
        let from = 0
        const take = (last: boolean) => {
          for (const part of reader.take(last, false)) {
            if (part.kind === 'record') found.push(part.fields)
            else for (const line of String(part.text).split('\n')) found.push(line.split(part.delimiter))
          }
        }
        for (const end of [...ends.map((place) => place % whole.length).sort((a, b) => a - b), whole.length]) {
          reader.push(whole.slice(from, end))
          from = Math.max(from, end)
          take(false)
        }
        take(true)
        expect(found).toEqual(records)
      },
    ),
    { numRuns: 400 },
  )
})

test('lines without a quote go on as they stand, and their rows keep their numbers', () => {
  const lines = Array.from({ length: 3000 }, (_, at) => `村${at},房屋,${at}`)
  const reader = new RecordReader({ delimiter: ',', lineEnd: '\n' })
  reader.push(`${lines.join('\n')}\n"末,行",1,2\n`)
  const parts = [...reader.take(false, false), ...reader.take(true, false)]
  expect(parts.map(({ kind }) => kind)).toEqual(['record', 'record', 'lines', 'record'])
  expect(parts[2]).toMatchObject({ first: 3, delimiter: ',' })
  expect(parts[3]).toEqual({ kind: 'record', number: 3001, fields: ['末,行', '1', '2'] })
})

test('what the reading process packs is what the asking one unpacks', async () => {
  const odd = fc.string({
    unit: fc.constantFrom(...'村1 \n\u001c\u001d\u001e\u001f"\\{', '\u2028', '𠮷'),
    minLength: 1,
  })
  const scanned = fc.record({
    skipped: fc.nat(2),
    cells: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 300 }), odd), {
      selector: ([column]) => column,
      minLength: 1,
      maxLength: 6,
    }),
    hidden: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(scanned, { minLength: 1, maxLength: 10 }), async (rows) => {
      let sent = ''
      const packer = new Packer(async (piece) => {
        sent += piece
      })
      let number = 0
      const given: ScannedRow[] = rows.map(({ skipped, cells, hidden }) => {
        number += skipped + 1
        const told = hidden ? ({ hidden: true } as const) : {}
        return { row: number, columns: cells.map(([column]) => column), texts: cells.map(([, of]) => of), ...told }
      })
      await packer.rows(given)
      await packer.flush()
      const unpacker = new Unpacker()
      const found = sent
        .split(frameEnd)
        .slice(0, -1)
        .flatMap((frame) => unpacker.events(frame))
        .map((event) => (event.kind === 'row' ? [event.row, event.cells, event.hidden] : event))
      const wanted = given.map(({ row: at, columns, texts, hidden }) => [
        at,
        Object.fromEntries(columns.map((column, place) => [columnName(column), texts[place] ?? ''])),
        hidden,
      ])
      expect(found).toEqual(wanted)
    }),
    { numRuns: 300 },
  )
})
