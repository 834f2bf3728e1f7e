import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { limits } from './limits.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const code = [join(root, 'imports'), join(root, 'package.json'), join(root, 'node_modules')]

/**
 * Starts Node with an empty environment, little memory and no rights but to read the named files and this code: it
 * writes no file, starts no process and reaches no network, and the server comes first at the processor. The shell lowers
 * what the system lets it take; where the system cannot, Node's own limits remain.
 */
export function confined(files: readonly string[], args: readonly string[]): ChildProcess {
  const ulimits = `ulimit -f 0; ulimit -d ${limits.dataKilobytes} 2>/dev/null; ulimit -t ${limits.cpuSeconds} 2>/dev/null`
  // Linux ends it in the moment this process is gone, however that went, even where it writes nothing.
  const together = 'setpriv --pdeathsig KILL true 2>/dev/null && exec setpriv --pdeathsig KILL -- "$@"'
  const readable = [...files, ...code, realpathSync(join(root, 'node_modules'))]
  const node = [
    '--permission',
    // The database that Node brings along asks for no rights to write its files.
    '--no-experimental-sqlite',
    ...readable.map((place) => `--allow-fs-read=${place}`),
    `--max-old-space-size=${limits.heapMegabytes}`,
    // Rows live short: a small nursery holds them, a large one is memory that never comes back.
    '--max-semi-space-size=4',
    '--no-warnings',
  ]
  const child = spawn(
    '/bin/sh',
    ['-c', `${ulimits}; ${together}; exec "$@"`, 'sh', process.execPath, ...node, ...args],
    {
      env: {},
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  running.add(child)
  child.once('close', () => running.delete(child))
  yieldTo(child.pid)
  return child
}

const running = new Set<ChildProcess>()

/** Ends whatever is still being read in this process; who waits for it is told that it was not read. */
export function endReaders(): void {
  for (const child of running) child.kill('SIGKILL')
}

process.on('exit', endReaders)

/** Whoever waits for a page comes before whoever waits for a file. */
function yieldTo(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, 10)
  } catch {
    // It has ended already, or the system knows no priorities: reading goes on as it is.
  }
}
