import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemplates } from '../../server/kernel/templates.ts'

export const viewsDir = join(import.meta.dirname, '../../views')
export const env = createTemplates(viewsDir)

/** Something a clerk could type or import that must never reach the page as markup. */
export const hostile = '<script>alert("1")</script>'

/** Renders one macro: `component('badge', 'appBadge', { text: '闲置' })`. */
export function component(folder: string, macro: string, params: object, caller?: string): string {
  const load = `{% from "components/${folder}/macro.njk" import ${macro} %}`
  const use =
    caller === undefined ? `{{ ${macro}(params) }}` : `{% call ${macro}(params) %}{{ caller_text }}{% endcall %}`
  return env.renderString(`${load}${use}`, { params, caller_text: caller ?? '' })
}

/** Attributes of the first tag whose opening matches, for example `tag(html, 'input', 'name="cost"')`. */
export function tag(html: string, name: string, having = ''): Record<string, string> {
  const found = [...html.matchAll(new RegExp(`<${name}((?:\\s+[\\w:.-]+(?:="[^"]*"|='[^']*')?)*)\\s*/?>`, 'g'))].find(
    ([whole]) => whole.includes(having),
  )
  if (found === undefined) throw new Error(`no <${name} … ${having}> in ${html}`)
  const pairs = [...(found[1] ?? '').matchAll(/([\w:.-]+)(?:="([^"]*)"|='([^']*)')?/g)]
  return Object.fromEntries(pairs.map(([, key = '', double, single]) => [key, double ?? single ?? '']))
}

/** Words only, blanks squeezed. */
export function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Every template and script of ours as { file, source }. */
export function sources(ending: string): { file: string; source: string }[] {
  return readdirSync(viewsDir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('static/vendor'))
    .map((file) => ({ file, source: readFileSync(join(viewsDir, file), 'utf8') }))
}
