import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { setFlash } from '../access/sessions.ts'
import { type Actor, roles } from '../kernel/actor.ts'
import type { Problem } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { createTemplates } from '../kernel/templates.ts'

/** What a person can open, with the present place marked; the templates draw it. */
export type Navigation = (actor: Actor, url: string) => readonly unknown[]
export type PageOptions = { status?: number; problems?: readonly Problem[]; answers?: Answers }

declare module 'fastify' {
  interface FastifyReply {
    /** Renders a page, or only its `results` block when htmx asks for a part of it. */
    page(template: string, data?: Record<string, unknown>, options?: PageOptions): Promise<FastifyReply>
  }
}

const views = fileURLToPath(new URL('../../views', import.meta.url))

export default fp<{ countyName: string; navigation: Navigation }>(
  async (app, { countyName, navigation }) => {
    const templates = createTemplates(views)
    app.decorateReply('page', async function page(this: FastifyReply, template, data = {}, options = {}) {
      const { request } = this
      const status = options.status ?? 200
      const part = request.headers['hx-request-type'] === 'partial'
      const flash = part ? null : await takeFlash(request)
      const html = templates.render(template, {
        ...data,
        layout: part ? 'layouts/fragment.njk' : undefined,
        county: countyName,
        path: request.url,
        requestId: request.id,
        person: request.signedIn && describe(request.signedIn),
        nav: request.signedIn ? navigation(request.signedIn, request.url) : [],
        today: request.server.clock.today(),
        token: randomUUID(),
        signOutToken: null,
        flash: flash && { text: flash },
        problems: options.problems ?? [],
        answers: options.answers ?? data.answers ?? {},
      })
      this.header('vary', 'HX-Request-Type')
      // A form's own address answers only POST, so it must not land in the history when something was wrong.
      if (status >= 400) this.header('hx-push-url', 'false')
      return this.code(status).type('text/html; charset=utf-8').send(html)
    })
  },
  { name: 'pages', dependencies: ['session'] },
)

function describe(actor: Actor) {
  const grant = actor.grants[0]
  return { name: actor.name, unit: actor.unitName, role: grant ? roles[grant.role] : '' }
}

/** The message is shown once: reading it takes it away. */
async function takeFlash(request: FastifyRequest): Promise<string | null> {
  const { session } = request
  if (!session?.flash) return null
  await request.county.transaction({}, (tx) => setFlash(tx, session.idHash, null))
  return session.flash
}
