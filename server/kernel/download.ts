import { PassThrough, type Writable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../../db/client.ts'
import { record } from './events.ts'

/** A download that is never finished would keep a connection to the database for good. */
const longest = 10 * 60_000

/** Exports are costly: so many a minute and person. */
export const exportRate = {
  max: 20,
  timeWindow: '1 minute',
  keyGenerator: (request: FastifyRequest) => `export ${request.signedIn?.personId ?? request.ip}`,
}

/** Whose event an export is: of business data, or of the log itself. */
export type Taken = { topic: 'export' | 'audit'; action: string }

export type Prepared = { fileName: string; write: (out: Writable) => Promise<unknown> }

/**
 * Sends a workbook while it is being written, in one transaction of the actor, and leaves an event of it. What goes wrong in `prepare` becomes an
 * ordinary error page; what goes wrong later breaks the download off, so that half a file never looks whole.
 */
export async function sendWorkbook(
  request: FastifyRequest,
  reply: FastifyReply,
  prepare: (tx: Tx) => Promise<Prepared>,
  taken: Taken = { topic: 'export', action: `export.${sheetOf(request)}` },
): Promise<FastifyReply> {
  await tell(request, taken)
  const out = new PassThrough()
  // Nobody listens before the reply is sent, nor after the reader has gone.
  out.on('error', () => undefined)
  const opened = Promise.withResolvers<string>()
  const patience = setTimeout(() => out.destroy(new Error('the download took too long')), longest)
  request
    .as(async (tx) => {
      const { fileName, write } = await prepare(tx)
      opened.resolve(fileName)
      await write(out)
    })
    .catch((error: Error) => {
      opened.reject(error)
      out.destroy(error)
    })
    .finally(() => clearTimeout(patience))
  const fileName = await opened.promise
  return reply
    .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    .header('content-disposition', attachment(fileName))
    .send(out)
}

/**
 * Who takes data out, and with which filter, is written down before the first row leaves: in a transaction of its own,
 * because reading is read only, and finished before the download takes a connection for long.
 */
async function tell(request: FastifyRequest, { topic, action }: Taken): Promise<void> {
  const filter = { ...(request.params as object), ...(request.query as object) }
  const detail = { filter, address: request.ip }
  await request.county.transaction({}, (tx) =>
    record(tx, request.acting, { kind: 'topic', id: topic }, { action, detail }),
  )
}

/** `/assets.xlsx` → `assets`, `/notices/:no/list.xlsx` → `notices-list`. */
function sheetOf(request: FastifyRequest): string {
  const words = (request.routeOptions.url ?? '').replace(/\.\w+$/, '').split('/')
  return words.filter((word) => word !== '' && !word.startsWith(':')).join('-')
}

/** RFC 5987: the name in UTF-8, and a plain one for clients that do not read it. */
export function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^\x20-\x7e]|["\\%]/g, '').replace(/^_+/, '') || 'download.xlsx'
  const encoded = encodeURIComponent(fileName).replaceAll(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
