/** What a paper may be, by what its bytes are: how it is called, what it may be named, how it is sent. */
export const contentKinds = {
  jpeg: { label: '图片', extensions: ['jpg', 'jpeg'], type: 'image/jpeg' },
  png: { label: '图片', extensions: ['png'], type: 'image/png' },
  webp: { label: '图片', extensions: ['webp'], type: 'image/webp' },
  pdf: { label: 'PDF', extensions: ['pdf'], type: 'application/pdf' },
  ofd: { label: 'OFD 文件', extensions: ['ofd'], type: 'application/ofd' },
  xlsx: {
    label: 'Excel 表格',
    extensions: ['xlsx', 'et'],
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  docx: {
    label: 'Word 文档',
    extensions: ['docx', 'wps'],
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  xls: { label: 'Excel 表格', extensions: ['xls', 'et'], type: 'application/vnd.ms-excel' },
  doc: { label: 'Word 文档', extensions: ['doc', 'wps'], type: 'application/msword' },
} as const

export type ContentKind = keyof typeof contentKinds

export const pictures: readonly ContentKind[] = ['jpeg', 'png', 'webp']

const extensions = new Set<string>(Object.values(contentKinds).flatMap((kind) => kind.extensions))

/** What the file dialog offers. */
export const acceptedNames = [...extensions].map((extension) => `.${extension}`).join(',')

/** The part after the last full stop, in small letters; '' when there is none. */
export function extensionOf(name: string): string {
  return /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

/**
 * The sentence against a name that does not fit the bytes, or null. A name without any extension fits: phones send such.
 */
export function namingProblem(name: string, kind: ContentKind): string | null {
  const { label, extensions: fitting } = contentKinds[kind]
  const extension = extensionOf(name)
  if (extension === '' || (fitting as readonly string[]).includes(extension)) return null
  return `文件“${name}”其实是${/^[A-Z]/.test(label) ? ' ' : ''}${label}，请改名为 .${fitting[0]} 或换一个文件。`
}

/** Only the last part of a name, without what a file system, a header or a reader could be misled by. */
export function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const plain = last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim()
  if ([...plain].length <= 120) return plain || '未命名'
  const extension = extensionOf(plain).slice(0, 10)
  return `${[...plain].slice(0, 110).join('')}.${extension}`
}
