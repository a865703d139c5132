/** Reads a JSON array of equally long arrays of numbers straight into one typed array, without a JavaScript value for each. */
import type { Work } from '../turns';
import { blockBytes } from './long-value';
import { NumberRows, type NumberRowsKind } from './number-rows';

const space = 0x20;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const opening = 0x5b;
const closing = 0x5d;
/** As many digits make an integer that a double holds, which a power of ten up to this divides with one rounding. */
const exactDigits = 15;
const powersOfTen = Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power);
const bytesOfExponent = /^[+-]?\d+/;

/**
 * Reads the array whose bracket is at `from`.
 *
 * Returns undefined where it holds anything else, or is no JSON: it must be parsed to tell what is wrong.
 */
export function* readNumberRows(json: Buffer, from: number, kind: NumberRowsKind): Work<NumberRows | undefined> {
  const reader = createReader(json, from, kind);
  for (;;) {
    const state = reader.readBlock();
    if (state === 'odd') return undefined;
    if (state === 'end') return reader.end();
    yield;
  }
}

function createReader(json: Buffer, from: number, { width, maxRows, limit, create }: NumberRowsKind) {
  let at = json[from] === opening ? from + 1 : json.length;
  let rows = 0;
  let room = 0;
  let data = create(0);

  /** Reads rows from about a block of bytes. */
  function readBlock(): 'more' | 'end' | 'odd' {
    for (const until = at + blockBytes; at < until; ) {
      skipSpace();
      if (json[at] !== opening || rows === maxRows || !readRow()) return 'odd';
      skipSpace();
      const byte = json[at++];
      if (byte === closing) return 'end';
      if (byte !== comma) return 'odd';
    }
    return 'more';
  }

  function readRow(): boolean {
    const start = at;
    if (rows === room) makeRoom(Math.max(1, rows));
    if (!readNumbers(rows * width)) return false;
    if (rows === 0) makeRoom(Math.ceil((json.length - start) / (at - start)));
    rows++;
    return true;
  }

  /** Reads a row's numbers into their place, and its brackets. */
  function readNumbers(place: number): boolean {
    for (let column = 0; column < width; column++) {
      at++;
      skipSpace();
      const value = readNumber();
      if (!(value <= limit && value >= -limit)) return false;
      data[place + column] = value;
      skipSpace();
      if (json[at] !== (column === width - 1 ? closing : comma)) return false;
    }
    at++;
    return true;
  }

  /** Makes room for so many rows more, as far as they may come and the text can hold: a number takes two bytes at least. */
  function makeRoom(more: number): void {
    const most = Math.min(maxRows, rows + 1 + Math.floor((json.length - at) / (2 * width)));
    room = Math.min(most, rows + more);
    const longer = create(room * width);
    longer.set(data);
    data = longer;
  }

  /** NaN where there is no number. */
  function readNumber(): number {
    if (json[at] !== minus) return readMagnitude();
    at++;
    return -readMagnitude();
  }

  function readMagnitude(): number {
    const first = at;
    let digits = passDigits(0);
    let read = at - first;
    if (read === 0 || (read > 1 && json[first] === zero)) return Number.NaN;
    let places = 0;
    if (json[at] === point) {
      const fraction = ++at;
      digits = passDigits(digits);
      places = at - fraction;
      if (places === 0) return Number.NaN;
      read += places;
    }
    return read > exactDigits || isExponent(json[at]) ? readLong(first) : digits / (powersOfTen[places] as number);
  }

  /** The digits from here on, behind those of `digits`. */
  function passDigits(digits: number): number {
    let value = digits;
    for (let digit = (json[at] as number) - zero; digit >= 0 && digit <= 9; digit = (json[at] as number) - zero) {
      value = value * 10 + digit;
      at++;
    }
    return value;
  }

  /** A number with many digits or an exponent. */
  function readLong(first: number): number {
    if (isExponent(json[at])) {
      const exponent = bytesOfExponent.exec(json.toString('latin1', at + 1, at + blockBytes));
      if (exponent === null) return Number.NaN;
      at += 1 + exponent[0].length;
    }
    return Number(json.toString('latin1', first, at));
  }

  function skipSpace(): void {
    while ((json[at] as number) <= space && isSpace(json[at] as number)) at++;
  }

  const end = () => new NumberRows(rows, data.subarray(0, rows * width), at);
  return { readBlock, end };
}

const isExponent = (byte: number | undefined) => byte === 0x65 || byte === 0x45;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
