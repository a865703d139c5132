/** Makes a project: whole beside its place first, so that a failure or an interruption leaves nothing half-made. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { UsageError } from '../../src/commands/command-line.cjs';
import { readAnswers } from './answers.mjs';
import { hashOf, writeManifest } from './manifest.mjs';
import { addModel, nextSteps } from './model.mjs';
import { install, startRepository, stopRunning } from './programs.mjs';
import { createTemplate } from './template.mjs';

/** A terminal that is closed, too, ends what runs in it. */
const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @param {readonly string[]} words */
export async function create(words) {
  const { directory, model, isInstalled, answers } = await readAnswers(words);
  requireRoom(directory);
  // The same place each time: what a killed run has left is replaced by the next.
  const stage = join(dirname(directory), `.${basename(directory)}.creating`);
  const clear = () => rmSync(stage, { recursive: true, force: true });
  const stop = async () => {
    await stopRunning();
    clear();
    console.error('\nInterrupted: nothing was created.');
    process.exit(130);
  };
  for (const signal of ends) process.on(signal, stop);
  clear();
  try {
    mkdirSync(stage, { recursive: true });
    writeTemplate(stage, answers);
    if (isInstalled) await install(stage);
    await addModel(stage, { model, name: answers.name, isInstalled });
    moveInto(directory, stage);
  } catch (failure) {
    clear();
    throw failure;
  }
  for (const signal of ends) process.off(signal, stop);
  await startRepository(directory);
  const place = relative(process.cwd(), directory) || '.';
  console.log([`Created ${place}.`, '', ...nextSteps(place, { directory, model, isInstalled })].join('\n'));
}

/** Git's directory may be there: people clone an empty repository first. */
const mayBeThere = new Set(['.git']);

/** @param {string} directory */
function requireRoom(directory) {
  if (!existsSync(directory)) return;
  if (!statSync(directory).isDirectory()) throw new UsageError(`${directory} is a file: expected a directory to make.`);
  const others = readdirSync(directory).filter((name) => !mayBeThere.has(name));
  if (others.length > 0)
    throw new UsageError(
      `${directory} is not empty: expected a new directory, found ${others.slice(0, 3).join(', ')} in it.`,
    );
}

/**
 * @param {string} stage
 * @param {import('./template.mjs').Answers} answers
 */
function writeTemplate(stage, answers) {
  const template = [...createTemplate(answers)];
  for (const [path, { bytes, isProgram }] of template) {
    const place = join(stage, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes, { mode: isProgram ? 0o755 : 0o644 });
  }
  writeManifest(stage, answers, Object.fromEntries(template.map(([path, { bytes }]) => [path, hashOf(bytes)])));
}

/**
 * In one step where there is no directory yet.
 * @param {string} directory
 * @param {string} stage
 */
function moveInto(directory, stage) {
  requireRoom(directory);
  if (!existsSync(directory)) return renameSync(stage, directory);
  for (const name of readdirSync(stage)) renameSync(join(stage, name), join(directory, name));
  rmdirSync(stage);
}
