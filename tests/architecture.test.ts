import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../', import.meta.url).pathname
const files = globSync('{server,imports,db,bin}/**/*.ts', { cwd: root }).sort()
const textOf = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

/** Nouns that several stages use: they may be called by stages and never call one. */
const nouns = ['assets', 'contracts', 'claims', 'balances', 'records']
/** Where parts are put together or held against each other, and so the only files that may import from anywhere. */
const wiring = /^server\/([a-z-]+\.ts|(commands|verify)\/.*)$|^db\/seeds\/|^bin\//
/** What access shows to everybody: scope, units, divisions. How accounts and sessions work is its own affair. */
const shown = /^server\/access\/(scope|units|divisions|reach|enterable)\.ts$/
/** The kernel's pure files: no database in them, so workflows and rules may use what they compute. */
const pure = ['actor', 'clock', 'errors', 'money', 'partial-date', 'workflow'].map((name) => `server/kernel/${name}.ts`)
const kernel = /^server\/kernel\//
/** Dated settings, read wherever a rule leaves a number to the county. */
const settings = /^server\/settings\/(settings|definitions)\.ts$/
/** The official sheets, and the writer that any list is exported by. */
const sheets = /^imports\/(sheets|writing)\//

type Import = { from: string; to: string; typeOnly: boolean }

/** May a file import another one of ours? The first kind that fits the importing file decides. */
function allowed({ from, to, typeOnly }: Import): boolean {
  const own = folderOf(from) === folderOf(to)
  if (wiring.test(from)) return true
  if (from.startsWith('db/')) return to.startsWith('db/')
  if (from.startsWith('imports/')) return to.startsWith('imports/') || to.startsWith('db/')
  if (kernel.test(from)) return own || to.startsWith('db/')
  if (settings.test(to) && !/\/(workflow|rules)\.ts$/.test(from)) return true
  if (from.startsWith('server/plugins/')) return own || kernel.test(to) || to.startsWith('server/access/') || isDb(to)
  if (from.startsWith('server/access/'))
    return own || kernel.test(to) || isDb(to) || (to.startsWith('imports/') && handed(from))
  if (/\/(workflow|rules)\.ts$/.test(from)) return own || pure.includes(to) || (typeOnly && kernel.test(to))
  if (own || kernel.test(to) || isDb(to) || sheets.test(to)) return true
  if (to.startsWith('server/access/')) return /\/routes\.ts$/.test(from) || shown.test(to)
  if (to.startsWith('imports/')) return typeOnly || from.startsWith('server/imports/') || handed(from)
  if (from.startsWith('server/overview/')) return reads(to)
  return nouns.includes(folderOf(to)) && !nouns.includes(folderOf(from)) && !from.endsWith('/routes.ts')
}

/** What a row becomes is declared beside its noun, in files named for it; the engine gets them handed. */
function handed(file: string): boolean {
  return /\/import-[a-z-]+\.ts$/.test(file)
}

/** The reading side: queries of any stage, and of the nouns what is neither verb nor route. */
function reads(to: string): boolean {
  return /[/-]queries\.ts$/.test(to) || (nouns.includes(folderOf(to)) && !/\/(actions|routes)\.ts$/.test(to))
}

function isDb(to: string): boolean {
  return /^db\/(schema\/|client\.ts|prepared\.ts|sql\.ts)/.test(to)
}

/** `server/assets/list.ts` → `assets`, `db/client.ts` → `db`, a file of the server itself → ''. */
function folderOf(file: string): string {
  const [top = '', folder = ''] = file.split('/')
  if (top !== 'server') return top
  return folder.endsWith('.ts') ? '' : folder
}

