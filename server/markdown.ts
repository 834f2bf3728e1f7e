/** A generated page: `source` says which definitions of the program it was printed from. */
export function page(title: string, source: string, parts: readonly string[]): string {
  const note = `<!-- 由 node server/docs.ts 从程序中的${source}生成，请勿手改。 -->`
  return `${[`# ${title}`, note, ...parts].join('\n\n')}\n`
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
