import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { confined } from '../../imports/reading/confined.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { table, textFile } from './workbooks.ts'

async function run(code: string, files: string[] = []) {
  const child = confined(files, ['--input-type=module', '--eval', code])
  const ended = once(child, 'exit')
  const output = child.stdout ? await text(child.stdout) : ''
  const [status, signal] = await ended
  return { output, status, signal }
}

test('the reader reads its file and this code, and can do nothing else', async () => {
  const mine = textFile('mine.csv', 'mine')
  const other = textFile('other.csv', 'other')
  const code = `
    import fs from 'node:fs'
    import net from 'node:net'
    import { spawnSync } from 'node:child_process'
    const attempt = async (name, act) => {
      try { console.log(name, String(await act())) } catch (error) { console.log(name, error.code) }
    }
    await attempt('mine', () => fs.readFileSync(${JSON.stringify(mine)}))
    await attempt('other', () => fs.readFileSync(${JSON.stringify(other)}))
    await attempt('write', () => fs.writeFileSync(${JSON.stringify(mine)}, ''))
    await attempt('spawn', () => spawnSync('id'))
    await attempt('net', () => new Promise((done, fail) => net.connect(1, '127.0.0.1').on('connect', done).on('error', fail)))
    for (const file of ['/etc/passwd', '/proc/self/environ', '/proc/self/maps', '/proc/' + process.ppid + '/environ'])
      await attempt(file.replace(/\\d+/, 'ppid'), () => fs.readFileSync(file))
    await attempt('link', () => fs.symlinkSync('/etc/passwd', ${JSON.stringify(`${mine}.link`)}))
    await attempt('socket', () => new Promise((done, fail) => net.connect('/tmp/none').on('connect', done).on('error', fail)))
    const { createSocket } = await import('node:dgram')
    await attempt('datagram', () => new Promise((done, fail) =>
      createSocket('udp4').on('error', fail).send('x', 9, '127.0.0.1', (error) => (error ? fail(error) : done()))))
    await attempt('thread', async () => new (await import('node:worker_threads')).Worker('1', { eval: true }))
    await attempt('database', async () => new (await import('node:sqlite')).DatabaseSync(${JSON.stringify(`${mine}.db`)}))
    await attempt('report', () => process.report.writeReport(${JSON.stringify(`${mine}.json`)}))
    await attempt('heap', async () => (await import('node:v8')).writeHeapSnapshot(${JSON.stringify(`${mine}.heap`)}))
    await attempt('env', () => Object.keys(process.env).filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)))
  `
  expect((await run(code, [mine])).output.trim().split('\n')).toEqual([
    'mine mine',
    'other ERR_ACCESS_DENIED',
    'write ERR_ACCESS_DENIED',
    'spawn ERR_ACCESS_DENIED',
    'net ERR_ACCESS_DENIED',
    '/etc/passwd ERR_ACCESS_DENIED',
    '/proc/self/environ ERR_ACCESS_DENIED',
    '/proc/self/maps ERR_ACCESS_DENIED',
    '/proc/ppid/environ ERR_ACCESS_DENIED',
    'link ERR_ACCESS_DENIED',
    'socket ERR_ACCESS_DENIED',
    'datagram ERR_ACCESS_DENIED',
    'thread ERR_ACCESS_DENIED',
    'database ERR_UNKNOWN_BUILTIN_MODULE',
    'report ERR_ACCESS_DENIED',
    'heap ERR_ACCESS_DENIED',
    'env',
  ])
})

test('it ends when it takes more memory than it may', async () => {
  const { output, status, signal } = await run(
    'const all = []; for (;;) all.push(Array.from({ length: 1e5 }, (_, at) => ({ at }))); console.log("alive")',
  )
  expect(output).not.toContain('alive')
  expect(status === 0 && signal === null).toBe(false)
})

test('a file that takes too long is refused', async () => {
  const path = await table([
    ['资产名称', '原值'],
    ['村部', 1],
  ])
  const reading = Array.fromAsync(readWorkbook(path, { seconds: 0.001 }))
  await expect(reading).rejects.toThrow('时间限制')
})

/** The program that ties a process to the one that starts it; without it, the next word that is written ends the reader. */
const ties = process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0

test.runIf(ties)('a reader that writes nothing ends with the server, also where that is killed', async () => {
  const confinedAt = new URL('../../imports/reading/confined.ts', import.meta.url)
  const code = `import { confined } from ${JSON.stringify(confinedAt)}
    const child = confined([], ['--eval', 'console.log(1); for (;;);'])
    child.stdout.once('data', () => console.log(child.pid))`
  const server = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [told] = await once(server.stdout, 'data')
  const reader = Number(told)
  onTestFinished(() => {
    if (runs(reader)) process.kill(reader, 'SIGKILL')
  })
  expect(runs(reader)).toBe(true)
  server.kill('SIGKILL')
  await once(server, 'exit')
  for (const until = Date.now() + 3000; runs(reader) && Date.now() < until; ) await pause(20)
  expect(runs(reader)).toBe(false)
})

/** Whether a process runs; one that ended and waits to be counted does not. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test.runIf(process.platform === 'linux')('the server comes first at the processor', async () => {
  const child = confined([], ['--eval', 'setTimeout(() => {}, 60_000)'])
  const ended = once(child, 'exit')
  expect(getPriority(child.pid ?? 0)).toBe(10)
  child.kill('SIGKILL')
  await ended
})
