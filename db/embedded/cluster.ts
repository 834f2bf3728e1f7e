import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Account, Home } from './account.ts'
import type { Binaries } from './binaries.ts'

/** `password` opens the application's account, `rootPassword` the superuser's. */
export type Access = { lastPort: number; password: string; rootPassword: string }

export type ClusterOptions = {
  cluster: string
  binaries: Binaries
  home: Home
  durable: boolean
  log: (line: string) => void
}

/**
 * Makes the cluster unless it is there. It is built beside its place and renamed, so an interrupted start leaves no half
 * cluster and of two commands that start at once one simply wins.
 */
export function createCluster({ cluster, binaries, home, durable, log }: ClusterOptions): void {
  if (existsSync(cluster)) {
    checkVersion(cluster, binaries)
    return
  }
  log('正在建立数据库…')

  const half = join(home.folder, `new-${process.pid}-${randomBytes(4).toString('hex')}`)
  const access: Access = { lastPort: 0, password: secret(), rootPassword: secret() }
  const passwordFile = `${half}.password`
  try {
    mkdirSync(half, { mode: 0o700 })
    writePrivate(passwordFile, access.rootPassword, home.account)
    give(half, home.account)
    const args = ['-D', half, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-instructions']
    const result = spawnSync(binaries.initdb, [...args, ...locale(), ...(durable ? [] : ['--no-sync'])], {
      ...home.account,
      cwd: '/',
      env: serverEnvironment(),
      encoding: 'utf8',
    })
    if (result.status !== 0) {
      throw new Error(`数据库未能建立：${result.stderr.trim() || result.error?.message || `initdb ${result.signal}`}`)
    }
    writeAccess(half, access, home.account)
    renameSync(half, cluster)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    // Another command was faster; its cluster is as good.
    if (!existsSync(join(cluster, 'PG_VERSION'))) throw error
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

export function readAccess(cluster: string): Access {
  return JSON.parse(readFileSync(join(cluster, 'access.json'), 'utf8'))
}

export function writeAccess(cluster: string, access: Access, account: Account): void {
  const path = join(cluster, 'access.json')
  writePrivate(`${path}.new`, JSON.stringify(access), account)
  renameSync(`${path}.new`, path)
}

/** Nothing of ours gets through: a PGDATA or PGPORT meant for another server would lead this one astray. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: characters }
}

// The trigram index calls letters what the C library calls letters: under LC_CTYPE=C Chinese has none and search is dead.
// macOS has no C.UTF-8 in older versions.
const characters = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'

function locale(): string[] {
  return [
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--locale=${characters}`,
    '--lc-messages=C',
  ]
}

function checkVersion(cluster: string, binaries: Binaries): void {
  let found: string
  try {
    found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  } catch {
    throw new Error(`当前用户无法读取数据库目录 ${cluster}：请用建立它的用户（或 root）运行，或另设数据目录。`)
  }
  const ours = binaries.version.split('.')[0]
  if (found !== ours) {
    throw new Error(
      `数据库目录 ${cluster} 由 PostgreSQL ${found} 建立，本版本使用 PostgreSQL ${ours}：请先用原版本备份，再恢复到新的数据目录。`,
    )
  }
}

function secret(): string {
  return randomBytes(24).toString('hex')
}

function writePrivate(path: string, text: string, account: Account): void {
  rmSync(path, { force: true })
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  give(path, account)
}

function give(path: string, account: Account): void {
  if (account.uid !== undefined) chownSync(path, account.uid, account.gid)
}
