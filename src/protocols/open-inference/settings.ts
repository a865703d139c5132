/** Triton's logging and trace settings, which its clients read and update; here they are fixed by the environment. */
import { isDeepStrictEqual } from 'node:util';
import { parseJsonBody } from '../../http/json-body';
import { type HttpReply, type HttpRequest, jsonReply } from '../../http/message';
import { settingsLimits } from '../../json/limits';
import { describeValue } from '../../model/instances/faults';
import { Problem } from '../../problem';
import { inTurns } from '../../turns';
import { expected, invalid } from '../shared/faults';

export type Settings = Readonly<Record<string, unknown>>;

export const logSettings: Settings = {
  log_file: '',
  log_info: true,
  log_warning: true,
  log_error: true,
  log_verbose_level: 0,
  log_format: 'default',
};

export const traceSettings: Settings = {
  trace_file: '',
  trace_level: ['OFF'],
  trace_rate: '1000',
  trace_count: '-1',
  log_frequency: '0',
  trace_mode: 'triton',
};

/** Accepts an update that changes nothing; refuses any other by the name of the setting. */
export async function updateSettings(settings: Settings, request: HttpRequest): Promise<HttpReply> {
  const update = await inTurns(parseJsonBody(request, settingsLimits), request.isGone);
  if (typeof update !== 'object' || update === null || Array.isArray(update)) {
    throw new Problem('unknown-envelope', `Expected a JSON object of settings, got ${describeValue(update)}.`);
  }
  for (const [name, value] of Object.entries(update)) {
    const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!Object.hasOwn(settings, name)) throw invalid(pointer, 'expected a Triton setting, got an unknown name');
    const fixed = JSON.stringify(settings[name]);
    // null resets a setting to its initial value.
    if (value !== null && !isDeepStrictEqual(value, settings[name]))
      throw expected(pointer, `${fixed}, which is fixed here`, value);
  }
  return jsonReply(settings);
}
