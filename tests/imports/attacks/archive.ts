import { crc32 as checksum, constants, deflateRawSync } from 'node:zlib'

/** One part of a crafted archive; what its headers say may be anything. */
export type Part = {
  name: string
  /** The bytes as they lie in the archive. */
  packed: Buffer
  /** True size of what inflates out of it. */
  size: number
  crc: number
  method?: number
  flags?: number
  /** What the headers say instead of the truth. */
  says?: { size?: number; packed?: number }
  /** Extra field of the central directory, and Unix mode of the file. */
  extra?: Buffer
  mode?: number
  /** Shares the local header and the bytes of the part of this name. */
  sameAs?: string
  /** Name in the local header, when it is another. */
  localName?: string
}

export function part(name: string, content: string | Buffer, more: Partial<Part> = {}): Part {
  const bytes = Buffer.from(content)
  return { name, packed: deflateRawSync(bytes), size: bytes.length, crc: checksum(bytes), ...more }
}

/** A part that lies in the archive as it is. */
export function stored(name: string, content: string | Buffer, more: Partial<Part> = {}): Part {
  const bytes = Buffer.from(content)
  return { name, packed: bytes, size: bytes.length, crc: checksum(bytes), method: 0, ...more }
}

/**
 * A part that says the same piece many times. The piece is packed once and its packed form repeated, so that gigabytes
 * are made without ever being there. `ratio` adds noise in a comment until a piece packs no better than that.
 */
export function repeated(
  name: string,
  { before = '', piece, times, after = '', ratio }: Repetition,
  more: Partial<Part> = {},
): Part {
  const body = Buffer.from(ratio === undefined ? piece : diluted(piece, ratio))
  const [head, middle, tail] = [Buffer.from(before), flushed(body), Buffer.from(after)]
  let crc = checksum(head)
  for (let at = 0; at < times; at++) crc = checksum(body, crc)
  const packed = Buffer.concat([flushed(head), ...Array<Buffer>(times).fill(middle), deflateRawSync(tail)])
  const size = head.length + body.length * times + tail.length
  return { name, packed, size, crc: checksum(tail, crc), ...more }
}

export type Repetition = { before?: string; piece: string; times: number; after?: string; ratio?: number }

/** Packed without an end, and without looking back further: such pieces can follow one another in any number. */
function flushed(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH })
}

function diluted(piece: string, ratio: number): string {
  let noise = ''
  let seed = 7
  let text = piece
  while (text.length > ratio * flushed(Buffer.from(text)).length) {
    for (let at = 0; at < 200; at++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      noise += seed.toString(36)
    }
    text = `<!--${noise}-->${piece}`
  }
  return text
}

export type Shape = { prefix?: Buffer; suffix?: Buffer; comment?: Buffer; entryCount?: number; directoryAt?: number }

/** Puts an archive together: local headers and bytes, then the directory. */
export function archive(parts: readonly Part[], shape: Shape = {}): Buffer {
  const body: Buffer[] = shape.prefix ? [shape.prefix] : []
  const directory: Buffer[] = []
  const places = new Map<string, number>()
  let at = shape.prefix?.length ?? 0
  for (const one of parts) {
    const shared = one.sameAs === undefined ? undefined : places.get(one.sameAs)
    const place = shared ?? at
    if (shared === undefined) {
      const header = localHeader(one)
      body.push(header, one.packed)
      places.set(one.name, at)
      at += header.length + one.packed.length
    }
    directory.push(centralHeader(one, place))
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  const count = Math.min(0xffff, shape.entryCount ?? parts.length)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(shape.directoryAt ?? at, 16)
  end.writeUInt16LE(shape.comment?.length ?? 0, 20)
  const wide = parts.length > 0xffff ? [wideEnd(parts.length, index.length, at)] : []
  return Buffer.concat([
    ...body,
    index,
    ...wide,
    end,
    ...(shape.comment ? [shape.comment] : []),
    ...(shape.suffix ? [shape.suffix] : []),
  ])
}

/** The fields that both headers have, from the version on. */
function sharedFields(one: Part, nameLength: number, extraLength: number): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE((one.flags ?? 0) | 0x800, 2)
  fields.writeUInt16LE(one.method ?? 8, 4)
  fields.writeUInt32LE(0x5a21_0000, 6)
  fields.writeUInt32LE(one.crc, 10)
  fields.writeUInt32LE(one.says?.packed ?? one.packed.length, 14)
  fields.writeUInt32LE(one.says?.size ?? one.size, 18)
  fields.writeUInt16LE(nameLength, 22)
  fields.writeUInt16LE(extraLength, 24)
  return fields
}

function localHeader(one: Part): Buffer {
  const name = Buffer.from(one.localName ?? one.name)
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), sharedFields(one, name.length, 0), name])
}

function centralHeader(one: Part, place: number): Buffer {
  const name = Buffer.from(one.name)
  const extra = one.extra ?? Buffer.alloc(0)
  const made = Buffer.alloc(2)
  made.writeUInt16LE(0x0314)
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(((one.mode ?? 0o100644) << 16) >>> 0, 6)
  rest.writeUInt32LE(place, 10)
  return Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    made,
    sharedFields(one, name.length, extra.length),
    rest,
    name,
    extra,
  ])
}

/** The end of a directory of more than 65,535 entries. */
function wideEnd(count: number, size: number, at: number): Buffer {
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(45, 12)
  record.writeUInt16LE(45, 14)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(at), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(at + size), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, locator])
}
