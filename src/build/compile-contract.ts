/** Build step: checks the model card and writes its validators as source, so that no start compiles them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config';
import { readCard } from '../model/card';
import { toValidatorSource } from '../model/compile';
import { builtModule } from '../model/validators';

const { modelDirectory } = readConfig();
const target = join(__dirname, '../model', builtModule);
writeFileSync(target, toValidatorSource(readCard(modelDirectory), modelDirectory));
