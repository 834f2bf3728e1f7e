import { accessSync, constants, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { type JobOptions, openTestApp, type TestApp } from './app.ts'
import type { Account } from './county.ts'

const chromiumPath = findChromium()

// One for all stories of a file.
let browser: Promise<Browser> | undefined
afterAll(async () => (await browser)?.close())

export const desk = { width: 1366, height: 768 }
export const phone = { width: 390, height: 844 }

export type Stage = {
  readonly javaScript: boolean
  readonly test: TestApp
  /** A browser window of its own, as another person at another computer has; closed after the test. */
  open(options?: BrowserContextOptions): Promise<Page>
  /** The same, with somebody already signed in, on the workbench. */
  signedIn(account: Account, options?: BrowserContextOptions): Promise<Page>
}

/**
 * A story told twice, with JavaScript and without, each time on a county and a server of its own.
 * A test fails by itself when a page of it logs an error, breaks the content security policy or gets a failure from the server.
 */
export function journey(name: string, tell: (stage: Stage) => void, jobs?: JobOptions): void {
  for (const javaScript of [true, false]) {
    withBrowser(`${name}, ${javaScript ? 'with' : 'without'} JavaScript`, { javaScript, ...(jobs && { jobs }) }, tell)
  }
}

/** One set of tests in a browser; skipped, loudly, where there is none. */
export function withBrowser(
  name: string,
  { javaScript, jobs }: { javaScript: boolean; jobs?: JobOptions },
  tell: (stage: Stage) => void,
): void {
  describe.skipIf(chromiumPath === null)(name, () => {
    let test: TestApp
    let origin: string
    const windows: { close: () => Promise<void> }[] = []
    const troubles: string[] = []

    beforeAll(async () => {
      test = await openTestApp(undefined, {}, jobs)
      origin = await test.listen()
    })
    afterEach(async () => {
      for (const window of windows.splice(0)) await window.close()
      expect(troubles.splice(0)).toEqual([])
    })
    afterAll(() => test?.close())

    async function open(options: BrowserContextOptions = {}): Promise<Page> {
      browser ??= launch()
      const window = await (await browser).newContext({
        baseURL: origin,
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        viewport: desk,
        javaScriptEnabled: javaScript,
        ...options,
      })
      windows.push(window)
      window.setDefaultTimeout(10_000)
      const page = await window.newPage()
      watch(page, troubles)
      return page
    }

    tell({
      javaScript,
      get test() {
        return test
      },
      open,
      signedIn: async (account, options) => {
        const page = await open(options)
        const [name = '', value = ''] = (await test.sessionOf(account)).split('=')
        await page.context().addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Lax' }])
        await page.goto('/')
        return page
      },
    })
  })
}

/** Signs in as a person does, through the form. */
export async function signIn(page: Page, account: string, secret: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('账号').fill(account)
  await page.getByLabel('密码').fill(secret)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}

/** Waits until the page of this heading is there. */
export async function heading(page: Page, text: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: text }).waitFor()
}

/** Waits until the reader can see this text. */
export async function sees(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).filter({ visible: true }).first().waitFor()
}

/** Presses a button or follows a link by its words. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  const exact = typeof name === 'string'
  await page.getByRole('button', { name, exact }).or(page.getByRole('link', { name, exact })).first().click()
}

/** The address of a person's card or document, as the page's own address tells. */
export function lastPart(page: Page): string {
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** By how many pixels the page is wider than its window. */
export async function sidewaysBy(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** What axe finds against WCAG 2.1 A and AA, one line per place. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource())
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
    )
  })
}

let source: string | undefined
function axeSource(): string {
  source ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  return source
}

function launch(): Promise<Browser> {
  const root = process.getuid?.() === 0
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [
      '--headless',
      ...(root ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Refusals are part of the stories and the browser logs each; everything else it logs as an error is one. */
const refused = /status of (403|404|409|422) /

function watch(page: Page, troubles: string[]): void {
  const note = (what: string) => troubles.push(`${new URL(page.url()).pathname}: ${what}`)
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() === 'error' && !refused.test(text)) note(text)
    else if (/content security policy/i.test(text)) note(text)
  })
  page.on('pageerror', (error) => note(error.message))
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (response.status() >= 500 || (response.status() >= 400 && pathname.startsWith('/static/'))) {
      note(`${response.status()} for ${pathname}`)
    }
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // A page left early and a download taken over by the browser are no failures.
    if (why !== 'net::ERR_ABORTED') note(`${why} for ${request.url()}`)
  })
}

function findChromium(): string | null {
  const given = process.env.CHROMIUM_PATH
  for (const path of given ? [given] : ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']) {
    if (runs(path)) return path
  }
  if (process.env.CI === 'true') throw new Error('No Chromium for the journeys: set CHROMIUM_PATH.')
  process.stderr.write('No Chromium: THE BROWSER JOURNEYS ARE SKIPPED. Set CHROMIUM_PATH to run them.\n')
  return null
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