function importsOf(file: string): Import[] {
  const text = textOf.get(file) ?? ''
  const lines = text.matchAll(/^(?:import|export)\s+(type\s+)?[^;'"]*?from '(\.[^']+)'|import\('(\.[^']+)'\)/gm)
  return [...lines].map(([, type, named, dynamic]) => ({
    from: file,
    to: join(dirname(file), named ?? dynamic ?? ''),
    typeOnly: type !== undefined,
  }))
}

describe('directions', () => {
  it('every import goes the way the layout says', () => {
    const wrong = files.flatMap(importsOf).filter((line) => !allowed(line))
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it.each([
    ['server/kernel/act.ts', 'server/assets/holds.ts', false],
    ['server/kernel/act.ts', 'db/client.ts', true],
    ['server/determinations/workflow.ts', 'server/determinations/queries.ts', true],
    ['server/determinations/workflow.ts', 'server/kernel/act.ts', false],
    ['server/determinations/workflow.ts', 'server/assets/holds.ts', false],
    ['server/assets/rules.ts', 'server/kernel/money.ts', true],
    ['server/assets/actions.ts', 'server/access/people-actions.ts', false],
    ['server/assets/actions.ts', 'server/determinations/actions.ts', false],
    ['server/determinations/actions.ts', 'server/assets/actions.ts', true],
    ['server/determinations/routes.ts', 'server/assets/list.ts', false],
    ['server/determinations/actions.ts', 'server/transfers/actions.ts', false],
    ['server/overview/queries.ts', 'server/determinations/queries.ts', true],
    ['server/overview/queries.ts', 'server/determinations/actions.ts', false],
    ['server/overview/queries.ts', 'server/assets/actions.ts', false],
    ['server/assets/fields.ts', 'imports/sheets/card-fields.ts', true],
    ['server/assets/export.ts', 'imports/writing/write.ts', true],
    ['server/assets/actions.ts', 'imports/interpreting/interpret.ts', false],
    ['imports/target.ts', 'server/assets/card.ts', false],
    ['server/plugins/session.ts', 'server/access/actor.ts', true],
    ['server/plugins/session.ts', 'server/assets/list.ts', false],
    ['server/app.ts', 'server/transfers/routes.ts', true],
    ['server/access/sign-in.ts', 'server/settings/settings.ts', true],
    ['server/access/import-target.ts', 'imports/staging.ts', true],
    ['server/access/sign-in.ts', 'imports/staging.ts', false],
    ['server/kernel/act.ts', 'server/settings/settings.ts', false],
    ['server/assets/rules.ts', 'server/settings/settings.ts', false],
  ])('%s → %s: %s', (from, to, may) => {
    expect(allowed({ from, to, typeOnly: false })).toBe(may)
  })

  it('reads import lines of every shape', () => {
    expect(importsOf('server/kernel/act.ts').map(({ to }) => to)).toContain('db/client.ts')
    expect(importsOf('server/assets/routes.ts').find(({ to }) => to === 'server/assets/ports.ts')?.typeOnly).toBe(true)
    expect(importsOf('server/determinations/routes.ts').map(({ to }) => to)).toContain('server/determinations/forms.ts')
  })
})

describe('shape', () => {
  /** A file past 250 lines is split along its meaning. These are lists with one entry after another. */

  it('no file is longer than 250 lines', () => {
    const lengths = files.map((file) => ({ file, lines: (textOf.get(file) ?? '').split('\n').length - 1 }))
    expect(lengths.filter(({ lines }) => lines > 250)).toEqual([])
  })

  it('file names are lower-case words with dashes', () => {
    const named = globSync('{server,imports,db,tests,views,docs}/**/*.*', { cwd: root }).map((file) => file.split('/'))
    const wrong = named.filter(([top, ...rest]) => {
      const name = rest.at(-1) ?? ''
      if (top === 'db' && rest[0] === 'migrations') return false
      return name !== 'README.md' && !/^_?[a-z0-9]+([.-][a-z0-9]+)*$/.test(name)
    })
    expect(wrong.map((parts) => parts.join('/'))).toEqual([])
  })

  it('only the configuration reads the environment', () => {
    const readers = files.filter((file) => /process\.env\b/.test(textOf.get(file) ?? ''))
    expect(readers.filter((file) => !/^server\/config\.ts$|^bin\//.test(file))).toEqual([])
  })
})

describe('SQL', () => {
  /** Outside db/, in words of the program alone; whoever adds a line has looked that nothing sent gets there. */
  const computed: Record<string, readonly string[]> = {
    'server/kernel/paging.ts': ['order.type'],
    'server/kernel/cursor.ts': ['name', 'String(portion'],
    'server/assets/sheet-rows.ts': [
      'key',
      '`c.{columnName(key',
      'key',
      "`left(c.{column}::text, case c.{precision} when 'year' then 4 when 'month' then 7 else 10 end",
    ],
  }

  it('raw SQL is a literal outside db/', () => {
    const raw: Record<string, string[]> = {}
    for (const file of files.filter((file) => !file.startsWith('db/'))) {
      for (const [, found = ''] of (textOf.get(file) ?? '').matchAll(
        /(?:\.raw|\.unsafe|sql\.identifier)\(\s*([^)]*)\)/g,
      )) {
        if (/^('[^']*'|"[^"]*"|`[^`$]*`)$/.test(found.trim())) continue
        raw[file] = [...(raw[file] ?? []), found.trim().replaceAll('$', '')]
      }
    }
    expect(raw).toEqual(computed)
  })

  it('sorts no index descending: declared so, its nulls come last and no list is read off it', () => {
    expect(files.filter((file) => file.startsWith('db/schema/') && textOf.get(file)?.includes('.desc()'))).toEqual([])
  })

  it('names no schema: a county’s tables are wherever its search path says', () => {
    const named = files
      .filter((file) => !/^db\/(migrate|embedded)/.test(file))
      .flatMap((file) =>
        [...(textOf.get(file) ?? '').matchAll(/\b(?:from|join|into|update|table)\s+"?(?:public|county_\w+)"?\./gi)].map(
          ([found]) => `${file}: ${found}`,
        ),
      )
    expect(named).toEqual([])
  })
})
