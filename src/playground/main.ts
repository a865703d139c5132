/** The playground: each change of the form updates prediction, curve, explanation and code. */
import { explain, type Prediction, predict } from './api';
import { showPrediction } from './bars';
import { drawCurve, sweep } from './curve';
import { showExplanation } from './explanation';
import { listenToForm, markFaults, readInstance, writeInstance } from './form';
import { base, byId, data, type Feature, type Value } from './page';
import { faultsOf, showProblem } from './problem';
import { listenToCopyButtons, showSnippets } from './snippets';

const pauseMs = 60;
const chooser = byId<HTMLSelectElement>('along');
let current = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Predicts after a short pause in changes, and cancels requests for an older state. */
function update(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    current.abort();
    current = new AbortController();
    void show(readInstance(), current.signal);
  }, pauseMs);
}

/** Predicts first: without a prediction there is no curve and no explanation. */
async function show(instance: readonly Value[], signal: AbortSignal): Promise<void> {
  showSnippets(instance);
  const prediction = await attempt('problem', signal, async () => (await predict([instance], signal))[0]);
  if (prediction === undefined || signal.aborted) return;
  showPrediction(prediction);
  void attempt('curve-problem', signal, () => showCurve(instance, prediction, signal));
  void attempt('explanation-problem', signal, async () => {
    showExplanation(await explain(instance, signal), prediction.label);
  });
}

async function showCurve(instance: readonly Value[], here: Prediction, signal: AbortSignal): Promise<void> {
  const index = Number(chooser.value);
  const feature = data.features[index] as Feature;
  const along = sweep(feature);
  if (along.length === 0) return;
  const predictions = await predict(
    along.map((value) => instance.with(index, value)),
    signal,
  );
  drawCurve({ feature, value: instance[index], along, predictions, here });
}

/** Runs one part and shows its failure in the part's place, unless it was cancelled. */
async function attempt<Outcome>(
  place: string,
  signal: AbortSignal,
  work: () => Promise<Outcome>,
): Promise<Outcome | undefined> {
  try {
    const value = await work();
    accept(place);
    return value;
  } catch (failure) {
    if (!signal.aborted) accept(place, failure);
    return undefined;
  }
}

function accept(place: string, failure?: unknown): void {
  showProblem(place, failure);
  if (place === 'problem') markFaults(faultsOf(failure));
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-sample]')) {
  button.addEventListener('click', () => {
    writeInstance(data.samples[Number(button.dataset.sample)]?.instance ?? []);
    update();
  });
}
// The server does not know the path prefix it is served under.
for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-path]')) {
  link.href = base + link.dataset.path;
}
listenToForm((feature) => {
  if (data.features[feature]?.minimum !== undefined) chooser.value = String(feature);
  update();
});
chooser.addEventListener('change', update);
listenToCopyButtons();
writeInstance(data.samples[0]?.instance ?? []);
update();
