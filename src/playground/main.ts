/** The playground: each change of the form updates prediction, curve, explanation and code. */
import { explain, explore, type Prediction, predictCandidate, predictRow } from './api';
import { listenToBatch } from './batch';
import { drawCurve, sweep } from './curve';
import type { Entries } from './entries';
import { showExplanation } from './explanation';
import { listenToFinder, rankFields } from './finder';
import { listenToForm, markFaults, readEntries, writeEntries } from './form';
import { clearHeatMap, showHeatMap } from './heat-map';
import { remember } from './history';
import { base, byId, data, type Feature, say } from './page';
import { listenToPaste } from './paste';
import { keepStrayFiles, listenToPictures } from './pictures';
import { showCandidate, showNoPrediction, showPrediction } from './prediction';
import { chosenCoverage, listenToCoverage, showSet } from './prediction-set';
import { faultsOf, refuseMissing, showProblem } from './problem';
import { listenToLinks, readShared, type Shared, share } from './share';
import { listenToCopyButtons, showSnippets } from './snippets';
import { showWaiting } from './waiting';

const pauseMs = 60;
/** Missing where no feature has a range to draw along. */
const chooser = document.getElementById('along') as HTMLSelectElement | null;
const second = document.getElementById('heat-up') as HTMLSelectElement | null;
const heatPart = document.getElementById('heat-part') as HTMLDetailsElement | null;
let current = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Predicts after a short pause in changes, and cancels requests for an older state. */
function update(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    current.abort();
    current = new AbortController();
    void show(readEntries(), current.signal);
  }, pauseMs);
}

/** Predicts first: without a prediction there is no curve and no explanation. */
async function show(entries: Entries, signal: AbortSignal): Promise<void> {
  showSnippets(entries);
  share(entries);
  const stopWaiting = showWaiting();
  const answered = await attempt('problem', signal, () => {
    refuseMissing(entries);
    return predictRow(entries, chosenCoverage(), signal);
  }).finally(stopWaiting);
  if (answered === undefined || signal.aborted) return;
  const { prediction } = answered;
  showPrediction(prediction);
  showSet(answered);
  remember(entries, prediction, fill);
  void attempt('candidate-problem', signal, async () =>
    showCandidate(await predictCandidate(entries, signal), prediction),
  );
  if (chooser !== null) {
    const index = Number(chooser.value);
    void attempt('curve-problem', signal, () => showCurve(index, entries, prediction, signal));
    void attempt('heat-problem', signal, () => showSecond(index, entries, prediction, signal));
  }
  void attempt('explanation-problem', signal, async () => {
    const explanation = await explain(entries, signal);
    showExplanation(explanation, prediction.label);
    rankFields(explanation, prediction.label);
  });
}

/** Nothing while the part of two features is closed, or where there is only one to vary. */
async function showSecond(index: number, entries: Entries, here: Prediction, signal: AbortSignal): Promise<void> {
  const up = Number(second?.value);
  if (!heatPart?.open || data.drawn === undefined) return;
  if (up === index) return clearHeatMap();
  await showHeatMap(entries, [index, up], signal, here);
}

async function showCurve(index: number, entries: Entries, here: Prediction, signal: AbortSignal): Promise<void> {
  const feature = data.features[index] as Feature;
  const along = sweep(feature);
  if (along.length === 0) return;
  const predictions = await explore(
    along.map((value) => entries.with(index, value)),
    signal,
  );
  drawCurve({ feature, value: entries[index], along, predictions, here });
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
  showProblem(place, failure, update);
  if (place !== 'problem') return;
  markFaults(faultsOf(failure));
  if (failure !== undefined) showNoPrediction();
}

function fill(entries: Entries): void {
  say(byId('shared-warning'), '');
  writeEntries(entries);
  update();
}

function openShared({ entries, warning }: Shared): void {
  if (entries !== undefined) fill(entries);
  say(byId('shared-warning'), warning);
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-sample]')) {
  button.addEventListener('click', () => fill(data.samples[Number(button.dataset.sample)]?.instance ?? []));
}
// The server does not know the path prefix it is served under.
for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-path]')) {
  link.href = base + link.dataset.path;
}
listenToForm((feature) => {
  if (chooser?.querySelector(`[value="${feature}"]`)) chooser.value = String(feature);
  update();
});
chooser?.addEventListener('change', update);
second?.addEventListener('change', update);
heatPart?.addEventListener('toggle', update);
listenToCoverage(update);
listenToCopyButtons();
listenToPictures();
keepStrayFiles();
listenToPaste(fill);
listenToFinder();
listenToBatch();
listenToLinks(openShared);
const shared = readShared();
openShared({ ...shared, entries: shared.entries ?? data.samples[0]?.instance ?? [] });
