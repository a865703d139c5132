/** Says that the prediction in sight is an older one, while the endpoint takes long. */
import { byId, say } from './page';

/** Faster answers come without a word. */
const patienceMs = 500;
let calls = 0;

/** The returned function ends the waiting, unless a later call still waits. */
export function showWaiting(): () => void {
  calls++;
  const own = calls;
  const timer = setTimeout(() => show(true), patienceMs);
  return () => {
    clearTimeout(timer);
    if (own === calls) show(false);
  };
}

function show(isWaiting: boolean): void {
  byId('headline').classList.toggle('is-old', isWaiting);
  say(byId('waiting'), isWaiting ? 'Waiting for the endpoint…' : '');
}
