#!/usr/bin/env node
/** `npm run create -- DIRECTORY`: makes a project of one's own, brings it up to a newer version, packs what does so for npx. */
import { asksForHelp, runCommand } from '../../src/commands/command-line.cjs';

const usage = `usage: npm run create -- [DIRECTORY] [--onnx FILE | --trust-pickle FILE --sample FILE.csv] [--name NAME]
                         [--hosts=function,service] [--protocols=NAMES|none] [--python=PROGRAM] [--no-install] [--yes]
       npm run create -- upgrade [DIRECTORY] [--write]
       npm run create -- pack [DIRECTORY]

Creates a repository in DIRECTORY that serves your model: the sources of the endpoint, its deploy, and a few tests.
On a terminal, it asks for what is missing; --yes takes the defaults: the Iris example, both hosts, all protocols.
  --onnx          an ONNX file; external data next to it is copied, too
  --trust-pickle  a pickle or joblib file with a fitted estimator; loading it runs code from it
  --sample        a CSV file with rows the estimator was fitted on; the first line names the features
  --name          the model's name in paths and deployments (default: the directory's name)
  --hosts         function (Cloud Functions), service (Cloud Run, with gRPC), or both
  --protocols     any of bigquery, cloud-events, invocations, mcp; KServe V1 and V2 are always included
  --python        a Python with the packages in model/training/packager/requirements.txt (default: python3)
  --no-install    do not run npm; you inspect the ONNX file yourself
upgrade compares a project with this version and prints the difference. With --write, it replaces files that you have not changed;
if both have changed a file, the new version is written next to it as FILE.new.
pack writes the tarball create-onnx-predict-VERSION.tgz for npx: npx ./create-onnx-predict-VERSION.tgz DIRECTORY`;

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
