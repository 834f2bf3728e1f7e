import { paperSubjects } from './paper-subjects.ts'

const verbs = {
  'paper-add': '添加材料',
  'paper-amend': '修改材料说明',
  'paper-withdraw': '撤下材料',
  'paper-link': '引用材料',
  'paper-unlink': '不再引用材料',
  'paper-clear': '清除保管期满的材料',
}

export const paperSentences: Record<string, string> = Object.fromEntries(
  paperSubjects.flatMap((kind) =>
    // A count tells of its lines.
    Object.entries(verbs).map(([verb, sentence]) => [`${kind === 'countLine' ? 'count' : kind}.${verb}`, sentence]),
  ),
)
