import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Figure } from './figure.ts'

const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  reading: () => import('./reading.ts'),
  import: () => import('./import.ts'),
  register: () => import('./register.ts'),
  inventory: () => import('./inventory.ts'),
  attacks: () => import('./attacks.ts'),
}

const known = Object.keys(benches)
const given = process.argv.slice(2)
const flags = new Set(given.filter((word) => word.startsWith('--')))
const names = given.filter((word) => !word.startsWith('--'))
const strange = [...flags].filter((flag) => flag !== '--quick' && flag !== '--json')
const unknown = names.filter((name) => !known.includes(name))
if (strange.length > 0 || unknown.length > 0 || names.length > 1) {
  process.stderr.write(`用法：bin/bench [${known.join('|')}] [--quick] [--json]\n`)
  process.exit(2)
}

const scratch = mkdtempSync(join(tmpdir(), 'panhuo-bench-'))
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const figures: Figure[] = []
for (const name of names.length > 0 ? names : known) {
  const { bench } = (await benches[name]?.()) ?? {}
  if (bench) figures.push(...(await bench({ quick: flags.has('--quick'), scratch })))
}
if (flags.has('--json')) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
else for (const figure of figures) process.stdout.write(`${lineOf(figure)}\n`)
// Quick runs are too short for ratios to mean anything.
process.exitCode = !flags.has('--quick') && figures.some(({ holds }) => holds === false) ? 1 : 0

function lineOf({ bench, figure, value, unit, ratio, to, target, holds }: Figure): string {
  const mark = holds === null ? ' ' : holds ? '✓' : '✗'
  const amount = `${value >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toFixed(2))} ${unit}`
  const compared = ratio === null ? '' : `  ${ratio} × ${to}`
  return `${mark} ${bench.padEnd(9)} ${figure.padEnd(44)} ${amount.padStart(18)}${compared}${target === null ? '' : `  (${target})`}`
}
