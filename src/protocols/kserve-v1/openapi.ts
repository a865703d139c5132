/** Paths of the protocols that predict rows: KServe V1 and its relatives, BigQuery, events. */

import type { Sample } from '../../model/acceptance/golden-samples';
import type { Card } from '../../model/card/card';
import { type Example, type Json, ofEachVersion, post, ref } from '../../openapi/operations';

const jsonEvent = 'application/cloudevents+json';

export function createRowPaths(card: Card, samples: readonly Sample[], versions: readonly string[]) {
  const tag = 'Prediction';
  const all = samples.map(({ instance }) => instance);
  const predictions = samples.map(({ prediction }) => prediction);
  const asObjects = all.map((instance) => toObject(card, instance));
  const v1Examples: Example[] = [
    { name: 'instances', request: { instances: all }, answer: { predictions } },
    { name: 'objects', request: { instances: asObjects }, answer: { predictions } },
  ];
  const bigQueryExample = { name: 'bigquery', request: { calls: all.map(toCall) }, answer: { replies: predictions } };
  const base64 = Buffer.from(JSON.stringify({ instances: all })).toString('base64');
  const push: Example = {
    name: 'pubSub',
    request: { message: { data: base64 }, subscription: 'projects/p/subscriptions/s' },
    answer: { predictions },
  };
  const v1Requests = ['PredictRequest', 'PredictInputsRequest'].map(ref);
  const any = {
    tag,
    request: { anyOf: [...v1Requests, ref('BigQueryRequest'), ref('PubSubPush'), ref('AnyEvent')] },
    answer: { anyOf: [ref('PredictAnswer'), ref('BigQueryAnswer')] },
    examples: [...v1Examples, bigQueryExample, push],
    problem: 'AnyProblem',
    ...eventForms('AnyEvent', all),
  } as const;
  const v1 = {
    tag,
    request: { anyOf: [...v1Requests, ref('PubSubPush'), ref('PredictEvent')] },
    answer: ref('PredictAnswer'),
    examples: [...v1Examples, { ...v1Examples[0], name: 'inputs', request: { inputs: all } } as Example],
    problem: 'ErrorProblem',
    ...eventForms('PredictEvent', all),
  } as const;
  const model = `/v1/models/${encodeURIComponent(card.name)}`;
  const summaryOf = (idEnd: string) =>
    idEnd === '' ? 'Predict, as KServe, TensorFlow Serving and Vertex AI do' : 'Predict with this version';
  return {
    '/': post({ ...any, id: 'predictAtRoot', summary: 'Predict, in whichever protocol the body speaks' }),
    '/predict': post({ ...any, id: 'predict', summary: 'Predict, in whichever protocol the body speaks' }),
    '/bigquery': post({
      id: 'predictForBigQuery',
      tag,
      summary: 'Predict for a BigQuery remote function',
      request: ref('BigQueryRequest'),
      answer: ref('BigQueryAnswer'),
      examples: [bigQueryExample],
      problem: 'BigQueryProblem',
    }),
    ...ofEachVersion(model, versions, ':predict', (idEnd) =>
      post({ ...v1, id: `predictV1${idEnd}`, summary: summaryOf(idEnd) }),
    ),
  };
}

/** Events come and go in a media type of their own, or with attributes as header fields. `schemaName` is that of those that come. */
export function eventForms(schemaName: string, instances: readonly unknown[]) {
  const event = {
    specversion: '1.0',
    id: '1',
    source: '//example.com/source',
    type: 'com.example.request',
    data: { instances },
  };
  const attribute = (name: string, description: string): Json => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  return {
    otherBodies: { [jsonEvent]: { schema: ref(schemaName), examples: { event: { value: event } } } },
    otherAnswers: { [jsonEvent]: { schema: ref('CloudEventAnswer') } },
    parameters: [
      attribute(
        'ce-specversion',
        '1.0 where the body is the data of a CloudEvent; then `ce-id`, `ce-source` and `ce-type` come too.',
      ),
    ],
  };
}

function toObject({ features }: Card, instance: unknown): unknown {
  if (!Array.isArray(instance)) return instance;
  return Object.fromEntries(features.map(({ name }, i) => [name, instance[i]]));
}

function toCall(instance: unknown): unknown {
  return Array.isArray(instance) ? instance : [instance];
}
