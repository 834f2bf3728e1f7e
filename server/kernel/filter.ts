/** A list's filter is its query string: what is not there has its default. */
export type Filter = Record<string, string | undefined>

/** The canonical address of a filter with some changes: blanks dropped, keys sorted, any change goes back to page one. */
export function filterUrl(path: string, filter: Filter, changes: Filter = {}): string {
  const merged: Filter = { ...filter, after: undefined, before: undefined, ...changes }
  const query = Object.entries(merged)
    .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
    .sort(([left], [right]) => (left < right ? -1 : 1))
  return query.length === 0 ? path : `${path}?${new URLSearchParams(query)}`
}

/** The search text as a LIKE pattern in which `%`, `_` and `\` mean themselves. */
export function containing(text: string): string {
  return `%${text.normalize('NFKC').replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
}

/**
 * The search text as a LIKE pattern for a column that holds every character beyond ASCII twice, so that two of them are
 * enough for an index of trigrams. What it finds is exact: two different characters side by side are found nowhere else.
 * Where three are left the last stands once, which means the same: each trigram less is another list of cards not read.
 */
export function doubled(text: string): string {
  const characters = [...text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '')]
  const signs = characters.flatMap((one) => (/[\\%_]/.test(one) ? `\\${one}` : one > '~' ? [one, one] : one))
  if (signs.length > 3 && (signs.at(-1) ?? '') > '~') signs.pop()
  return `%${signs.join('')}%`
}

/** Whether an index of trigrams knows anything of such a text: two characters beyond ASCII, or three. */
export function isIndexed(text: string): boolean {
  return [...doubled(text).replaceAll(/\\(.)|%/gu, '$1')].length > 2
}
