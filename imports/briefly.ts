/**
 * The beginning of a text, for keeping. It is a copy: a piece of a long text holds all of it in memory, and the text of a
 * cell is a piece of everything that was read with it.
 */
export function briefly(text: string, most: number): string {
  return Buffer.from(text.slice(0, most)).toString()
}
