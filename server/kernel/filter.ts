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
