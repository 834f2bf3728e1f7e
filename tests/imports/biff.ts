import { CFB } from '@e965/xlsx'

/** A record of an old workbook: its number and its data. */
export function record(type: number, ...data: (number | Buffer | string)[]): Buffer {
  const bytes = Buffer.concat(
    data.map((part) => {
      if (Buffer.isBuffer(part)) return part
      return typeof part === 'string' ? Buffer.from(part, 'hex') : short(part)
    }),
  )
  return Buffer.concat([short(type), short(bytes.length), bytes])
}

export function short(number: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(number)
  return bytes
}

export function double(number: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(number)
  return bytes
}

export const end = record(0x0a)

/** Text of Excel 97: its length, one byte or two per character. */
export function unicode(text: string, length = short(text.length)): Buffer {
  return Buffer.concat([length, Buffer.from([1]), Buffer.from(text, 'utf16le')])
}

export function compound(streams: Record<string, Buffer | string>): Buffer {
  const file = CFB.utils.cfb_new()
  for (const [name, content] of Object.entries(streams)) CFB.utils.cfb_add(file, `/${name}`, Buffer.from(content))
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array)
}

type Sheet = { name: Buffer; state?: number; type?: number; records: Buffer }

/** The workbook stream of Excel 95 (version 5) or 97 (8): globals, then each sheet where the globals say. */
export function workbookStream(version: 5 | 8, globals: Buffer, sheets: readonly Sheet[]): Buffer {
  const head = Buffer.concat([record(0x809, version === 5 ? 0x500 : 0x600, 5, 0, 0), globals])
  const bodies = sheets.map(({ records }) =>
    Buffer.concat([record(0x809, version === 5 ? 0x500 : 0x600, 0x10, 0, 0), records, end]),
  )
  let at = head.length + sheets.reduce((sum, { name }) => sum + 10 + name.length, 0) + end.length
  const bound = sheets.map(({ name, state = 0, type = 0 }, number) => {
    const place = Buffer.alloc(4)
    place.writeUInt32LE(at)
    at += bodies[number]?.length ?? 0
    return record(0x85, place, Buffer.from([state, type]), name)
  })
  return Buffer.concat([head, ...bound, end, ...bodies])
}
