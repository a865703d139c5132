/** The playground: what the form says is predicted, drawn, explained and spelled as code, at each change. */
import { explain, predict, Refusal } from './api';
import { showPrediction } from './bars';
import { drawCurve, sweep } from './curve';
import { showExplanation } from './explanation';
import { listenToForm, readInstance, writeInstance } from './form';
import { byId, create, data, type Value } from './page';
import { listenToCopyButtons, showSnippets } from './snippets';

const pauseMs = 60;
const chooser = byId<HTMLSelectElement>('along');
let current = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Predicts once nothing has changed for a moment; what an older state asked for is dropped. */
function update(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    current.abort();
    current = new AbortController();
    void show(readInstance(), Number(chooser.value), current.signal);
  }, pauseMs);
}

async function show(instance: readonly Value[], feature: number, signal: AbortSignal): Promise<void> {
  showSnippets(instance);
  try {
    const along = sweep(instance, feature);
    const [first = {}, ...others] = await predict([instance, ...along], signal);
    showProblem();
    showPrediction(first);
    byId('curve-panel').classList.toggle('empty', along.length === 0);
    if (along.length > 0) drawCurve(feature, instance, others);
    showExplanation(await explain(instance, signal), first.label);
  } catch (failure) {
    if (!signal.aborted) showProblem(failure);
  }
}

/** Shows a failure in the server's words, or that there is none. */
function showProblem(failure?: unknown): void {
  const problem = byId('problem');
  problem.hidden = failure === undefined;
  byId('result').classList.toggle('stale', failure !== undefined);
  if (failure === undefined) return problem.replaceChildren();
  const isRefusal = failure instanceof Refusal;
  const faults = isRefusal ? failure.faults : ['The server could not be reached.'];
  problem.replaceChildren(
    create('strong', {}, isRefusal ? failure.message : 'No answer'),
    create('ul', {}, ...faults.map((fault) => create('li', {}, fault))),
  );
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-sample]')) {
  button.addEventListener('click', () => {
    writeInstance(data.samples[Number(button.dataset.sample)]?.instance ?? []);
    update();
  });
}
listenToForm((feature) => {
  if (data.features[feature]?.minimum !== undefined) chooser.value = String(feature);
  update();
});
chooser.addEventListener('change', update);
listenToCopyButtons();
writeInstance(data.samples[0]?.instance ?? []);
update();
