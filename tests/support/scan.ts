import jsqr from 'jsqr'
import sharp from 'sharp'

/** What a phone reads from each code of a page as the server draws it, and what stands beside the codes. */
export function scannedPage(html: string): { address: string; text: string }[] {
  const labels = html.matchAll(/<svg[^>]* viewBox="0 0 (\d+) \1"[^>]*><path d="([^"]*)"\/><\/svg>\s*([\s\S]*?)<\/li>/g)
  return [...labels].map(([, size = '', path = '', beside = '']) => ({
    address: read(drawn(path, Number(size)), Number(size) * side),
    text: beside
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  }))
}

/** What a phone reads from a picture of a screen. */
export async function scannedPicture(png: Uint8Array): Promise<string> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return read(new Uint8ClampedArray(data), info.width)
}

/** Pixels to a module. */
const side = 4

/** The rectangles of a path, black on white, with the white around them that scanners want. */
function drawn(path: string, size: number): Uint8ClampedArray {
  const width = size * side
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  const rectangles = [...path.matchAll(/M(\d+) (\d+)H(\d+)v1H\1z/g)]
  if (rectangles.map(([text]) => text).join('') !== path) throw new Error(`not only rectangles: ${path.slice(0, 200)}`)
  for (const [text, from, row, to] of rectangles) {
    const near = Math.min(Number(from), Number(row), size - Number(to), size - 1 - Number(row))
    if (near < 4) throw new Error(`too near to the edge: ${text}`)
    for (let y = Number(row) * side; y < (Number(row) + 1) * side; y++) {
      for (let x = Number(from) * side; x < Number(to) * side; x++)
        pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
    }
  }
  return pixels
}

function read(pixels: Uint8ClampedArray, width: number): string {
  // Many a phone reads no code of light on dark.
  const found = jsqr.default(pixels, width, pixels.length / 4 / width, { inversionAttempts: 'dontInvert' })
  if (!found) throw new Error('no code can be read')
  return found.data
}
