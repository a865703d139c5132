/** Takes whole rows out of lines that arrive in pieces. Within quotes of CSV a line break ends no row. */

export const rowsOfPart = 10_000;
/** A row that is longer has a quote that is never closed, or is no row. */
const longestRow = 64 * 1024 * 1024;
const [quote, newline, carriageReturn] = [0x22, 0x0a, 0x0d];

export interface LinesPart {
  readonly body: Buffer;
  /** Lines that are not empty. */
  readonly rows: number;
}

export class Lines {
  #kept = Buffer.alloc(0);
  /** Place of the next byte to look at, and of the first byte of its row. */
  #at = 0;
  #rowStart = 0;
  #rows = 0;
  #isQuoted = false;

  constructor(readonly isCsv: boolean) {}

  /** Throws when a row does not end. */
  *add(piece: Buffer): Generator<LinesPart> {
    this.#kept = Buffer.concat([this.#kept, piece]);
    while (this.#endRow()) if (this.#rows === rowsOfPart) yield this.#take(this.#rowStart);
    if (this.#kept.length - this.#rowStart <= longestRow) return;
    throw new Error(`A row is longer than ${longestRow} bytes${this.isCsv ? ': a quote may never be closed' : ''}.`);
  }

  /** What is left, whose last row needs no line break. */
  end(): LinesPart {
    this.#countRow(this.#kept.length);
    return this.#take(this.#kept.length);
  }

  /** Goes behind the next row; false where it has not arrived. */
  #endRow(): boolean {
    for (; this.#at < this.#kept.length; this.#at++) {
      const byte = this.#kept[this.#at];
      if (byte === quote && this.isCsv) this.#isQuoted = !this.#isQuoted;
      if (byte !== newline || this.#isQuoted) continue;
      this.#countRow(this.#at);
      this.#at++;
      this.#rowStart = this.#at;
      return true;
    }
    return false;
  }

  #countRow(end: number): void {
    const length = end - this.#rowStart;
    const isEmpty = length === 0 || (length === 1 && this.#kept[this.#rowStart] === carriageReturn);
    if (!isEmpty) this.#rows++;
  }

  #take(length: number): LinesPart {
    const part = { body: this.#kept.subarray(0, length), rows: this.#rows };
    this.#kept = this.#kept.subarray(length);
    [this.#at, this.#rowStart, this.#rows] = [this.#at - length, 0, 0];
    return part;
  }
}
