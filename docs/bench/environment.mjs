/** Says where and how the figures were measured: a number without its machine is no number. */
import { cpus, loadavg, totalmem } from 'node:os';

export function describeEnvironment({ load, cores, python }) {
  const parts = [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node.js ${process.versions.node}`,
    python.version && `Python ${python.version}`,
    load.title,
    cores.isPinned ? 'server and client on a core each' : 'server and client share the cores',
    new Date().toISOString().slice(0, 10),
  ];
  return `Measured on ${parts.filter(Boolean).join('; ')}.`;
}

export const describeBusyness = () => `load average before the run: ${loadavg()[0].toFixed(2)}`;
