import sharp from 'sharp'
import type { Tx } from '../../db/client.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { addPaper } from '../../server/records/paper-actions.ts'
import { findPaperSubject } from '../../server/records/paper-subjects.ts'
import type { Visitor } from './app.ts'

/** Adds a paper without a scan to a determination's draft, as its page does. */
export async function addBasis(visitor: Visitor, determination: string): Promise<void> {
  const said = { kind: 'reply', title: '建设批复', no: '蓬府〔2004〕7 号', token: crypto.randomUUID() }
  const reply = await visitor.upload('/papers', { determination, ...said }, null)
  if (reply.statusCode !== 303) throw new Error(`not accepted: ${reply.statusCode} ${reply.body.slice(0, 2000)}`)
}

/** The same by the verb itself. */
export async function basisOf(tx: Tx, acting: Acting, id: string): Promise<void> {
  const subject = await findPaperSubject(tx, acting.actor, 'determination', { id })
  if (!subject) throw new Error(`no determination ${id}`)
  const said = { kind: 'reply', title: '建设批复', no: '1', issuer: '镇政府', issuedOn: null }
  await addPaper(tx, acting, subject, said, null)
}

/** A photograph's stand-in, different for each colour. */
export function picture(
  { width = 640, height = 480, colour = '#7a9e6b' }: { width?: number; height?: number; colour?: string } = {},
  format: 'jpeg' | 'png' | 'webp' = 'jpeg',
): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .toFormat(format)
    .toBuffer()
}

/** The smallest document a reader opens; the text makes it another one. */
export function pdf(text = '批复'): Buffer {
  return Buffer.from(
    `%PDF-1.4\n% ${text}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n`,
  )
}

/** An archive of empty entries, as far as a directory of one tells. */
export function archive(...names: string[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const name of names) {
    const text = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(text.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(20, 4)
    central.writeUInt16LE(20, 6)
    central.writeUInt16LE(text.length, 28)
    central.writeUInt32LE(at, 42)
    parts.push(local, text)
    directory.push(central, text)
    at += local.length + text.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(names.length, 8)
  end.writeUInt16LE(names.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listed, end])
}

/** A compound file with these streams, as far as its directory tells. */
export function compound(...streams: string[]): Buffer {
  const head = Buffer.alloc(512)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(head)
  const entries = ['Root Entry', ...streams].map((name) => {
    const entry = Buffer.alloc(128)
    entry.write(name, 'utf16le')
    return entry
  })
  return Buffer.concat([head, ...entries])
}

/** A picture's header that claims a size, and nothing after it. */
export function claiming(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(64)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}
