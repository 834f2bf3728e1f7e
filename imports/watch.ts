/** How far long work is, and whether somebody gave it up: for whoever waits on a page or at a terminal. */
export type Watch = {
  /** Chinese phase, rows done of how many, share of the whole from 0 to 1; calls may be frequent. */
  progress(state: { phase: string; rows: number; of: number | null; share: number }): void
  /** Aborted when the work is to stop; what it has written goes with its transaction. */
  signal: AbortSignal
}

/** For who does not look. */
export const unwatched: Watch = { progress: () => undefined, signal: new AbortController().signal }

/** Tells how many rows have passed, and stops between two of them. */
export async function* watched<Row>(
  rows: AsyncIterable<Row>,
  watch: Watch,
  told: { phase: string; share: number },
): AsyncGenerator<Row> {
  let count = 0
  for await (const row of rows) {
    watch.signal.throwIfAborted()
    watch.progress({ ...told, rows: ++count, of: null })
    yield row
  }
}
