/** What each event of a batch tells in a timeline. */
export const importSentences: Record<string, string> = {
  'import.upload': '上传表格',
  'import.bulk-edit': '批量修改',
  'import.fail': '没有读成',
  'import.read-again': '重新读取',
  'import.edit': '改了一行',
  'import.revert': '取回原表内容',
  'import.skip': '跳过',
  'import.apart': '单独作为一项',
  'import.restore': '恢复',
  'import.commit': '确认导入',
  'import.stop': '停止写入台账',
  'import.cancel': '取消导入',
  'import.undo': '撤销导入',
  'mapping.remember': '记住栏目对应',
  'mapping.change': '修改栏目对应',
  'mapping.forget': '删除栏目对应',
}

export const batchStates = {
  uploaded: { label: '已上传', tone: 'neutral' },
  reading: { label: '读取中', tone: 'info' },
  mapping: { label: '待对应栏目', tone: 'info' },
  checked: { label: '待确认', tone: 'warning' },
  committed: { label: '已导入', tone: 'success' },
  undone: { label: '已撤销', tone: 'neutral' },
  failed: { label: '未读成', tone: 'danger' },
  cancelled: { label: '已取消', tone: 'neutral' },
} as const

export const rowStates = {
  new: { label: '新增', tone: 'success' },
  changed: { label: '变更', tone: 'info' },
  unchanged: { label: '无变化', tone: 'neutral' },
  duplicate: { label: '重复', tone: 'warning' },
  wrong: { label: '有错', tone: 'danger' },
  skipped: { label: '跳过', tone: 'neutral' },
} as const
