/** What each event of a card tells in a timeline. */
export const cardSentences: Record<string, string> = {
  'card.create': '录入资产卡片',
  'card.import': '通过导入建立资产卡片',
  'card.edit': '修改资产卡片',
  'card.reimport': '通过导入更新资产卡片',
  'card.parts': '划分部位',
  'card.determine': '按权属界定变更权属',
}
