/** The place to go to after signing in: a path of ours, or the workbench, so that nobody is led away. */
export function samePlace(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])[^\s\\\p{Cc}]*$/u.test(next)) return '/'
  const base = 'http://here.invalid'
  const url = URL.parse(next, base)
  if (!url || url.origin !== base) return '/'
  const place = `${url.pathname}${url.search}`
  // Dots may dissolve into a second slash, and that would name a host.
  return place.startsWith('//') || place.startsWith('/sign-') ? '/' : place
}
