/** Cuts lines that arrive in pieces into parts of whole rows. Within quotes of CSV a line break ends no row. */
import { KeptBytes } from '../../../kept-bytes';
import { Problem } from '../../../problem';

const [quote, newline, carriageReturn] = [0x22, 0x0a, 0x0d];

export interface CutterLimits {
  /** Rows of a part. */
  readonly rows: number;
  /** A part ends with the row that reaches so many bytes. */
  readonly bytes: number;
  /** Bytes of a row, or of a record batch. */
  readonly longest: number;
}

export interface RowsPart {
  readonly body: Buffer;
  /** Lines that are not empty. */
  readonly rows: number;
}

export class RowCutter {
  readonly #kept = new KeptBytes();
  /** What is kept has been looked at up to here, its rows are whole up to there. */
  #at = 0;
  #end = 0;
  #rows = 0;
  #taken = 0;
  #isQuoted = false;

  constructor(
    readonly isCsv: boolean,
    readonly limits: CutterLimits,
  ) {}

  get keptBytes(): number {
    return this.#kept.length;
  }

  /** Bytes of all parts so far. */
  get takenBytes(): number {
    return this.#taken;
  }

  append(piece: Buffer): void {
    this.#kept.append(piece);
  }

  /** The first row, which is not taken; undefined until it is whole. Empty lines before it are dropped. */
  peekRow(): Buffer | undefined {
    for (;;) {
      this.#look(1);
      this.#checkRow();
      if (this.#rows > 0) return this.#kept.bytes.subarray(0, this.#end);
      if (this.#end === 0) return undefined;
      this.dropRow();
    }
  }

  /** The same where no more rows arrive: the last one needs no line break. */
  peekRest(): Buffer | undefined {
    const row = this.peekRow();
    if (row !== undefined || this.#kept.length === 0) return row;
    this.#countRow(this.#kept.bytes, this.#kept.length);
    this.#end = this.#kept.length;
    return this.#kept.bytes;
  }

  /** Takes the row that was peeked at. */
  dropRow(): void {
    this.#take(this.#end);
  }

  /** A part that has reached a limit; undefined while more rows have room. Throws `body-too-large`. */
  takeFull(): RowsPart | undefined {
    const isFull = this.#look(this.limits.rows);
    this.#checkRow();
    return isFull ? this.#take(this.#end) : undefined;
  }

  /** A part of whatever rows are whole; undefined when none is. */
  takeWhole(): RowsPart | undefined {
    return this.takeFull() ?? (this.#rows === 0 ? undefined : this.#take(this.#end));
  }

  /** What is left, whose last row needs no line break. */
  takeRest(): RowsPart {
    if (this.#end < this.#kept.length) this.#countRow(this.#kept.bytes, this.#kept.length);
    return this.#take(this.#kept.length);
  }

  /** Looks for the ends of rows until a part is full; false when what is kept ends first. */
  #look(mostRows: number): boolean {
    const { bytes } = this.#kept;
    const isFull = () => this.#rows >= mostRows || this.#end >= this.limits.bytes;
    while (!isFull() && this.#at < bytes.length) {
      const byte = bytes[this.#at++];
      if (byte === quote && this.isCsv) this.#isQuoted = !this.#isQuoted;
      if (byte !== newline || this.#isQuoted) continue;
      this.#countRow(bytes, this.#at - 1);
      this.#end = this.#at;
    }
    return isFull();
  }

  #countRow(bytes: Buffer, to: number): void {
    const length = to - this.#end;
    const isEmpty = length === 0 || (length === 1 && bytes[this.#end] === carriageReturn);
    if (!isEmpty) this.#rows++;
  }

  #checkRow(): void {
    const { longest } = this.limits;
    if (this.#at - this.#end <= longest) return;
    const hint = this.isCsv ? ': a quote may never be closed' : '';
    throw new Problem('body-too-large', `Expected rows of at most ${longest} bytes, got a longer one${hint}.`);
  }

  #take(length: number): RowsPart {
    const part = { body: this.#kept.take(length), rows: this.#rows };
    this.#taken += length;
    [this.#at, this.#end, this.#rows] = [Math.max(0, this.#at - length), 0, 0];
    return part;
  }
}
