import { once } from 'node:events'
import { getPriority } from 'node:os'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
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
    await attempt('env', () => Object.keys(process.env).filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)))
  `
  expect((await run(code, [mine])).output.trim().split('\n')).toEqual([
    'mine mine',
    'other ERR_ACCESS_DENIED',
    'write ERR_ACCESS_DENIED',
    'spawn ERR_ACCESS_DENIED',
    'net ERR_ACCESS_DENIED',
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

test.runIf(process.platform === 'linux')('the server comes first at the processor', async () => {
  const child = confined([], ['--eval', 'setTimeout(() => {}, 60_000)'])
  const ended = once(child, 'exit')
  expect(getPriority(child.pid ?? 0)).toBe(10)
  child.kill('SIGKILL')
  await ended
})
