import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { act, type Subscriber } from '../../kernel/act.ts'
import { type Problem, problemOf, RuleBroken } from '../../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../../kernel/forms.ts'
import { buttons } from '../../kernel/workflow.ts'
import { decidedOnField, wordingFields } from '../../records/decision-form.ts'
import { compilationMachine } from './actions.ts'
import { findCompilation } from './queries.ts'
import { CompilationNo, type OneCompilation } from './routes.ts'
import { compilationWorkflow } from './workflow.ts'

const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 4000 }), { maxProperties: 20 })
const access = { roles: ['keeper', 'lead', 'approver'] as const }

/** Each way to the end, with what it asks for. */
const ways: Record<'file' | 'record', { title: string; button: string; hint: string; fields: readonly FormField[] }> = {
  file: {
    title: '备案清查汇总',
    button: '备案',
    hint: '备案后各表不再变动，差异记入台账：盘亏转待核销，报废转待处置，盘盈建立卡片；债权债务按差额更正。',
    fields: [
      { key: 'filedOn', label: '备案日期', kind: 'day', required: true },
      { key: 'documentNo', label: '备案文号', kind: 'text', max: 100, hint: '没有文号可以不填' },
    ],
  },
  record: {
    title: '代录备案结果',
    button: '代录备案结果',
    hint: '备案机关没有账号时，照文件录入；须由上报人以外的人办理。',
    fields: [...wordingFields.slice(0, 3), decidedOnField, ...wordingFields.slice(3)],
  },
}

export async function compilationFiling(
  app: FastifyInstance,
  { county, subscribers }: { county: string; subscribers: readonly Subscriber[] },
): Promise<void> {
  for (const [key, way] of Object.entries(ways)) {
    app.get<OneCompilation>(
      `/inventory/compilations/:no/${key}`,
      { schema: { params: CompilationNo }, config: { access } },
      async (request, reply) => formPage(request, reply, key),
    )

    app.post<OneCompilation & { Body: Answers }>(
      `/inventory/compilations/:no/${key}`,
      { schema: { params: CompilationNo, body: Body }, config: { access } },
      async (request, reply) => {
        const document = await request.as((tx) => findCompilation(tx, request.acting, request.params.no))
        return reply.submit(
          async (tx, acting) => {
            const { values, problems } = readForm(way.fields, request.body)
            const day = values.filedOn ?? values.decidedOn
            const today = app.clock.today()
            if (day && day > today) {
              problems.push({ field: values.filedOn ? 'filedOn' : 'decidedOn', text: `日期不能晚于今天 ${today}。` })
            }
            if (problems.length > 0) throw new RuleBroken(problems)
            const input = { action: key, version: Number(request.body.version), comment: null, values }
            const { message } = await act(tx, acting, compilationMachine(county), document.id, input, subscribers)
            return { location: `/inventory/compilations/${document.no}`, flash: message }
          },
          (problems) => formPage(request, reply, key, { answers: request.body, problems }),
        )
      },
    )
  }

  async function formPage(
    request: FastifyRequest,
    reply: FastifyReply,
    key: string,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const { no } = request.params as OneCompilation['Params']
    const document = await request.as((tx) => findCompilation(tx, request.acting, no))
    const step = buttons(compilationWorkflow, document, request.actor).find((one) => one.key === key)
    const refused = step ? step.reasons.map(problemOf) : [{ field: null, text: '现在不能办这一步，请看办理进度。' }]
    const problems = refused.length > 0 ? refused : (sent?.problems ?? [])
    return reply.page(
      'inventory/compilations/filing.njk',
      {
        ...ways[key as keyof typeof ways],
        document,
        action: `/inventory/compilations/${no}/${key}`,
        open: refused.length === 0,
        version: sent?.answers.version ?? document.version,
      },
      {
        answers: sent?.answers ?? { filedOn: app.clock.today(), decidedOn: app.clock.today() },
        problems,
        status: problems.length > 0 ? 422 : 200,
      },
    )
  }
}
