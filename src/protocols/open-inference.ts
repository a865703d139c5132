/** Open Inference Protocol v2: the health of the server. */
import { type Answer, jsonReply } from '../http/message';
import type { Model } from '../model/model';
import type { Dialect } from '../problem';

/** Clients raise the text that they find under `error`, and know 400 as the one status of a bad request. */
export const openInferenceDialect: Dialect = (document) => ({
  ...document,
  status: document.status === 422 ? 400 : document.status,
  error: document.detail,
});

/** The process answers, so it lives. */
export function answerLive(answer: Answer): void {
  answer(jsonReply({ live: true }));
}

/** Ready means that the session is open and has repeated the golden samples; asking opens it. */
export function answerReady(model: Model, answer: Answer): void {
  model.load().then(() => answer(jsonReply({ ready: true })), answer);
}
