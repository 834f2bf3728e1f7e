/** How far long work is. */
export type Progress = {
  /** Chinese, as in 正在读取. */
  phase: string
  /** Rows done in this phase, and of how many where that is known. */
  rows: number
  of: number | null
  /** Of the file in the phase of reading, 0 to 1, where it is known better than by rows. */
  share?: number
}

/** Whoever waits for long work, on a page or at a terminal, and may give it up. */
export type Watch = {
  /** Calls may be frequent. */
  progress(state: Progress): void
  /** Aborted when the work is to stop; what it has written goes with its transaction. */
  signal: AbortSignal
}

/** For who does not look. */
export const unwatched: Watch = { progress: () => undefined, signal: new AbortController().signal }
