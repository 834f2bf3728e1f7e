import type { BatchRow } from './actions.ts'
import { batchStates, type rowStates } from './sentences.ts'

/**
 * The words that a batch's pages have for it: of a file somebody brought along, or of a bulk edit, whose table nobody
 * has seen as a file. Everything else is said of both alike.
 */
export type Wording = {
  edit: boolean
  /** What is done with it, as on its buttons. */
  verb: string
  steps: readonly string[]
  /** What can become of its rows. */
  states: readonly (keyof typeof rowStates)[]
  /** What a row is: 行 of a file, 项 of a list. */
  counter: string
  only: string
  cancel: string
  undo: string
  wrong: string
  wrongDownload: string
  nothing: string
  left: string
  same: string
  sameOnce: string
  sameUndone: string
  afterUndo: string
  moved: string
  /** By the batch's state: nothing is being done, and there are no rows to look at. */
  idle: Readonly<Record<string, string>>
  /** What its events tell otherwise. */
  sentences: Readonly<Record<string, string>>
  again: { text: string; href: string }
  other: { text: string; href: string }
}

const cards = '/assets'

const file: Wording = {
  edit: false,
  verb: '导入',
  states: ['new', 'changed', 'unchanged', 'duplicate', 'wrong', 'skipped'],
  steps: ['上传', '对应栏目', '核对', '导入'],
  counter: '行',
  only: '只导入正确的行',
  cancel: '取消导入',
  undo: '撤销导入',
  wrong: '行有错：请在下面逐行修改或跳过；也可以只导入正确的行，把有错的行下载下来改好再上传。',
  wrongDownload: '下载有错的行',
  nothing: '没有新增也没有变化的行，不需要导入。',
  left: '行有错没有录入，可以下载改好后再上传。',
  same: '这份文件已经导入过，没有变化的行不会重复录入。',
  sameOnce: '这份文件导入过，',
  sameUndone: ' 已撤销，可以重新导入，新增的会得到新的编号。',
  afterUndo: '作废的卡片编号不再使用；改好的表格可以重新导入，会得到新的编号。',
  moved: '这批资产导入后都已有变动或被其他事项用到，请按下面的原因逐张处理。',
  idle: {
    uploaded: '文件已经收到，还没有读取。请点“重新读取”。',
    reading: '读取中断了，请点“重新读取”。',
    failed: '文件没有读成，请点“重新读取”，或重新上传。',
    cancelled: '已取消，台账没有改动。需要时可以重新读取。',
  },
  sentences: {},
  again: { text: '重新导入', href: '/imports/new' },
  other: { text: '换一个文件上传', href: '/imports/new' },
}

const edit: Wording = {
  edit: true,
  verb: '修改',
  states: ['changed', 'unchanged', 'wrong', 'skipped'],
  steps: ['选资产和内容', '核对', '修改'],
  counter: '项',
  only: '只修改可以改的',
  cancel: '取消修改',
  undo: '撤销修改',
  wrong: '项不能改，原因写在下面各项：可以跳过，或只修改可以改的。',
  wrongDownload: '下载不能改的',
  nothing: '这些资产已经是要改成的样子，没有要修改的。',
  left: '项没有改，原因见“有错”各项。',
  same: '同样的修改已经做过，已经改好的不会再改。',
  sameOnce: '同样的修改做过，',
  sameUndone: ' 已撤销，可以再做一次。',
  afterUndo: '需要时可以回台账重新批量修改。',
  moved: '这批资产修改后都已有变动或被其他事项用到，请按下面的原因逐张处理。',
  idle: {
    uploaded: '已经记下，还没有与台账比对。请点“重新读取”。',
    reading: '比对中断了，请点“重新读取”。',
    failed: '没有比对成，请点“重新读取”，或回台账再批量修改一次。',
    cancelled: '已取消，台账没有改动。需要时可以重新读取。',
  },
  sentences: {
    'import.commit': '确认修改',
    'import.cancel': '取消修改',
    'import.undo': '撤销修改',
  },
  again: { text: '回资产台账', href: cards },
  other: { text: '回资产台账', href: cards },
}

export function wordingOf({ origin }: Pick<BatchRow, 'origin'>): Wording {
  return origin === 'edit' ? edit : file
}

/** The state as it is called: what a bulk edit does is not to import. */
export function stateOf({ state, origin }: Pick<BatchRow, 'state' | 'origin'>) {
  const known = batchStates[state as keyof typeof batchStates]
  return origin === 'edit' && state === 'committed' ? { ...known, label: '已修改' } : known
}

/** The steps on the way, up to the one by this name; null: all are done. */
export function stepsOf(batch: Pick<BatchRow, 'origin'>, step: string | null) {
  const { steps } = wordingOf(batch)
  const current = step === null ? steps.length : steps.indexOf(step)
  return steps.map((label, at) => ({
    label,
    state: at < current ? 'done' : at === current ? 'current' : 'upcoming',
  }))
}
