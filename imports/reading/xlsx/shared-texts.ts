import { isPlain } from '../rows.ts'

/** Bytes of a chunk. One buffer that grows would be copied again and again, and its old ones given back late. */
const chunkBytes = 1024 * 1024
const none = Buffer.alloc(0)

/** The texts that cells point to, as the bytes that are copied from; a text is made of them only where one is needed. */
export class SharedTexts {
  readonly #chunks: Buffer[] = []
  /** By place: the chunk, and where the text ends in it. */
  #chunkOf = new Uint16Array(1024)
  #ends = new Uint32Array(1024)
  /** Those that hold a control character. */
  readonly #odd = new Set<number>()
  #chunk = none
  #end = 0
  length = 0

  add(text: string): void {
    if (!isPlain(text)) this.#odd.add(this.length)
    this.#need(text.length * 3)
    this.#close(this.#end + this.#chunk.write(text, this.#end))
  }

  /** Adds characters as they stand in `from` to `to`; none of them is a control character. */
  addBytes(bytes: Buffer, from: number, to: number): void {
    this.#need(to - from)
    this.#close(this.#end + bytes.copy(this.#chunk, this.#end, from, to))
  }

  /** undefined where there is none. */
  text(place: number): string | undefined {
    if (!(place >= 0 && place < this.length)) return undefined
    return this.bytesOf(place).toString('utf8', this.start(place), this.end(place))
  }

  /** Whether there is a text whose bytes may be copied as they are. */
  isPlain(place: number): boolean {
    return place < this.length && (this.#odd.size === 0 || !this.#odd.has(place))
  }

  /** The bytes among which a text stands, from `start` to `end`. */
  bytesOf(place: number): Buffer {
    return this.#chunks[this.#chunkOf[place] ?? 0] ?? none
  }

  start(place: number): number {
    return place > 0 && this.#chunkOf[place - 1] === this.#chunkOf[place] ? (this.#ends[place - 1] ?? 0) : 0
  }

  end(place: number): number {
    return this.#ends[place] ?? 0
  }

  #close(end: number): void {
    if (this.length === this.#ends.length) {
      const ends = new Uint32Array(2 * this.length)
      const chunkOf = new Uint16Array(2 * this.length)
      ends.set(this.#ends)
      chunkOf.set(this.#chunkOf)
      this.#ends = ends
      this.#chunkOf = chunkOf
    }
    this.#chunkOf[this.length] = this.#chunks.length - 1
    this.#ends[this.length++] = end
    this.#end = end
  }

  #need(more: number): void {
    if (this.#end + more <= this.#chunk.length) return
    this.#chunk = Buffer.allocUnsafe(Math.max(more, chunkBytes))
    this.#chunks.push(this.#chunk)
    this.#end = 0
  }
}
