/** Bytes that are no Arrow stream, or one of a kind that is not read: what was expected, and what was there. */
export class MalformedArrow extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedArrow';
  }
}
