/** What the figures of a comparison mean, in sentences whose every figure is the record's. */
import { spaced } from '../bench/report.mjs';
import { fee, mostPerSecond, requestsPerDollar, toCosts } from './costs.mjs';
import { dollars, medianStart, megabytes, ms, toCount } from './tables.mjs';

export function toShort({ contenders }) {
  const [ours, service, sklearn, onnx] = ['function', 'server', 'fastapi-sklearn', 'fastapi-onnx-typed'].map((wanted) =>
    contenders.find(({ id }) => id === wanted),
  );
  const points =
    sklearn && onnx
      ? [toHosts(ours, service), toLibrary(ours, sklearn, onnx), toFine(ours, sklearn, onnx), toFee(ours, sklearn)]
      : [toHosts(ours, service), 'FastAPI is left out of this run: its environment is not there.'];
  return points.map((point) => `- ${point}`).join('\n');
}

const most = ({ crowds }) => spaced(mostPerSecond(crowds));
const times = (over, under) => Number((over / under).toPrecision(2));
const ratioOfMost = (over, under) => times(mostPerSecond(over.crowds), mostPerSecond(under.crowds));
const perDollar = (contender, situation) => toCount(requestsPerDollar(toCosts(contender)[situation]));

function toHosts(ours, service) {
  return `**Function or service**: the same application, so the same answers. The median start is ${ms(medianStart(ours))} ms for the function, whose
  framework loads before anything else, and ${ms(medianStart(service))} ms for the service; warm, a core gives ${most(ours)} and ${most(service)} answers a second.
  Choose by what you want to control: the function leaves Node.js and the system to Google, the service pins both.`;
}

function toLibrary(ours, sklearn, onnx) {
  return `**Most of the win is leaving scikit-learn at prediction time, not leaving Python.** FastAPI gives ${most(sklearn)} answers a second with
  scikit-learn and ${most(onnx)} with ONNX Runtime: ${ratioOfMost(onnx, sklearn)} times as many. The function gives ${most(ours)}, another ${ratioOfMost(ours, onnx)} times. A start takes ${ms(medianStart(sklearn))} ms
  with scikit-learn, ${ms(medianStart(onnx))} ms with ONNX Runtime, ${ms(medianStart(ours))} ms as a function.`;
}

function toFine(ours, sklearn, onnx) {
  const [oursP50, onnxP50, sklearnP50] = [ours, onnx, sklearn].map(({ lightLatency }) => ms(lightLatency.p50));
  return `**FastAPI is fine** for some requests a second and a team that writes Python: one at a time it answers in ${onnxP50} ms with ONNX
  Runtime and in ${sklearnP50} ms with scikit-learn, the function in ${oursP50} ms (p50). After the load it holds ${megabytes(onnx.bytesAfterLoad)} MB with ONNX Runtime, the function ${megabytes(ours.bytesAfterLoad)} MB. One request at a time
  costs the same with each, as long as it is answered within one step of billed time.`;
}

function toFee(ours, sklearn) {
  const compute = (contender) => dollars(toCosts(contender)['full load'] * 1e6);
  return `**A busy function pays for requests, not for computing**: at full load CPU and memory of a million cost ${compute(ours)}, and ${compute(sklearn)} for FastAPI
  with scikit-learn; the fee for a million is ${dollars(fee * 1e6)} on top for both. A dollar buys ${perDollar(ours, 'full load')} requests of the function and
  ${perDollar(sklearn, 'full load')} of FastAPI with scikit-learn. Where each request has to start an instance, it buys ${perDollar(ours, 'each with a start')} and ${perDollar(sklearn, 'each with a start')}.`;
}
