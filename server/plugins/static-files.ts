import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import serve from '@fastify/static'
import fp from 'fastify-plugin'

const require = createRequire(import.meta.url)
const own = fileURLToPath(new URL('../../views/static/', import.meta.url))

/** Our own few files, Tabler's style sheet and htmx; all public, none of them data. */
export default fp(
  async (app) => {
    const folders = {
      '/static/vendor/tabler/': dirname(require.resolve('@tabler/core/dist/css/tabler.min.css')),
      '/static/vendor/htmx/': dirname(require.resolve('htmx.org/dist/htmx.min.js')),
      '/static/': own,
    }
    await app.register(async (files) => {
      files.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'public' }
      })
      for (const [index, [prefix, root]] of Object.entries(folders).entries()) {
        await files.register(serve, {
          root,
          prefix,
          index: false,
          decorateReply: index === 0,
          maxAge: '1h',
          cacheControl: true,
          dotfiles: 'ignore',
        })
      }
    })
  },
  { name: 'static-files' },
)
