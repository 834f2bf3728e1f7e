/** Row numbers for a sentence: 第 3、5、9 行; of many the first five. */
export function rowList(rows: readonly number[]): string {
  return rows.length > 5 ? `第 ${rows.slice(0, 5).join('、')} 等 ${rows.length} 行` : `第 ${rows.join('、')} 行`
}
