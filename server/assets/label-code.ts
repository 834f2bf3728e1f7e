import { encodeQR } from 'qr'

/** A drawing in a square of so many modules a side, the quiet zone around it included. */
export type Drawing = { size: number; path: string }

/** Scanners want so many white modules around a code. */
const quiet = 4

/**
 * An address as a QR code, drawn as one filled path: a row's neighbouring dark modules are one rectangle. A quarter of it
 * may be scratched off before it stops being readable.
 */
export function labelCode(address: string): Drawing {
  const rows = encodeQR(address, 'raw', { ecc: 'quartile', border: quiet })
  const path = rows.flatMap((row, y) => runsOf(row).map(([from, to]) => `M${from} ${y}H${to}v1H${from}z`))
  return { size: rows.length, path: path.join('') }
}

/** Where dark modules begin and end in a row. */
function runsOf(row: readonly boolean[]): [from: number, to: number][] {
  const runs: [number, number][] = []
  for (const [x, dark] of row.entries()) {
    if (!dark) continue
    const last = runs.at(-1)
    if (last?.[1] === x) last[1] = x + 1
    else runs.push([x, x + 1])
  }
  return runs
}
