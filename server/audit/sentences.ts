/** Exports leave events of their own: what was taken out of the county's data, by whom, with which filter. */
export const exportSentences = {
  'audit.export': '导出了审计记录',
  'export.assets': '导出了资产台账',
  'export.register': '用命令导出了资产台账',
  'export.village-status': '用命令导出了村资产现状表',
  'export.statistics': '导出了统计表',
  'export.imports-wrong': '下载了导入中有错的行',
  'export.assets-changes': '导出了增减变动表',
  'export.changes': '用命令导出了增减变动表',
} as const satisfies Record<string, string>
