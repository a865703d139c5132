/** Estimates the rows of a body from its length, so that long requests can be refused before they are parsed. */
import type { Card } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { isFree, rowWidth } from '../tensors/tensors';

/** Upper estimate for one number, in JSON with its comma or in binary. */
const bytesOfElement = 8;

/** Returns a function from body bytes to rows. Texts and free sizes vary in length, so a model that takes them gets an estimate of 0. */
export function createRowEstimate({ inputs, features }: Card): (bodyBytes: number) => number {
  const isText = features.some(({ tokenizer }) => tokenizer !== undefined);
  if (isText || inputs.some((spec) => datatypes[spec.datatype].bytes === undefined || isFree(spec))) return () => 0;
  const bytesOfRow = bytesOfElement * inputs.reduce((sum, spec) => sum + rowWidth(spec), 0);
  return (bodyBytes) => Math.floor(bodyBytes / bytesOfRow);
}
