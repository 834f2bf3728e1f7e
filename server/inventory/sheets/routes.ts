import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { writeWorkbook } from '../../../imports/writing/write.ts'
import { businessRoles } from '../../kernel/actor.ts'
import { exportRate, sendWorkbook } from '../../kernel/download.ts'
import type { DocumentKind } from './extent.ts'
import { inventoryWorkbook, type OtherSheets } from './workbook.ts'

const Params = Type.Object({
  no: Type.String({ pattern: '^(PD|HZ|QC)[0-9]{4}-[0-9]{4,10}$' }),
  sheet: Type.String({ pattern: '^[a-z]+(-[a-z]+)?$', maxLength: 20 }),
})
type Asked = { Params: { no: string; sheet: string } }

const options = { schema: { params: Params }, config: { access: { roles: businessRoles }, rateLimit: exportRate } }

/** The official sheets of a count, of a compilation and of a whole call, as workbooks that check themselves. */
export async function countedSheets(app: FastifyInstance, { others }: { others: OtherSheets }): Promise<void> {
  app.get<Asked>('/inventory/counts/:no/:sheet.xlsx', options, async (request, reply) => send(request, reply, 'count'))

  app.get<Asked>('/inventory/compilations/:no/:sheet.xlsx', options, async (request, reply) =>
    send(request, reply, 'compilation'),
  )

  app.get<Asked>('/inventory/calls/:no/:sheet.xlsx', options, async (request, reply) => send(request, reply, 'call'))

  async function send(request: FastifyRequest<Asked>, reply: FastifyReply, kind: DocumentKind) {
    const { no, sheet } = request.params
    return sendWorkbook(request, reply, async (tx) => {
      const document = { kind, no }
      const { title, worksheets } = await inventoryWorkbook(tx, request.actor, document, sheet, {
        today: app.clock.today(),
        others,
      })
      return { fileName: `${title}_${no}.xlsx`, write: (out) => writeWorkbook(worksheets, out) }
    })
  }
}
