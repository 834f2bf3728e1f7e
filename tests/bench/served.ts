import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export type Served = {
  get(path: string): Promise<void>
  /** Sends the import form with this file and returns the sentence that refuses it; null when it was read. */
  upload(name: string, bytes: Buffer): Promise<string | null>
  /** Uploads a file, takes the guesses and commits all of it; returns its page in the moment when nothing is under way. */
  importAll(name: string, bytes: Buffer): Promise<string>
  /** Fails unless the import with this page has been committed. */
  expectCommitted(url: string): Promise<void>
  stop(): Promise<void>
}

const demo = fileURLToPath(new URL('../../server/demo.ts', import.meta.url))

/** The demonstration county in a process of its own, with a keeper signed in. */
export async function serveDemo(scratch: string): Promise<Served> {
  const data = join(scratch, 'served')
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const env = { PATH: dirname(process.execPath), PORT: String(port), HOST: '127.0.0.1', PANHUO_DATA: data }
  const child = spawn(process.execPath, [demo], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  for await (const line of createInterface(child.stdout)) if (line.includes('盘活已启动')) break
  child.stdout.resume()
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  try {
    const headers = { 'sec-fetch-site': 'same-origin', cookie: await signIn(origin, data) }
    const form = await (await fetch(`${origin}/imports/new`, { headers })).text()
    const unit = /<option value="([^"]+)"/.exec(form.slice(form.indexOf('name="unit"')))?.[1] ?? ''
    /** The batch's address, or the sentence of the form. */
    const send = async (name: string, bytes: Buffer): Promise<{ url: string } | { sentence: string }> => {
      const body = new FormData()
      const answers = { unit, track: 'collective', effectiveOn: '2026-01-01', token: crypto.randomUUID() }
      for (const [key, value] of Object.entries(answers)) body.append(key, value)
      body.append('file', new Blob([Uint8Array.from(bytes)]), name)
      const reply = await fetch(`${origin}/imports`, { method: 'POST', headers, body, redirect: 'manual' })
      const page = await reply.text()
      if (reply.status === 303) return { url: `${origin}${reply.headers.get('location')}` }
      const sentence = /id="error-file">([^<]*)</.exec(page)?.[1]
      if (!sentence || page.includes('id="error-unit"')) throw new Error(`${name} was answered with ${reply.status}`)
      return { sentence }
    }
    /** Sends a form of a page that was shown, with its version. */
    const submit = async ({ page }: Shown, url: string, answers: Record<string, string>) => {
      const version = /name="version" value="(\d+)"/.exec(page)?.[1] ?? ''
      const body = new URLSearchParams({ ...answers, version, token: crypto.randomUUID() })
      const reply = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
      if (reply.status !== 303) throw new Error(`${url} was answered with ${reply.status}`)
    }
    return {
      stop,
      async get(path) {
        const reply = await fetch(origin + path, { headers })
        await reply.arrayBuffer()
        if (reply.status !== 200) throw new Error(`${path} was answered with ${reply.status}`)
      },
      upload: async (name, bytes) => {
        const sent = await send(name, bytes)
        return 'url' in sent ? refusalOf(await settled(sent.url, headers)) : sent.sentence
      },
      importAll: async (name, bytes) => {
        const sent = await send(name, bytes)
        if (!('url' in sent)) throw new Error(sent.sentence)
        const mapping = await settled(sent.url, headers)
        if (mapping.url.endsWith('/mapping')) await submit(mapping, mapping.url, {})
        const review = await settled(sent.url, headers)
        await submit(review, `${sent.url}/commit`, { action: 'all' })
        while ((await fetch(`${sent.url}/progress`, { headers, redirect: 'manual' })).status === 200) await pause(200)
        return sent.url
      },
      expectCommitted: async (url) => {
        const { page } = await settled(url, headers)
        if (!page.includes('已导入')) throw new Error(`${url} was not committed`)
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

type Shown = { url: string; page: string }

/** Where a batch leads once nothing is being done with it. */
async function settled(url: string, headers: Record<string, string>): Promise<Shown> {
  for (;;) {
    const reply = await fetch(url, { headers })
    const page = await reply.text()
    if (!page.includes('class="app-progress"')) return { url: reply.url, page }
    await pause(200)
  }
}

/** The sentence that refuses a file, or null. */
function refusalOf({ page }: Shown): string | null {
  return page.includes('未读成') ? (/aria-label="办理进度">[\s\S]*?<p>([^<]*)</.exec(page)?.[1] ?? null) : null
}

/** The cookie of the first account that may import. */
async function signIn(origin: string, data: string): Promise<string> {
  const accounts = await readFile(join(data, 'demo-accounts.txt'), 'utf8')
  for (const line of accounts.split('\n')) {
    const [account = '', password = ''] = line.trim().split(/\s+/).slice(-2)
    const reply = await fetch(`${origin}/sign-in`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ account, password }),
      redirect: 'manual',
    })
    const cookie = reply.headers.get('set-cookie')?.split(';')[0]
    if (reply.status !== 303 || !cookie) continue
    const page = await fetch(`${origin}/imports/new`, { headers: { cookie }, redirect: 'manual' })
    if (page.status === 200 && /name="unit"/.test(await page.text())) return cookie
  }
  throw new Error('no demonstration account may import')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

const pages = ['/assets', '/health'] as const
type Waits = Record<(typeof pages)[number], number[]>

/** Milliseconds until each page was there, one after the other with a breath between. */
export async function waits(server: Served, times: number, goOn = () => true): Promise<Waits> {
  const found: Waits = { '/assets': [], '/health': [] }
  for (let at = 0; at < times && goOn(); at++) {
    for (const page of pages) {
      const began = performance.now()
      await server.get(page)
      found[page].push(performance.now() - began)
    }
    await new Promise((done) => setTimeout(done, 10))
  }
  return found
}

export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
}
