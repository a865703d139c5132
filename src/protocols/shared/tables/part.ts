/** A part of a table, and how one is cut. */
import type { Work } from '../../../turns';
import type { CutterLimits } from './row-cutter';

/** Some rows of a table. */
export interface Part {
  readonly rows: number;
  /** Bytes of the part, and of the table up to its end. */
  readonly bytes: number;
  readonly end: number;
  /** The rows, as the data plane takes them. */
  read(): Work<unknown>;
}

export interface PartOptions {
  readonly contentType: string;
  readonly limits: CutterLimits;
  /** Whether rows wait until a part is full, and not only for the next piece. */
  readonly isPatient: boolean;
  /** Called with the bytes that wait for others to make a row or a record batch. May throw. */
  kept(bytes: number): void;
}

export type Pieces = AsyncIterable<Buffer>;
