import { fromBufferPromise } from 'yauzl'
import type { ContentKind } from './content-kinds.ts'

/** What the bytes are; or why they are not taken, to be said after the file's name. */
export type Recognised = { kind: ContentKind } | { refused: string }

const notTaken = '请换成 PDF、照片（.jpg、.png）、Excel、Word 或 OFD 文件'

/** Decides by the bytes alone; a name proves nothing. */
export async function recognise(bytes: Buffer): Promise<Recognised> {
  const starts = (...signature: number[]) => signature.every((byte, index) => bytes[index] === byte)
  const text = (from: number, to: number) => bytes.toString('latin1', from, to)
  if (starts(0xff, 0xd8, 0xff)) return { kind: 'jpeg' }
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return { kind: 'png' }
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return { kind: 'webp' }
  if (text(0, 5) === '%PDF-') return pdf(bytes)
  if (starts(0x50, 0x4b, 0x03, 0x04)) return zip(bytes)
  if (starts(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) return compound(bytes)
  const found = others.find(({ is }) => is(bytes))
  return { refused: found?.refused ?? `不是能识别的材料，${notTaken}` }
}

const others: readonly { is: (bytes: Buffer) => boolean; refused: string }[] = [
  { is: begins('MZ', '\x7fELF', '#!'), refused: `是程序，不能作为材料，${notTaken}` },
  { is: begins('GIF8'), refused: '是 GIF 动图，请另存为 .jpg 或 .png 再传' },
  { is: begins('BM', 'II*\0', 'MM\0*'), refused: '是 BMP 或 TIFF 图片，请另存为 .jpg 或 .pdf 再传' },
  { is: begins('Rar!', '7z\xbc\xaf', '\x1f\x8b', 'PK'), refused: '是压缩包，请解压后逐个上传' },
  {
    is: (bytes) => /^ftyp(hei|hev|mif|msf|avi)/.test(bytes.toString('latin1', 4, 12)),
    refused: '是 HEIC 照片，请在手机“设置—相机—格式”中选“兼容性最佳”后重拍，或转成 .jpg 再传',
  },
  { is: (bytes) => bytes.toString('latin1', 4, 8) === 'ftyp', refused: `是视频，${notTaken}` },
  {
    is: (bytes) =>
      /^(\ufeff|\s|\0)*</.test(bytes.toString('utf8', 0, 1024)) || bytes.subarray(0, 4096).includes('<html'),
    refused: `是网页或 XML 文件，不能作为材料，${notTaken}`,
  },
]

function begins(...signatures: string[]): (bytes: Buffer) => boolean {
  return (bytes) => signatures.some((signature) => bytes.toString('latin1', 0, signature.length) === signature)
}

/** A PDF ends with its mark; what scanners write after it is short. */
function pdf(bytes: Buffer): Recognised {
  return bytes.subarray(-65_536).includes('%%EOF')
    ? { kind: 'pdf' }
    : { refused: '不完整（PDF 没有结尾），请重新扫描或下载后再传' }
}

const mostEntries = 20_000

/** Office and OFD files are zip archives, known by the part that says what they hold. */
async function zip(bytes: Buffer): Promise<Recognised> {
  let names: Set<string>
  try {
    names = await entriesOf(bytes)
  } catch {
    return { refused: '打不开，可能没有传完整，请用 Office 或 WPS 重新保存后再传' }
  }
  if (names.has('OFD.xml')) return { kind: 'ofd' }
  if (!names.has('[Content_Types].xml')) return { refused: '是压缩包，请解压后逐个上传' }
  if ([...names].some((name) => /vbaproject\.bin$/i.test(name))) {
    return { refused: '带有宏，请另存为不带宏的 .xlsx 或 .docx 再传' }
  }
  if (names.has('xl/workbook.xml')) return { kind: 'xlsx' }
  if (names.has('word/document.xml')) return { kind: 'docx' }
  return { refused: `不是 Excel 或 Word 文件，${notTaken}` }
}

/** The names in the archive's directory; nothing is unpacked. */
async function entriesOf(bytes: Buffer): Promise<Set<string>> {
  const archive = await fromBufferPromise(bytes)
  if (archive.entryCount > mostEntries) throw new Error('too many entries')
  const names = new Set<string>()
  for await (const entry of archive.eachEntry()) names.add(entry.fileName)
  return names
}

const streamNamed = (name: string) => Buffer.from(`${name}\0`, 'utf16le')

/** Older Office and WPS files: a compound file with the stream that says what it is. */
function compound(bytes: Buffer): Recognised {
  const holds = (...names: string[]) => names.some((name) => bytes.includes(streamNamed(name)))
  if (holds('EncryptedPackage')) return { refused: '加了密码，请去掉密码另存后再传' }
  if (holds('Workbook', 'Book')) return { kind: 'xls' }
  if (holds('WordDocument')) return { kind: 'doc' }
  return { refused: `不是 Excel 或 Word 文件，${notTaken}` }
}
