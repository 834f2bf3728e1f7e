import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

/** Who runs the server: nothing for ourselves, an ordinary account when we are root, which PostgreSQL refuses. */
export type Account = { uid: number; gid: number } | Record<string, never>

export type Home = {
  /** Holds the cluster, its log and the list of those who use it. */
  folder: string
  account: Account
  /** Where a copy of the binaries goes when the installed ones are out of the account's reach. */
  shelf: string
}

const shared = '/var/lib/panhuo'

/**
 * Folder and account of the server. As root the owner of an existing cluster runs it; a new one goes to an ordinary
 * account, below /var/lib/panhuo when a closed parent folder keeps that account out of the data directory. A link in
 * the data directory then leads there.
 */
export function chooseHome(dataDir: string): Home {
  const own = resolve(dataDir)
  const entry = join(own, 'database')
  if (process.getuid?.() !== 0) {
    return { folder: ownFolder(entry), account: {}, shelf: own }
  }

  mkdirSync(own, { recursive: true })
  mkdirSync(shared, { recursive: true, mode: 0o755 })
  chmodSync(shared, 0o755)

  if (existsSync(entry)) {
    const folder = realpathSync(entry)
    const { uid, gid } = statSync(folder)
    const account = uid === 0 ? ordinaryAccount() : { uid, gid }
    if (uid === 0) chownSync(folder, account.uid, account.gid)
    if (!reaches(account, folder))
      throw new Error(`数据库目录 ${folder} 的上级目录不允许其所有者进入，请改用可进入的数据目录。`)
    return { folder, account, shelf: shared }
  }

  if (lstatSync(entry, { throwIfNoEntry: false })) {
    throw new Error(
      `数据库目录不见了：${entry} 指向 ${readlinkSync(entry)}。请恢复该目录；若要从空库开始，请先删除这个链接。`,
    )
  }
  const account = ordinaryAccount()
  if (!reaches(account, own)) chmodSync(own, 0o711)
  const open = reaches(account, own)
  const folder = open ? entry : join(shared, createHash('sha256').update(realpathSync(own)).digest('hex').slice(0, 16))
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o700)
  chownSync(folder, account.uid, account.gid)
  if (!open) symlinkSync(folder, entry)
  return { folder, account, shelf: shared }
}

function ownFolder(entry: string): string {
  try {
    mkdirSync(entry, { recursive: true, mode: 0o700 })
    accessSync(entry, constants.R_OK | constants.W_OK | constants.X_OK)
    return realpathSync(entry)
  } catch {
    throw new Error(`当前用户不能读写数据库目录 ${entry}：请用建立它的用户（或 root）运行，或另设数据目录。`)
  }
}

/** Asked of the kernel, so that access lists and mount options count as well. */
export function reaches(account: Account, path: string): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1" || { test -d "$1" && cd "$1"; }', 'sh', path], {
      ...account,
      cwd: '/',
      stdio: 'ignore',
    }).status === 0
  )
}

function ordinaryAccount(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    // macOS writes nobody as -2.
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }
  }
  throw new Error(
    '数据库不能以 root 身份运行，本机又没有 postgres 或 nobody 用户：请改用普通用户启动，或设置 DATABASE_URL。',
  )
}
