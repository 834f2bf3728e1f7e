import { rm } from 'node:fs/promises'
import { allKeys } from '../access/actor-for.ts'
import { asSystem } from '../access/system.ts'
import type { Config } from '../config.ts'
import { fileStoreOf } from '../file-store.ts'
import { systemClock } from '../kernel/clock.ts'
import { graceDays, sweepFiles, sweepRows } from '../records/sweep.ts'
import { readArguments } from './arguments.ts'
import { say, withCounty } from './command.ts'

/** Undoes a dry run. */
class OnlyLooked extends Error {}

/** Clears away what nothing needs any more and prints what that was. */
export async function run(args: readonly string[], config: Config): Promise<undefined> {
  const { flags } = readArguments(args, [], { 'dry-run': 'flag' })
  const dry = flags['dry-run'] ?? false
  const done = dry ? '将清除' : '已清除'
  const store = fileStoreOf(config)
  try {
    await withCounty(config, async (county) => {
      const swept = county.transaction({ timeout: 600_000 }, async (tx) => {
        const { papers, submissions } = await sweepRows(tx, asSystem(systemClock, await allKeys(tx)))
        for (const title of papers) say(`${done}保管期满的材料：${title}`)
        say(`${done}过期的表单记录 ${submissions} 条`)
        if (dry) throw new OnlyLooked()
      })
      await swept.catch((error) => {
        if (!(error instanceof OnlyLooked)) throw error
      })
      let files = 0
      for await (const sha256 of sweepFiles(county, store, asSystem(systemClock), dry)) {
        say(`${done}文件 ${sha256}`)
        files += 1
      }
      const temporaries = await store.staleTemporaries(new Date(Date.now() - 86_400_000))
      for (const path of dry ? [] : temporaries) await rm(path, { force: true })
      say(`${done}超过 ${graceDays} 天没有登记的文件 ${files} 个，遗留的临时文件 ${temporaries.length} 个`)
    })
  } finally {
    await store.close()
  }
}
