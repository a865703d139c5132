/** Open Inference Protocol v2: the health of the server. */
import { type Answer, jsonReply } from '../http/message';
import type { Model } from '../model/model';

/** The process answers, so it lives. */
export function answerLive(answer: Answer): void {
  answer(jsonReply({ live: true }));
}

/** Ready means that the session is open and has repeated the golden samples; asking opens it. */
export function answerReady(model: Model, answer: Answer): void {
  model.load().then(() => answer(jsonReply({ ready: true })), answer);
}
