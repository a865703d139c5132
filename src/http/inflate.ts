/** Content codings of a request body, undone with a cap on what comes out: a small body may unfold to gigabytes. */
import { Problem } from '../problem';
import { bodyTooLarge } from './read-body';

type Done = (outcome: Buffer | Problem) => void;

const codings = 'gzip, deflate';

/** Calls `done` with the plain body, or with the problem that it is too large, damaged or in a coding not read here. */
export function inflateBody(body: Buffer, coding: string, maxBodyBytes: number, done: Done): void {
  // Most processes never see a compressed body: the library loads with the first.
  const { gunzip, inflate } = require('node:zlib') as typeof import('node:zlib');
  const undo = new Map([
    ['gzip', gunzip],
    ['x-gzip', gunzip],
    ['deflate', inflate],
  ]).get(coding.trim().toLowerCase());
  if (undo === undefined) {
    const detail = `Expected content-encoding ${codings} or none, came ${JSON.stringify(coding.slice(0, 80))}.`;
    return done(new Problem('unsupported-media-type', detail, { headers: ['accept-encoding', codings] }));
  }
  undo(body, { maxOutputLength: maxBodyBytes }, (failure, plain) => {
    if (failure === null) return done(plain);
    if ((failure as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return done(bodyTooLarge(maxBodyBytes));
    done(
      new Problem('malformed-body', `Expected a whole ${coding} body; it cannot be decompressed.`, { cause: failure }),
    );
  });
}
