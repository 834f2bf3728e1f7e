/**
 * Puts pieces behind what is left of the ones before, in one buffer that serves them all: a new one for each piece would
 * be memory that is given back late. What it returned before is written over.
 */
export class Joined {
  #room: Buffer = Buffer.alloc(0)

  join(rest: Buffer, piece: Buffer): Buffer {
    const length = rest.length + piece.length
    if (length > this.#room.length) this.#room = Buffer.concat([rest], 2 * length)
    else this.#room.set(rest)
    this.#room.set(piece, rest.length)
    return this.#room.subarray(0, length)
  }
}
