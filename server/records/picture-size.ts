export type PictureSize = { width: number; height: number }

/** Pixels as a picture's own header gives them, before anything is decoded; undefined when there is no such header. */
export function pictureSize(kind: string, bytes: Buffer): PictureSize | undefined {
  try {
    if (kind === 'png') return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    if (kind === 'webp') return webp(bytes)
    return kind === 'jpeg' ? jpeg(bytes) : undefined
  } catch (error) {
    // The header breaks off.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Segments up to the first start of frame: SOF0–SOF15 without the tables among them. */
function jpeg(bytes: Buffer): PictureSize | undefined {
  for (let at = 2; at < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes.readUInt8(at + 1)
    if (marker === 0xff) at += 1
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    } else at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

function webp(bytes: Buffer): PictureSize | undefined {
  const chunk = bytes.toString('latin1', 12, 16)
  if (chunk === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (chunk === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
  if (chunk !== 'VP8L') return undefined
  const packed = bytes.readUInt32LE(21)
  return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
}
