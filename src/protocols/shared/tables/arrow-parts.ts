/** The parts of an Arrow stream: a record batch each. */
import { copyMessage, type Message, Messages, messageTypes } from '../../../arrow/messages';
import { createStreamReader, type StreamReader, type TableBatch } from '../../../arrow/stream';
import type { Model } from '../../../model/model';
import { Problem } from '../../../problem';
import type { Part, PartOptions, Pieces } from './part';
import { checkNames, readBatches, toProblem } from './read-arrow';

export async function* arrowParts(
  model: Model,
  pieces: Pieces,
  { limits, kept }: Pick<PartOptions, 'limits' | 'kept'>,
): AsyncGenerator<Part> {
  const messages = new Messages(limits.longest);
  let reader: StreamReader | undefined;
  let end = 0;

  function take(message: Message): Part | undefined {
    const bytes = message.bytes.length;
    end += bytes;
    if (reader === undefined) {
      reader = createStreamReader(message);
      checkNames(model, reader.fields);
      return undefined;
    }
    // What is kept must not keep the pieces that it came in.
    const batch = reader.take(message.type === messageTypes.dictionary ? copyMessage(message) : message);
    if (batch === undefined) checkDictionaries(reader, limits.longest);
    return batch === undefined || batch.rows === 0 ? undefined : toPart(reader, batch, bytes);
  }

  function toPart({ fields }: StreamReader, batch: TableBatch, bytes: number): Part {
    checkBatch(batch, model.limits);
    return { rows: batch.rows, bytes, end, read: () => readBatches(model, { fields, batches: [batch] }) };
  }

  try {
    for await (const piece of pieces) {
      for (const message of messages.add(piece)) {
        const part = take(message);
        if (part !== undefined) yield part;
      }
      kept(messages.keptBytes + (reader?.dictionaryBytes() ?? 0));
    }
    messages.end();
    reader ??= createStreamReader(undefined);
  } catch (failure) {
    throw toProblem(failure);
  }
}

function checkBatch({ rows }: TableBatch, { maxRequestRows }: Model['limits']): void {
  if (rows <= maxRequestRows) return;
  const detail = `Expected at most ${maxRequestRows} rows in a record batch, got ${rows}. Write smaller batches.`;
  throw new Problem('too-many-rows', detail);
}

function checkDictionaries(reader: StreamReader, mostBytes: number): void {
  const bytes = reader.dictionaryBytes();
  if (bytes <= mostBytes) return;
  throw new Problem('body-too-large', `Expected dictionaries of at most ${mostBytes} bytes, got ${bytes}.`);
}
