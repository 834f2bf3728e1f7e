import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { limits } from '../../imports/reading/limits.ts'
import { writeLayout } from '../../imports/writing/write.ts'
import { wrongLayout } from '../../imports/wrong-rows.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { NotFound, RuleBroken } from '../kernel/errors.ts'
import type { Reading } from './actions.ts'
import { readers } from './offers.ts'
import { type ImportOptions, targetOf } from './options.ts'
import { findBatch } from './queries.ts'
import { reachOf, rowsToMend } from './wrong-rows.ts'

const OneBatch = Type.Object({ no: Type.String({ pattern: '^DR[0-9]{4}-[0-9]{4,}$' }) })
const With = Type.Object({ with: Type.Optional(Type.Literal('duplicates')) })
/** Each reads a file in a process of its own while it is sent. */
const most = 2
type Asked = { Params: { no: string }; Querystring: { with?: 'duplicates' } }

/** The rows that were left behind, in the user's own layout, to be mended and uploaded again. */
export async function wrongRows(app: FastifyInstance, options: ImportOptions): Promise<void> {
  let writing = 0
  app.get<Asked>(
    '/imports/:no/wrong.xlsx',
    {
      schema: { params: OneBatch, querystring: With },
      config: { access: readers, rateLimit: exportRate },
    },
    async (request, reply) =>
      sendWorkbook(request, reply, async (tx) => {
        const batch = await findBatch(tx, request.actor, request.params.no)
        if (!batch) throw new NotFound()
        const statuses = request.query.with === 'duplicates' ? ['wrong', 'duplicate'] : ['wrong']
        const { count, wide } = await reachOf(tx, batch, statuses)
        if (count === 0) throw new RuleBroken('没有要改的行，不用下载。')
        await allowTime(tx)
        const target = targetOf(options, batch.target, request.acting)
        const { headerRows, columns, shifts } = batch.reading as Reading
        const read = { worksheet: batch.worksheet ?? '', headerRows, columns, shifts }
        if (writing >= most) throw new RuleBroken('正在下载的人较多，请过一两分钟再试。')
        writing++
        return {
          fileName: `${batch.fileName.replace(/\.\w{1,4}$/, '')}_待改正.xlsx`,
          write: (out) =>
            options.store
              .withLocalFile(batch.sha256, async (path) =>
                writeLayout(await wrongLayout(path, target, read, wide, rowsToMend(tx, batch, target, statuses)), out),
              )
              .finally(() => {
                writing--
              }),
        }
      }),
  )
}

/** The transaction waits for the reading process without a word. */
async function allowTime(tx: Tx): Promise<void> {
  const patience = `${limits.seconds + 60}s`
  await tx.execute(sql`select set_config('idle_in_transaction_session_timeout', ${patience}, true)`)
}
