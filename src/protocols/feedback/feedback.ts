/** Feedback: what really happened, for predictions by their ids, written where the captures are. */
import type { Sink } from '../../capture/sink';
import { jsonReply } from '../../http/message';
import { modelPath } from '../../http/model-path';
import type { Route } from '../../http/router';
import { Problem } from '../../problem';
import { inTurns } from '../../turns';
import type { Envelope } from '../shared/envelope';
import { invalid } from '../shared/faults';
import type { Deployment, Protocol } from '../shared/protocol';
import { readCalls, toReplies } from './calls';
import { readItems } from './items';
import { describeFeedback } from './openapi';
import { toRecords } from './records';
import { type Truth, truthOf } from './truth';

const name = 'feedback';

export function createFeedback({ sink }: { readonly sink: Sink }): Protocol {
  const items: Envelope = {
    key: name,
    name,
    async answer({ card }, { [name]: sent }, request) {
      const truth = truthOf(card);
      if (truth === undefined)
        throw invalid(`/${name}`, 'expected no feedback: the model predicts neither a label nor a value');
      const told = readItems(sent);
      write(await inTurns(toRecords(told, truth, card), request.isGone), sink);
      return jsonReply({ accepted: told.items.length });
    },
  };
  return {
    name,
    envelopes: [items],
    routes: (deployment) => routesOf(deployment, items, sink),
    describe: describeFeedback,
  };
}

function routesOf({ serving: { champion }, take: handle }: Deployment, items: Envelope, sink: Sink): [string, Route][] {
  const truth = truthOf(champion.card);
  if (truth === undefined) return [];
  return [
    [`${modelPath('/v1', champion.card.name)}:feedback`, { POST: handle(champion, [items]) }],
    // BigQuery has a path of its own: what its calls mean is not told by their envelope.
    ['/bigquery/feedback', { POST: handle(champion, [callsOf(truth, sink)]) }],
  ];
}

function callsOf(truth: Truth, sink: Sink): Envelope {
  return {
    key: 'calls',
    name,
    async answer({ card }, members, request) {
      const calls = await inTurns(readCalls(members, truth), request.isGone);
      write(await inTurns(toRecords(calls, truth, card), request.isGone), sink);
      return jsonReply({ replies: toReplies(calls) });
    },
  };
}

/** All or none. */
function write(records: readonly string[], sink: Sink): void {
  // Calls of BigQuery may all be NULL.
  if (records.length === 0 || sink.addAll(records)) return;
  throw new Problem('overloaded', 'Feedback cannot be written now. Retry in 1 s.', { retryAfterSeconds: 1 });
}
