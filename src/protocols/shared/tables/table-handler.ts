/** Takes tables on a path that takes JSON: told by the type of the body, or by what the caller accepts. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Handler } from '../../../http/message';
import type { Model } from '../../../model/model';
import { isTable } from './table-types';

// Loaded for bodies of other types than JSON.
const loadTables = () => require('./table-bodies') as typeof import('./table-bodies');

/** `protocol` is the name of a table's in log and metrics. */
export function tableHandler(model: Model, protocol: string, answerJson: Handler): Handler {
  const handler: Handler = (request) =>
    hasTable(request.headers) ? loadTables().answerBody(model, request, protocol) : answerJson(request);
  return Object.assign(handler, { takesArriving: hasTable });
}

function hasTable({ 'content-type': type }: IncomingHttpHeaders): boolean {
  // Nearly every request.
  return type !== 'application/json' && isTable(type);
}
