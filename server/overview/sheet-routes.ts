import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../../db/client.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { writeSheet } from '../../imports/writing/write.ts'
import type { Cut } from '../assets/as-of.ts'
import { cardsOf } from '../assets/cards-sheet.ts'
import { villageStatusOf } from '../assets/village-status.ts'
import { type Actor, businessRoles } from '../kernel/actor.ts'
import { freeze } from '../kernel/cursor.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { cutOf, StatisticsFilter } from './statistics-cut.ts'

type Asked = { Querystring: StatisticsFilter }
type MakeSheet = (tx: Tx, actor: Actor, cut: Cut, unit: string) => Promise<Worksheet>

const schema = { querystring: StatisticsFilter }
const config = { access: { roles: businessRoles }, rateLimit: exportRate }

/** The official lists of cards of a unit with everything under it, as of any day. */
export async function cardLists(app: FastifyInstance): Promise<void> {
  app.get<Asked>('/statistics/cards.xlsx', { schema, config }, async (request, reply) =>
    send(request, reply, '单位资产卡片', cardsOf),
  )

  app.get<Asked>('/statistics/village-status.xlsx', { schema, config }, async (request, reply) =>
    send(request, reply, '村资产现状表', villageStatusOf),
  )

  async function send(request: FastifyRequest<Asked>, reply: FastifyReply, title: string, make: MakeSheet) {
    return sendWorkbook(request, reply, async (tx) => {
      const { actor, query: filter } = request
      const today = app.clock.today()
      const problems = dayProblems(filter.asOf, today)
      if (problems.length > 0) throw new RuleBroken(problems)
      await freeze(tx)
      const day = filter.asOf || today
      const { cut, unit } = await cutOf(tx, filter, day)
      const worksheet = await make(tx, actor, cut, unit?.name ?? actor.unitName)
      return { fileName: `${title}_${day}.xlsx`, write: (out) => writeSheet(worksheet, out) }
    })
  }
}
