import type { Cells } from '../../../imports/reading/events.ts'

/** A file somebody could send to make the reader stall, swell or reach out, and how reading it has to end. */
export type Attack = {
  name: string
  /** Name of the file; its ending is what a clerk would see. */
  file: string
  make(): Buffer | Promise<Buffer>
  ends: Refused | Reads | Either
}

/** Refused with a sentence that says this. */
export type Refused = { refused: RegExp }

/** Read right: this many filled rows in all, and these cells among them. */
export type Reads = { rows: number; cells?: Record<number, Cells> }

export const damaged = /文件已损坏.*另存为 \.xlsx/
export const tooLarge = /过大|超出.*请/
export const either = /文件已损坏.*另存为 \.xlsx|过大.*请|超出.*请/

/** Where a library reads: refused with a sentence or read, as long as it ends. */
export type Either = { either: true }
