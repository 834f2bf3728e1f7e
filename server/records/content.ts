import { readFile } from 'node:fs/promises'
import { RuleBroken } from '../kernel/errors.ts'
import { type ContentKind, contentKinds, extensionOf, namingProblem, pictures, safeName } from './content-kinds.ts'
import type { Looks, Received } from './files.ts'
import { pictureSize } from './picture-size.ts'
import { recognise } from './recognise.ts'

export const paperLimit = 30 * 1024 * 1024
export const photoLimit = 15 * 1024 * 1024
/** More than any phone or office scanner makes; decoded, each pixel takes four bytes. */
const mostPixels = 50_000_000
/** The longer side, in pixels; twice what the page shows. */
const thumbnailSide = 320

export type Looked = { kind: ContentKind; name: string; looks: Looks; thumbnail: Uint8Array | null }

let before: Promise<unknown> = Promise.resolve()

/**
 * Looks at bytes that wait: what they are, whether their name says so, and for pictures whether they can be shown.
 * One file at a time, because a picture takes a hundred times its size while it is decoded.
 */
export async function lookAt(received: Pick<Received, 'path' | 'size'>, fileName: string): Promise<Looked> {
  const turn = before.then(() => look(received, safeName(fileName)))
  before = turn.catch(() => undefined)
  return turn
}

export function tooLarge(fileName: string, photo: boolean): RuleBroken {
  const limit = (photo ? photoLimit : paperLimit) / 1024 / 1024
  const cure = photo ? '请缩小后再传' : '请压缩或分成几份再传'
  return refusal(`${photo ? '照片' : '文件'}“${safeName(fileName)}”超过 ${limit} MB，${cure}。`)
}

async function look({ path, size }: Pick<Received, 'path' | 'size'>, name: string): Promise<Looked> {
  if (size === 0) throw refusal(`文件“${name}”是空的（0 字节），请重新选择文件。`)
  const bytes = await readFile(path)
  const found = await recognise(bytes)
  if ('refused' in found) throw refusal(`文件“${name}”${found.refused}。`)
  const { kind } = found
  const misnamed = namingProblem(name, kind)
  if (misnamed) throw refusal(misnamed)
  const { extensions, type } = contentKinds[kind]
  const whole = extensionOf(name) === '' ? `${name.replace(/\.$/, '')}.${extensions[0]}` : name
  if (!pictures.includes(kind)) {
    return { kind, name: whole, looks: { contentType: type, width: null, height: null }, thumbnail: null }
  }
  const { thumbnail, width, height } = await shrink(kind, bytes, whole)
  return { kind, name: whole, looks: { contentType: type, width, height }, thumbnail }
}

/** The size is read from the header before anything is decoded: a small file can claim to be a huge picture. */
async function shrink(kind: ContentKind, bytes: Buffer, name: string) {
  const broken = `照片“${name}”不完整或已损坏，请重新拍摄或重新导出后再传。`
  const size = pictureSize(kind, bytes)
  if (!size || size.width === 0 || size.height === 0) throw refusal(broken)
  if (size.width * size.height > mostPixels) {
    throw refusal(`照片 ${size.width}×${size.height} 太大，请用手机相机正常拍摄或缩小后再传。`)
  }
  const { default: sharp } = await import('sharp')
  try {
    const picture = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error' })
    const { autoOrient } = await picture.metadata()
    const thumbnail = await picture
      .autoOrient()
      .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 72 })
      .timeout({ seconds: 20 })
      .toBuffer()
    return { thumbnail, width: autoOrient.width, height: autoOrient.height }
  } catch {
    throw refusal(broken)
  }
}

function refusal(text: string): RuleBroken {
  return new RuleBroken([{ field: 'file', text }])
}
