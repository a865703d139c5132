/** The tools that the card makes: predict, explain where the model can be explained, describe. */
import { type HttpReply, type HttpRequest, jsonReply } from '../../http/message';
import type { Model } from '../../model/model';
import { findExplainable } from '../../model/predictions/tasks';
import type { Json } from '../../openapi/json-schema';
import { coverageParameter } from '../../openapi/prediction-schemas';
import { findCoverage } from '../shared/coverage';
import type { Members } from '../shared/envelope';
import { answerExplain } from '../shared/explained-rows';
import { refuseMisspelled } from '../shared/misspelled';
import { answerRows } from '../shared/predicted-rows';
import { descriptionSchema, explanationsSchema, inputSchema, predictionsSchema } from './tool-schemas';

export interface Tool {
  /** As `tools/list` shows it. */
  readonly definition: Json;
  /** Answers a call with a JSON reply whose body is the structured content. */
  call(args: Members, request: HttpRequest): HttpReply | Promise<HttpReply>;
}

const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

/** By name, in the order of `tools/list`. */
export function createTools(model: Model): ReadonlyMap<string, Tool> {
  const { card } = model;
  const tools = [
    predictTool(model),
    ...(findExplainable(card) !== undefined ? [explainTool(model)] : []),
    describeTool(model),
  ];
  return new Map(tools.map((tool) => [String(tool.definition.name), tool]));
}

function define(name: string, title: string, description: string, input: Json, output: Json): Json {
  const known = { ...annotations, title };
  return { name, title, description, inputSchema: input, outputSchema: output, annotations: known };
}

function predictTool(model: Model): Tool {
  const { card, limits } = model;
  const form = { key: 'predictions', write: model.write.prediction };
  return {
    definition: define(
      'predict',
      `Predict with ${card.title}`,
      `${card.description} Answers one prediction per row.`,
      inputSchema(card, limits.maxRequestRows, coverageParameter(card)),
      predictionsSchema(card),
    ),
    call(args, request) {
      const { instances } = args;
      refuseMisspelled(args, ['instances', 'coverage'], '');
      const coverage = findCoverage(model, args, '');
      return answerRows(model, { instances, pointer: '/instances' }, { ...form, coverage }, request);
    },
  };
}

function explainTool(model: Model): Tool {
  const { card, limits } = model;
  return {
    definition: define(
      'explain',
      `Explain ${card.title}`,
      `How much each feature contributed to the predictions of ${card.title} (Shapley values). Send a few rows.`,
      inputSchema(card, limits.maxRequestRows),
      explanationsSchema,
    ),
    call: ({ instances }, request) => answerExplain(model, { instances }, request),
  };
}

function describeTool({ callersCard, limits }: Model): Tool {
  const { name, version, title, description, task, features, labels } = callersCard;
  const answer = {
    model: { name, version, title, description, task },
    features: features.map(({ input: _, column: __, ...feature }) => feature),
    ...(labels !== undefined && { labels }),
    max_rows: limits.maxRequestRows,
  };
  const nothing = { type: 'object', properties: {}, additionalProperties: false };
  return {
    definition: define(
      'describe',
      `Describe ${title}`,
      `What ${title} predicts, from which features, in which units and ranges.`,
      nothing,
      descriptionSchema,
    ),
    call: () => jsonReply(answer),
  };
}
