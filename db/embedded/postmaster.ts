import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type ClusterOptions, readAccess, serverEnvironment, writeAccess } from './cluster.ts'
import { answers } from './prepare.ts'

const patience = 60_000
const largestLog = 20_000_000

export type Running = { pid: number; port: number }

/** The running server, once it answers; removes the pid file of one that is long gone. */
export async function findRunning(cluster: string): Promise<Running | undefined> {
  const deadline = Date.now() + patience
  while (Date.now() < deadline) {
    const found = readPidFile(cluster)
    if (found === undefined) return undefined
    // A server that starts this very moment has made the file and not yet written its number into it.
    if (!found.pid && found.age < 5000) {
      await pause(20)
      continue
    }
    if (!isServer(found.pid, cluster)) {
      // PostgreSQL itself would hesitate when another process has got the number since.
      removeStale(cluster, found.pid)
      continue
    }
    if (found.ready && (await answers(readAccess(cluster), found.port, cluster))) return found
    await pause(50)
  }
  throw new Error(`数据库已在运行但没有应答：请查看 ${join(cluster, '../server.log')}。`)
}

/** Starts the server and waits until it answers; `ours` is false when another command was faster. */
export async function launch(options: ClusterOptions): Promise<Running & { ours: boolean }> {
  const { cluster, home } = options
  const access = readAccess(cluster)
  const began = Date.now()
  for (;;) {
    const { pid, exited } = spawnServer(options, await freePort(access.lastPort))
    await Promise.race([exited, untilReady(cluster)])
    const running = await findRunning(cluster)
    if (running) {
      const ours = running.pid === pid
      if (ours) writeAccess(cluster, { ...access, lastPort: running.port }, home.account)
      return { ...running, ours }
    }
    // Backends of a killed server hold its memory for a moment, and a port may be lost to somebody else.
    if (Date.now() - began > patience / 4) throw new Error(`数据库未能启动：${lastLines(home.folder)}`)
    await pause(300)
  }
}

/** Waits until the server is down. */
export async function stopRunning(cluster: string): Promise<void> {
  const pid = askToStop(cluster)
  if (pid === undefined) return
  const deadline = Date.now() + patience
  while (Date.now() < deadline && isServer(pid, cluster)) await pause(20)
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
export function askToStop(cluster: string): number | undefined {
  const pid = readPidFile(cluster)?.pid
  if (pid === undefined || !isServer(pid, cluster)) return undefined
  process.kill(pid, 'SIGINT')
  return pid
}

function spawnServer({ cluster, binaries, home, durable }: ClusterOptions, port: number) {
  const path = join(home.folder, 'server.log')
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=60',
    'shared_buffers=256MB',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(durable ? ['fsync=on'] : ['fsync=off', 'full_page_writes=off']),
  ]
  const log = openSync(path, sizeOf(path) > largestLog ? 'w' : 'a', 0o600)
  // Detached: Ctrl-C in the terminal is for us alone, we end the server after our own last query.
  const server = spawn(binaries.postgres, ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])], {
    ...home.account,
    cwd: '/',
    env: serverEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  server.unref()
  const exited = new Promise<void>((resolve) => {
    server.once('exit', () => resolve())
    server.once('error', () => resolve())
  })
  return { pid: server.pid, exited }
}

async function untilReady(cluster: string): Promise<void> {
  const deadline = Date.now() + patience
  while (Date.now() < deadline && !readPidFile(cluster)?.ready) await pause(20)
}

type PidFile = { pid: number; port: number; ready: boolean; age: number }

/** Lines of postmaster.pid: process, folder, start, port, socket folder, address, memory key, state. */
function readPidFile(cluster: string, name = 'postmaster.pid'): PidFile | undefined {
  const path = join(cluster, name)
  try {
    const lines = readFileSync(path, 'utf8').split('\n')
    const age = Date.now() - statSync(path).mtimeMs
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready', age }
  } catch {
    return undefined
  }
}

/**
 * Takes a dead server's file away. Another command may have done so meanwhile and started a server, whose file this
 * would then be: a server without its file shuts itself down, so what was taken is looked at and put back.
 */
function removeStale(cluster: string, pid: number): void {
  const name = `postmaster.pid.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    renameSync(join(cluster, 'postmaster.pid'), join(cluster, name))
  } catch {
    return
  }
  const taken = readPidFile(cluster, name)
  if (taken?.pid === pid && !isServer(pid, cluster)) rmSync(join(cluster, name), { force: true })
  else renameSync(join(cluster, name), join(cluster, 'postmaster.pid'))
}

/** Whether the process is the server of this very cluster, not one that has got its number since. */
function isServer(pid: number, cluster: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes(`-D ${cluster} `)
  } catch {
    return false
  }
}

async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) || (await tryPort(0))
}

/** The port bound for a moment, 0 when it is taken. */
function tryPort(port: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(0))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      const bound = address !== null && typeof address === 'object' ? address.port : 0
      probe.close(() => resolve(bound))
    })
  })
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function lastLines(folder: string): string {
  return readFileSync(join(folder, 'server.log'), 'utf8').trimEnd().split('\n').slice(-5).join('\n')
}
