/** Takes tables on a path that takes JSON: told by the type of the body, or by what the caller accepts. */
import type { Handler, HttpRequest } from '../../../http/message';
import type { Model } from '../../../model/model';
import { isTable } from './table-types';

// Loaded for bodies of other types than JSON.
const loadTables = () => require('./table-bodies') as typeof import('./table-bodies');

/** `protocol` is the name of a table's in log and metrics. */
export function tableHandler(model: Model, protocol: string, answerJson: Handler): Handler {
  return (request) =>
    isTableRequest(request) ? loadTables().answerBody(model, request, protocol) : answerJson(request);
}

function isTableRequest({ headers }: HttpRequest): boolean {
  const { 'content-type': type } = headers;
  // Nearly every request.
  return type !== 'application/json' && isTable(type);
}
