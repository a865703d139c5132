/** What requests cost at a price list: `prices.json` is an input, change it for your region and day. */
import { readFileSync } from 'node:fs';
import { readSettings } from '../../deploy/settings.mjs';
import { median } from '../bench/measurements.mjs';

export const prices = JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8'));

const mebibytesPerGibibyte = 1_024;
const secondsPerMonth = 730 * 3_600;

/** The instance that the deploy recipes ask for. */
function readInstance() {
  const { cpu, memory, region } = readSettings(['service'], () => 'PROJECT');
  const size = Number.parseInt(memory, 10);
  return { vcpus: Number(cpu), gibibytes: memory.endsWith('Gi') ? size : size / mebibytesPerGibibyte, region };
}

export const instance = readInstance();
const dollarsPerSecond = instance.vcpus * prices.vcpuSecond + instance.gibibytes * prices.gibSecond;
const idleDollarsPerSecond = instance.vcpus * prices.idleVcpuSecond + instance.gibibytes * prices.idleGibSecond;

/** Dollars of one request by CPU and memory, to which comes the fee. Idle instances cost nothing but where they are kept. */
export function toCosts({ starts, lightLatency, crowds }) {
  return {
    /** Its share of an instance that is never idle. */
    'full load': toShareOfInstance(mostPerSecond(crowds)),
    /** Alone on a warm instance. */
    'one at a time': dollarsPerSecond * billed(lightLatency.p50),
    /** Alone, and with the start of the process on its bill. */
    'each with a start': dollarsPerSecond * billed(median(starts)),
  };
}

/** Dollars of one of so many requests a second that keep an instance busy. */
export const toShareOfInstance = (perSecond) => dollarsPerSecond / perSecond;

export const fee = prices.millionRequests / 1e6;
export const requestsPerDollar = (compute) => 1 / (compute + fee);
export const keptMonth = idleDollarsPerSecond * secondsPerMonth;
export const mostPerSecond = (crowds) => Math.max(...crowds.map(({ perSecond }) => perSecond));

function billed(seconds) {
  return Math.ceil(seconds / prices.stepSeconds) * prices.stepSeconds;
}
