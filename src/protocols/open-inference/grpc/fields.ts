/** Walks over the fields of a message that a caller sent. */

import { Problem } from '../../../problem';
import { type Cursor, nextField, skipField } from '../../../protobuf/cursor';

/** Of one message: more than any model has tensors, and not so many that to skip them takes long. */
const maxFields = 16_384;

/** Calls `read` at each field; it returns false for a field that it leaves alone. */
export function eachField(cursor: Cursor, read: (cursor: Cursor) => boolean): void {
  for (let count = 1; nextField(cursor); count++) {
    if (count > maxFields)
      throw new Problem('too-many-values', `Expected at most ${maxFields} fields in a message, got more.`);
    if (!read(cursor)) skipField(cursor);
  }
}
