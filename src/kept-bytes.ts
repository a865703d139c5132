/** Bytes that arrive in pieces and are taken from the front. What a byte costs does not depend on how many are kept. */

const leastBytes = 64 * 1024;

export class KeptBytes {
  #room: Buffer = Buffer.alloc(0);
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** What is kept: a view that stays as it is, whatever is appended or taken. */
  get bytes(): Buffer {
    return this.#room.subarray(this.#from, this.#to);
  }

  append(piece: Buffer): void {
    if (this.length === 0) {
      // Most pieces are taken whole before the next one comes. It is full: nothing is written into a sender's buffer.
      [this.#room, this.#from, this.#to] = [piece, 0, piece.length];
      return;
    }
    if (this.#to + piece.length > this.#room.length) this.#grow(piece.length);
    this.#to += piece.copy(this.#room, this.#to);
  }

  take(length: number): Buffer {
    const taken = this.#room.subarray(this.#from, this.#from + length);
    this.#from += taken.length;
    return taken;
  }

  /** Into new bytes: what was taken of the old ones may still be in use. */
  #grow(more: number): void {
    const { bytes } = this;
    this.#room = Buffer.allocUnsafe(Math.max(leastBytes, 2 * (bytes.length + more)));
    [this.#from, this.#to] = [0, bytes.copy(this.#room)];
  }
}
