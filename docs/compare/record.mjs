/** Measurements to the record that is kept: what the document and the charts say is read from it alone. */
import { cpus, loadavg, totalmem } from 'node:os';
import { quantile } from '../bench/measurements.mjs';
import { weighFramework, weighPython } from '../bench/size.mjs';
import { titles } from './compared.mjs';

const significantDigits = 4;
const rounded = (value) => (value === undefined ? undefined : Number(value.toPrecision(significantDigits)));

export function describeMachine({ cores, load, python }, isQuick) {
  return {
    date: new Date().toISOString().slice(0, 10),
    isQuick,
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    gibibytes: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    python: python.version,
    load: load.title,
    isPinned: cores.isPinned,
    busyness: rounded(loadavg()[0]),
  };
}

export function toRecord(bench, machine, ourSizes) {
  const { plan, contenders, python, frameworks } = bench;
  const sizes = Object.fromEntries(frameworks.map((framework) => [framework.id, weighFramework(framework)]));
  return {
    machine,
    plan,
    contenders: contenders.map(({ id }) => ({
      id,
      title: titles[id],
      ...toStarts(bench, id),
      ...toWarm(bench, id),
      ...toEnding(bench, id),
      artifact: toArtifact(bench, id),
      deployed: ourSizes[id] ?? sizes[id] ?? weighPython(python.python, id),
    })),
  };
}

function toStarts({ measurements }, id) {
  return {
    starts: measurements.all('start', id).map(rounded),
    secondStart: rounded(measurements.median('second start', id)),
    bytesAfterStart: rounded(measurements.median('bytes after start', id)),
  };
}

function toWarm({ measurements, plan }, id) {
  const waits = measurements.all('light latency', id);
  const light = { p50: 0.5, p90: 0.9, p99: 0.99, 'p99.9': 0.999 };
  const median = (figure) => rounded(measurements.median(figure, id));
  return {
    lightLatency: Object.fromEntries(
      Object.entries(light).map(([name, share]) => [name, rounded(quantile(waits, share))]),
    ),
    crowds: plan.connectionCounts.map((connections) => ({
      connections,
      perSecond: median(`requests/s at ${connections}`),
      p50: median(`p50 at ${connections}`),
      p99: median(`p99 at ${connections}`),
      cpuSeconds: median(`cpu seconds at ${connections}`),
    })),
    requestsUnderLoad: rounded(sum(measurements.all('requests', id))),
    bytesAfterLoad: median('bytes after load'),
    statusOfNarrowRow: measurements.median('status of a narrow row', id),
  };
}

function toEnding({ measurements }, id) {
  return {
    ending: {
      inWork: sum(measurements.all('in work at SIGTERM', id)),
      answered: sum(measurements.all('answered after SIGTERM', id)),
      seconds: rounded(measurements.median('end', id)),
    },
  };
}

function toArtifact({ measurements }, id) {
  return {
    bytes: measurements.median('artifact bytes', id),
    librarySeconds: rounded(measurements.median('library seconds', id)),
    seconds: rounded(measurements.median('artifact seconds', id)),
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
