import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookAt, tooLarge } from '../../server/records/content.ts'
import { safeName } from '../../server/records/content-kinds.ts'
import { pictureSize } from '../../server/records/picture-size.ts'
import { archive, claiming, compound, pdf, picture } from '../support/papers.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panhuo-content-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function look(name: string, bytes: Buffer) {
  const path = join(folder, crypto.randomUUID())
  await writeFile(path, bytes)
  return lookAt({ path, size: bytes.length }, name)
}

const office = (...names: string[]) => archive('[Content_Types].xml', ...names)
const text = (content: string) => Buffer.from(content)

describe('what is taken', () => {
  it.each([
    ['产权证.pdf', () => pdf(), 'application/pdf'],
    ['门头.jpg', () => picture(), 'image/jpeg'],
    ['门头.JPEG', () => picture(), 'image/jpeg'],
    ['平面图.png', () => picture({}, 'png'), 'image/png'],
    ['平面图.webp', () => picture({}, 'webp'), 'image/webp'],
    ['清册.xlsx', () => office('xl/workbook.xml'), /spreadsheetml/],
    ['清册.et', () => office('xl/workbook.xml'), /spreadsheetml/],
    ['纪要.docx', () => office('word/document.xml'), /wordprocessingml/],
    ['批复.ofd', () => archive('OFD.xml', 'Doc_0/Document.xml'), 'application/ofd'],
    ['台账.xls', () => compound('Workbook'), 'application/vnd.ms-excel'],
    ['台账.et', () => compound('Workbook'), 'application/vnd.ms-excel'],
    ['合同.doc', () => compound('WordDocument'), 'application/msword'],
    ['合同.wps', () => compound('WordDocument'), 'application/msword'],
  ] as const)('%s', async (name, bytes, type) => {
    const { name: kept, looks } = await look(name, await bytes())
    expect(kept).toBe(name)
    expect(looks.contentType).toMatch(type)
  })

  it('a picture gets a small one without metadata, the right way up', async () => {
    const tall = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#888' } })
      .withExif({ IFD0: { Copyright: '某人' } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const { looks, thumbnail } = await look('手机.jpg', tall)
    expect(looks).toEqual({ contentType: 'image/jpeg', width: 600, height: 900 })
    const small = await sharp(Buffer.from(thumbnail ?? [])).metadata()
    expect(small).toMatchObject({ format: 'webp', width: 213, height: 320 })
    expect([small.exif, small.orientation]).toEqual([undefined, undefined])
  })

  it('a small picture is not blown up', async () => {
    const { thumbnail } = await look('图标.png', await picture({ width: 20, height: 10 }, 'png'))
    expect(await sharp(Buffer.from(thumbnail ?? [])).metadata()).toMatchObject({ width: 20, height: 10 })
  })

  it('a name without an extension gets the one of its bytes', async () => {
    expect((await look('image', await picture())).name).toBe('image.jpg')
  })

  it('an archive behind a picture is only a picture', async () => {
    const both = Buffer.concat([await picture(), archive('a.exe')])
    expect((await look('门头.jpg', both)).kind).toBe('jpeg')
  })

  it('several at once are looked at one after the other', async () => {
    const all = await Promise.all([picture(), picture({ colour: '#123' }), pdf()].map(async (b) => look('x', await b)))
    expect(all.map(({ kind }) => kind)).toEqual(['jpeg', 'jpeg', 'pdf'])
  })
})

describe('what is refused', () => {
  const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  it.each([
    ['产权证.pdf', () => picture(), '文件“产权证.pdf”其实是图片，请改名为 .jpg 或换一个文件。'],
    ['照片.jpg', () => pdf(), '文件“照片.jpg”其实是 PDF，请改名为 .pdf 或换一个文件。'],
    ['照片.jpg', () => picture({}, 'png'), '其实是图片，请改名为 .png'],
    ['批复.pdf.exe', () => pdf(), '文件“批复.pdf.exe”其实是 PDF，请改名为 .pdf 或换一个文件。'],
    ['批复.pdf.exe', () => text('MZ\x90\0'), '文件“批复.pdf.exe”是程序，不能作为材料，请换成'],
    ['批复.pdf', () => text('MZ\x90\0'), '是程序'],
    ['空.pdf', () => Buffer.alloc(0), '文件“空.pdf”是空的（0 字节），请重新选择文件。'],
    ['图.svg', () => text(svg), '是网页或 XML 文件'],
    ['图.png', () => text(svg), '是网页或 XML 文件'],
    ['页.html', () => text('\ufeff  <!doctype html><html>'), '是网页或 XML 文件'],
    ['批复.pdf', () => Buffer.concat([text('<html><script>1</script>'), pdf()]), '是网页或 XML 文件'],
    ['批复.pdf', () => Buffer.concat([text('x<html><script>1</script>'), pdf()]), '是网页或 XML 文件'],
    ['清册.xlsx.html', () => office('xl/workbook.xml'), '其实是 Excel 表格，请改名为 .xlsx'],
    ['清册.xlsx', () => office('xl/workbook.xml', 'xl/vbaProject.bin'), '带有宏'],
    ['清册.xlsx', () => archive('a.txt'), '是压缩包'],
    ['清册.xlsx', () => office('ppt/presentation.xml'), '不是 Excel 或 Word 文件'],
    ['清册.xlsx', () => office('xl/workbook.xml').subarray(0, 60), '没有传完整'],
    ['清册.xlsx', () => compound('EncryptedPackage'), '加了密码'],
    ['程序.msi', () => compound('Other'), '不是 Excel 或 Word 文件'],
    ['批复.pdf', () => text('%PDF-1.7 broken off'), 'PDF 没有结尾'],
    ['动.gif', () => text('GIF89a'), '是 GIF 动图'],
    ['扫描.tif', () => text('II*\0'), '请另存为 .jpg 或 .pdf'],
    ['苹果.heic', () => text('\0\0\0\x18ftypheic'), '兼容性最佳'],
    ['看房.mp4', () => text('\0\0\0\x18ftypisom'), '是视频'],
    ['包.rar', () => text('Rar!\x1a\x07'), '解压后逐个上传'],
    ['说明.txt', () => text('一段说明'), '不是能识别的材料'],
    ['大.png', () => claiming(20_000, 20_000), '照片 20000×20000 太大，请用手机相机正常拍摄或缩小后再传。'],
    ['坏.png', () => claiming(100, 100), '照片“坏.png”不完整或已损坏'],
    ['坏.png', () => claiming(0, 100), '照片“坏.png”不完整或已损坏'],
    ['坏.jpg', () => text('\xff\xd8'), '不是能识别的材料'],
  ] as const)('%s: %#', async (name, bytes, sentence) => {
    await expect(look(name, await bytes())).rejects.toThrow(sentence)
  })

  it.each(['jpeg', 'png', 'webp'] as const)('a %s that breaks off', async (format) => {
    const noise = sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 50 },
      },
    })
    const whole = await noise.toFormat(format).toBuffer()
    await expect(look('坏', whole.subarray(0, whole.length / 2))).rejects.toThrow('不完整或已损坏')
    await expect(look('坏', whole.subarray(0, 15))).rejects.toThrow(/不完整或已损坏|不是能识别/)
  })

  it('too many bytes are told with the limit', () => {
    expect(tooLarge('扫描.pdf', false).message).toBe('文件“扫描.pdf”超过 30 MB，请压缩或分成几份再传。')
    expect(tooLarge('a.jpg', true).message).toBe('照片“a.jpg”超过 15 MB，请缩小后再传。')
  })
})

it.each(['jpeg', 'png', 'webp'] as const)('the size of a %s is read from its header', async (format) => {
  expect(pictureSize(format, await picture({ width: 321, height: 123 }, format))).toEqual({ width: 321, height: 123 })
  const alpha = sharp({ create: { width: 33, height: 44, channels: 4, background: { r: 1, g: 2, b: 3, alpha: 0.5 } } })
  const lossless = await alpha.toFormat(format, { lossless: true }).toBuffer()
  expect(pictureSize(format, lossless)).toEqual({ width: 33, height: 44 })
})

it.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\a\\产权证.pdf', '产权证.pdf'],
  ['a\r\nX-Evil: 1.pdf', 'aX-Evil: 1.pdf'],
  ['批复\u202efdp.exe', '批复fdp.exe'],
  ['  .pdf', '.pdf'],
  ['', '未命名'],
  [`${'长'.repeat(300)}.pdf`, `${'长'.repeat(110)}.pdf`],
])('the name %j is kept as %j', (sent, kept) => {
  expect(safeName(sent)).toBe(kept)
})
