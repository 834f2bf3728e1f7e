import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { against, type Figure, median, told } from './figure.ts'
import type { LargeRegister } from './large-register.ts'

const script = fileURLToPath(new URL('writers.ts', import.meta.url))

type Took = { seconds: number; megabytes: number }

/** The register of today as a workbook, from the first statement to the last byte, against the same rows by exceljs. */
export async function writing(
  { entry }: LargeRegister,
  name: string,
  cards: number,
  scratch: string,
  { turns, bound }: { turns: number; bound?: { least: number } | undefined },
): Promise<{ figures: Figure[]; peak: Figure }> {
  const write = async (writer: string): Promise<Took> => {
    const args = ['--no-warnings', script, writer, entry.dsn, entry.schema, join(scratch, `${writer}.xlsx`)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    return JSON.parse(stdout)
  }
  const own: Took[] = []
  const other: Took[] = []
  for (let turn = 0; turn < turns; turn++) {
    own.push(await write('panhuo'))
    other.push(await write('exceljs'))
  }
  const speed = (took: Took[]) => cards / median(took.map(({ seconds }) => seconds))
  const exceljs = told('register', `${name}, by exceljs' streaming writer`, speed(other), 'rows/s')
  const ours = told('register', `${name}, as a workbook`, speed(own), 'rows/s')
  const peak = Math.max(...own.map(({ megabytes }) => megabytes))
  return {
    figures: [exceljs, against(ours, exceljs, bound)],
    peak: told('register', `${name}, as a workbook, peak`, peak, 'MB'),
  }
}
