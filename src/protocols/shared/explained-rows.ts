/** Explanations as a JSON reply: the contribution of every feature to the prediction of each instance. */
import { type HttpReply, type HttpRequest, jsonHeaders } from '../../http/message';
import type { Card, OutputSpec } from '../../model/card/card';
import { type Role, roles } from '../../model/card/roles';
import type { Model } from '../../model/model';
import { findExplained } from '../../model/predictions/tasks';
import { explainInstances } from '../../serving/data-plane';
import type { Explained } from '../../serving/explanation/explain';
import type { Explanation } from '../../serving/explanation/explanations';
import { inTurns, type Work } from '../../turns';
import type { Members } from './envelope';
import { createReplyText, type ReplyLimit } from './reply-text';

/** Significant digits of an explanation's largest number; the others share its decimals, at least enough that they add up. */
const digits = 9;
const minDecimals = 7;

/** Explains the instances of a body. */
export async function answerExplain(
  model: Model,
  { instances, parameters }: Members,
  request: HttpRequest,
): Promise<HttpReply> {
  const explained = await explainInstances(model, { instances, pointer: '/instances', parameters }, request);
  return inTurns(writeReply(model.card, explained, { maxBytes: model.limits.maxReplyBytes }), request.isGone);
}

function* writeReply(card: Card, { method, explanations }: Explained, limit: ReplyLimit): Work<HttpReply> {
  const text = createReplyText(limit);
  // The caller has checked that it exists.
  const { role } = findExplained(card) as OutputSpec;
  text.add('{"explanations":[');
  for (const [row, outputs] of explanations.entries()) {
    text.add(`${row > 0 ? ',' : ''}${JSON.stringify({ [role]: toMember(card, role, outputs) })}`);
    yield;
  }
  text.add(`],"method":${JSON.stringify(method)}}`);
  return { status: 200, headers: jsonHeaders, body: text.end() };
}

/** In the shape of a prediction: parts per label, or those of the only number. */
function toMember({ labels = [], features }: Card, role: Role, outputs: readonly Explanation[]): object | undefined {
  const members = outputs.map((output) => toParts(features, output));
  return roles[role].labels === 'each' ? Object.fromEntries(labels.map((label, i) => [label, members[i]])) : members[0];
}

function toParts(features: Card['features'], { base, prediction, shares }: Explanation): object {
  const largest = Math.max(...[base, prediction, ...shares].filter(Number.isFinite).map(Math.abs), 0);
  const decimals = Math.max(minDecimals, digits - 1 - Math.floor(Math.log10(largest || 1)));
  // Adding 0 turns -0 into 0. NaN becomes null in JSON.
  const round = (value: number) => Number(value.toFixed(Math.min(100, decimals))) + 0;
  return {
    base: round(base),
    prediction: round(prediction),
    contributions: Object.fromEntries(features.map(({ name }, i) => [name, round(shares[i] as number)])),
  };
}
