/** Requests for what is not there, or not with this method. */
import { card, modelPath } from '../model-files';
import { type BadRequest, good, sent } from './bad-request';

const notFound = { status: 404, type: 'not-found' };
const unknownModel = { status: 404, type: 'unknown-model' };
const wrongMethod = { status: 405, type: 'method-not-allowed' };

const posted = { allow: 'POST, QUERY, OPTIONS' };
const got = { allow: 'GET, HEAD, OPTIONS' };

export const wrongAddresses: readonly BadRequest[] = [
  { name: 'an unknown path', method: 'GET', path: '/nothing', ...notFound, says: ['"/nothing"', 'GET /'] },
  { name: 'OPTIONS of an unknown path', method: 'OPTIONS', path: '/nothing', ...notFound, says: ['"/nothing"'] },
  { name: 'OPTIONS *', method: 'OPTIONS', path: '*', ...notFound, says: ['"*"'], differs: 'OPTIONS *' },
  {
    name: 'a broken percent-encoding',
    method: 'GET',
    path: '/%zz',
    ...notFound,
    says: ['"/%zz"'],
    differs: 'broken percent-encoding',
  },
  {
    name: 'an icon',
    method: 'GET',
    path: '/favicon.ico',
    ...notFound,
    says: ['"/favicon.ico"'],
    differs: 'ignored routes',
  },
  {
    name: 'rules for crawlers',
    method: 'GET',
    path: '/robots.txt',
    ...notFound,
    says: ['"/robots.txt"'],
    differs: 'ignored routes',
  },
  {
    name: 'another model',
    path: '/v1/models/other:predict',
    ...sent(good),
    ...unknownModel,
    says: [`"${card.name}"`, '"other"'],
  },
  {
    name: 'another model of v2',
    method: 'GET',
    path: '/v2/models/other',
    ...unknownModel,
    says: [`"${card.name}"`, '"other"'],
  },
  { name: 'an unknown path of v2', method: 'GET', path: '/v2/nothing', ...notFound, says: ['"/v2/nothing"'] },
  {
    name: 'GET /predict',
    method: 'GET',
    path: '/predict',
    ...wrongMethod,
    says: ['POST', 'got "GET"'],
    answers: posted,
  },
  {
    name: 'DELETE of the model',
    method: 'DELETE',
    path: modelPath,
    ...wrongMethod,
    says: ['GET', 'got "DELETE"'],
    answers: got,
  },
  {
    name: 'PUT /',
    method: 'PUT',
    path: '/',
    ...sent(good),
    ...wrongMethod,
    says: ['POST', 'got "PUT"'],
    answers: { allow: 'GET, POST, QUERY, HEAD, OPTIONS' },
  },
  {
    name: 'POST to health',
    path: '/v2/health/live',
    ...sent('{}'),
    ...wrongMethod,
    says: ['GET', 'got "POST"'],
    answers: got,
  },
];
