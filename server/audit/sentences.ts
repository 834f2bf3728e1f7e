/** Exports leave events of their own: what was taken out of the county's data, by whom, with which filter. */
export const exportSentences = {
  'audit.export': '导出了审计记录',
  'export.assets': '导出了资产台账',
  'export.assets-template': '下载了资产台账空白表',
  'export.register': '用命令导出了资产台账',
  'export.village-status': '用命令导出了村资产现状表',
  'export.statistics': '导出了统计表',
  'export.statistics-cards': '导出了单位资产卡片',
  'export.cards': '用命令导出了单位资产卡片',
  'export.statistics-village-status': '导出了村资产现状表',
  'export.statistics-stock': '导出了存量情况表',
  'export.stock': '用命令导出了存量情况表',
  'export.imports-wrong': '下载了导入中有错的行',
  'export.assets-changes': '导出了增减变动表',
  'export.changes': '用命令导出了增减变动表',
} as const satisfies Record<string, string>
