#!/usr/bin/env node
/** `npm run create -- DIRECTORY`: makes a project of one's own, brings it up to a newer version, packs what does so for npx. */
import { asksForHelp, runCommand } from '../../src/commands/command-line.cjs';

const usage = `usage: npm run create -- [DIRECTORY] [--onnx FILE | --trust-pickle FILE --sample FILE.csv] [--name NAME]
                         [--hosts=function,service] [--protocols=NAMES|none] [--python=PROGRAM] [--no-install] [--yes]
       npm run create -- upgrade [DIRECTORY] [--write]
       npm run create -- pack [DIRECTORY]

DIRECTORY becomes a repository that serves your model: the sources of the endpoint, its deploy, and small tests of its own.
On a terminal, what is not given is asked for; --yes takes the defaults: the Iris example, both hosts, all protocols.
  --onnx          an ONNX file; files beside it that hold its tensors come along
  --trust-pickle  a pickle or a file of joblib with a fitted estimator; loading it runs code from it
  --sample        a CSV file of rows that the estimator was fitted with; its first line names the features
  --name          the model's name in paths and of a deploy; the directory's name unless given
  --hosts         function (Cloud Functions), service (Cloud Run, with gRPC), or both
  --protocols     any of bigquery, cloud-events, invocations, mcp; KServe V1 and V2 are always there
  --python        a Python with the packages of model/training/packager/requirements.txt (python3)
  --no-install    does not run npm; an ONNX file is then left for you to inspect
upgrade compares a project with this version: it prints the difference, and with --write replaces the files that you have not
changed; the new text of a file that both changed is written beside it, as FILE.new.
pack writes the tarball create-onnx-predict-VERSION.tgz, which npx runs: npx ./create-onnx-predict-VERSION.tgz DIRECTORY`;

/** Loaded one at a time: each needs others. */
const commands = {
  create: async (/** @type {readonly string[]} */ words) => (await import('./create.mjs')).create(words),
  upgrade: async (/** @type {readonly string[]} */ words) => (await import('./upgrade.mjs')).upgrade(words),
  pack: async (/** @type {readonly string[]} */ words) => (await import('./pack.mjs')).pack(words),
};

await runCommand(async () => {
  const words = process.argv.slice(2);
  if (asksForHelp(words)) return console.log(usage);
  const [first = '', ...others] = words;
  if (first === 'upgrade' || first === 'pack') return commands[first](others);
  // The word that `npm create` leaves out may be there.
  return commands.create(first === 'create' ? others : words);
});
