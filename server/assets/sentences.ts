/** What each event of a card tells in a timeline. */
export const cardSentences: Record<string, string> = {
  'card.create': '录入资产卡片',
  'card.import': '通过导入建立资产卡片',
  'card.edit': '修改资产卡片',
  'card.reimport': '通过导入更新资产卡片',
  'card.parts': '划分部位',
  'card.determine': '按权属界定变更权属',
  'card.split': '拆分资产卡片',
  'card.split-off': '由拆分建立资产卡片',
  'card.unsplit': '撤销拆分，收回拆出的数量和价值',
  'card.split-back': '拆分已撤销，卡片作废',
  'card.distinguish': '确认与另一张卡片是两项资产',
  'card.undistinguish': '撤回“确认是两项资产”',
  'card.merge': '并入重复的卡片',
  'card.merged-away': '与另一张卡片重复，并入该卡片',
  'card.unmerge': '撤销合并，恢复合并前的内容',
  'card.merge-back': '合并已撤销，恢复为单独的卡片',
}
