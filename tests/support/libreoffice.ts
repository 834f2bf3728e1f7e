import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

/** bin/test names the one that it found; outside of it the one on PATH serves. */
const soffice = process.env.SOFFICE_PATH ?? 'soffice'

export const hasLibreOffice = soffice !== '' && spawnSync(soffice, ['--version']).status === 0
if (!hasLibreOffice) console.warn('SKIPPED: no LibreOffice, so nobody checked what it writes and opens.')

/** Without this LibreOffice believes the results that stand in the file. */
const recalculateAlways = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>`

/** Converts files into a folder by one start of LibreOffice with a profile of its own. */
export async function convert(
  folder: string,
  format: string,
  files: readonly string[],
  reading: readonly string[] = [],
): Promise<void> {
  const profile = join(folder, 'profile')
  mkdirSync(join(profile, 'user'), { recursive: true })
  writeFileSync(join(profile, 'user/registrymodifications.xcu'), recalculateAlways)
  // Files named after Chinese worksheets cannot be written in a bare C locale.
  const env = { ...process.env, LC_ALL: 'C.UTF-8', HOME: folder }
  const args = [
    `-env:UserInstallation=${pathToFileURL(profile)}`,
    '--headless',
    ...reading,
    '--convert-to',
    format,
    '--outdir',
    folder,
  ]
  await promisify(execFile)(soffice, [...args, ...files], { env, timeout: 60_000 })
}
