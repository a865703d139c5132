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
  return `**Function or service**: both run the same application and give the same answers. The function starts in ${ms(medianStart(ours))} ms (median), because its
  framework loads first, the service in ${ms(medianStart(service))} ms. Warm, one core answers ${most(ours)} and ${most(service)} requests per second.
  Choose by what you want to control: with a function, Google maintains Node.js and the system; a service pins both.`;
}

function toLibrary(ours, sklearn, onnx) {
  return `**Most of the gain comes from dropping scikit-learn at prediction time, not from leaving Python.** FastAPI answers ${most(sklearn)} requests per second with
  scikit-learn and ${most(onnx)} with ONNX Runtime, ${ratioOfMost(onnx, sklearn)} times as many. The function answers ${most(ours)}, another ${ratioOfMost(ours, onnx)} times as many. FastAPI starts in ${ms(medianStart(sklearn))} ms
  with scikit-learn and in ${ms(medianStart(onnx))} ms with ONNX Runtime, the function in ${ms(medianStart(ours))} ms.`;
}

function toFine(ours, sklearn, onnx) {
  const [oursP50, onnxP50, sklearnP50] = [ours, onnx, sklearn].map(({ lightLatency }) => ms(lightLatency.p50));
  return `**FastAPI is fine** for a few requests per second and a team that writes Python: one at a time, a request takes ${onnxP50} ms with ONNX
  Runtime, ${sklearnP50} ms with scikit-learn and ${oursP50} ms in the function (p50). After the load, FastAPI with ONNX Runtime uses ${megabytes(onnx.bytesAfterLoad)} MB, the function ${megabytes(ours.bytesAfterLoad)} MB.
  One at a time, a request costs the same on each server if it takes at most one billing step.`;
}

function toFee(ours, sklearn) {
  const compute = (contender) => dollars(toCosts(contender)['full load'] * 1e6);
  return `**A busy function pays for requests, not for computing**: at full load, CPU and memory for a million requests cost ${compute(ours)}, and ${compute(sklearn)} for FastAPI
  with scikit-learn; the fee adds ${dollars(fee * 1e6)}. A dollar buys ${perDollar(ours, 'full load')} requests to the function and
  ${perDollar(sklearn, 'full load')} to FastAPI with scikit-learn, or ${perDollar(ours, 'each with a start')} and ${perDollar(sklearn, 'each with a start')} if each request starts an instance.`;
}
