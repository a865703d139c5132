/** The tables of the document: what was measured, what it costs, and what each lets you control. */
import { median, quantile } from '../bench/measurements.mjs';
import { spaced } from '../bench/report.mjs';
import { isModelServer } from './compared.mjs';
import { fee, keptMonth, mostPerSecond, requestsPerDollar, toCosts } from './costs.mjs';

export const ms = (seconds) => {
  const value = seconds * 1_000;
  return value >= 1_000 ? spaced(value) : String(Number(value.toPrecision(3)));
};
/** Cents, and two digits of what is less than ten of them. */
export const dollars = (value) => `$${value < 0.1 ? String(Number(value.toPrecision(2))) : value.toFixed(2)}`;
export const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
const toRow = (cells) => `| ${cells.join(' | ')} |`;

function toTable(title, contenders, rows) {
  return [
    toRow([title, ...contenders.map((contender) => contender.title)]),
    `|---|${'--:|'.repeat(contenders.length)}`,
    ...rows.map(([name, cell]) => toRow([name, ...contenders.map(cell)])),
  ].join('\n');
}

/** A table for our hosts with FastAPI, and one for the model servers: all in one is too wide to read. */
function toTables(title, contenders, rows) {
  const groups = [contenders.filter((each) => !isModelServer(each)), contenders.filter(isModelServer)];
  return groups.flatMap((group) => (group.length === 0 ? [] : [toTable(title, group, rows)])).join('\n\n');
}

export function toMeasuredTables({ contenders, plan }) {
  const percentiles = Object.keys(contenders[0].lightLatency);
  return toTables('on one core', contenders, [
    [
      'start, ms: min, median, p90, max',
      ({ starts }) => [0, 0.5, 0.9, 1].map((share) => ms(quantile(starts, share))).join(', '),
    ],
    ['start of a second instance, ms', ({ secondStart }) => ms(secondStart)],
    ['library load, ms', ({ artifact }) => ms(artifact.librarySeconds)],
    ['artifact load, ms', ({ artifact }) => ms(artifact.seconds)],
    ['artifact, kB', ({ artifact }) => (artifact.bytes / 1e3).toFixed(0)],
    [
      `one request at a time, ms: ${percentiles.join(', ')}`,
      ({ lightLatency }) => percentiles.map((name) => ms(lightLatency[name])).join(', '),
    ],
    ['requests per second, at most', ({ crowds }) => spaced(mostPerSecond(crowds))],
    [
      `CPU time per request at ${plan.connectionCounts.at(-1)} connections, µs`,
      ({ crowds }) => (crowds.at(-1).cpuSeconds === undefined ? '–' : spaced(crowds.at(-1).cpuSeconds * 1e6)),
    ],
    ['memory after start, MB', ({ bytesAfterStart }) => megabytes(bytesAfterStart)],
    ['memory after load, MB', ({ bytesAfterLoad }) => megabytes(bytesAfterLoad)],
    ['requests in that load', ({ requestsUnderLoad }) => spaced(requestsUnderLoad)],
    ['deployed, MB', ({ deployed }) => megabytes(deployed.bytes)],
    ['deployed, files', ({ deployed }) => spaced(deployed.files)],
    [
      'SIGTERM under load: requests in progress, answered, lost',
      ({ ending }) => [ending.inWork, ending.answered, ending.inWork - ending.answered].join(', '),
    ],
    ['exit after SIGTERM, ms', ({ ending }) => ms(ending.seconds)],
    ['status for a row that lacks a feature', ({ statusOfNarrowRow }) => statusOfNarrowRow],
  ]);
}

export function toCrowdTables({ contenders, plan }) {
  const cell =
    (place) =>
    ({ crowds }) => {
      const { perSecond, p50, p99 } = crowds[place];
      return `${spaced(perSecond)}; ${ms(p50)}, ${ms(p99)}`;
    };
  const rows = plan.connectionCounts.map((connections, place) => [connections, cell(place)]);
  return toTables('connections', contenders, rows);
}

export function toCostTables({ contenders }) {
  const situations = Object.keys(toCosts(contenders[0]));
  const rows = situations.flatMap((name) => [
    [`${name}: a million requests, without the fee`, (contender) => dollars(toCosts(contender)[name] * 1e6)],
    [`${name}: a million requests, with the fee`, (contender) => dollars((toCosts(contender)[name] + fee) * 1e6)],
    [`${name}: requests per dollar`, (contender) => toCount(requestsPerDollar(toCosts(contender)[name]))],
  ]);
  return toTables('', contenders, [...rows, ['an instance kept idle, per month', () => dollars(keptMonth)]]);
}

/** Three digits are what a measurement bears. */
export const toCount = (value) => spaced(Number(value.toPrecision(3)));

export const medianStart = ({ starts }) => median(starts);
