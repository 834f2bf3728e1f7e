import { join } from 'node:path'
import { chooseHome } from './embedded/account.ts'
import { locateBinaries } from './embedded/binaries.ts'
import { createCluster, readAccess } from './embedded/cluster.ts'
import { askToStop, findRunning, launch, stopRunning } from './embedded/postmaster.ts'
import { prepareDatabase } from './embedded/prepare.ts'
import { onExit, useServer } from './embedded/sharing.ts'

export type EmbeddedOptions = {
  /** Folder of everything Panhuo keeps; the server lives in its `database` folder. */
  dataDir: string
  log: (line: string) => void
  /** False for tests only: a power cut may lose or damage the data. */
  durable?: boolean
}

export type EmbeddedServer = {
  url: string
  /** Lets go of the server; the last one to do so shuts it down. */
  stop: () => Promise<void>
  /** The server was running already, for another command or left behind by one that was killed. */
  reused: boolean
}

/**
 * A private PostgreSQL below the data directory, shared by all commands on the same directory.
 *
 * It listens on 127.0.0.1 with SCRAM and generated passwords, kept 0600 in the cluster's own 0700 folder. A Unix socket
 * would need no password, but its path has a limit of about 100 bytes that a deep project folder exceeds, and the server
 * often runs under another account than we do.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log, durable = true } = options
  const home = chooseHome(options.dataDir)
  const cluster = join(home.folder, 'cluster')
  const binaries = locateBinaries(home, log)

  const open = async () => {
    const found = await findRunning(cluster)
    const { port, ours } = found ? { ...found, ours: false } : await launch({ cluster, binaries, home, durable, log })
    await prepareDatabase(readAccess(cluster), port)
    return { port, reused: !ours }
  }

  const use = useServer(home)
  try {
    createCluster({ cluster, binaries, home, durable, log })
    // Its last user may have been about to stop the server we found: then a second look finds none and starts it.
    const { port, reused } = await open().catch(open)
    const { password } = readAccess(cluster)
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped ??= leave()
      return stopped
    }
    const leave = async () => {
      forget()
      if (use.release() === 0) await stopRunning(cluster)
    }
    const forget = onExit(stop, () => {
      if (use.release() === 0) askToStop(cluster)
    })
    return { url: `postgres://panhuo:${password}@127.0.0.1:${port}/panhuo`, stop, reused }
  } catch (error) {
    if (use.release() === 0) await stopRunning(cluster)
    throw error
  }
}
