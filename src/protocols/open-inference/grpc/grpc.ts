/** The Open Inference Protocol over gRPC: `inference.GRPCInferenceService`, a path for each method. */
import { messageReply } from '../../../grpc/reply';
import type { Handler, HttpRequest } from '../../../http/message';
import type { Route } from '../../../http/router';
import type { Model } from '../../../model/model';
import { type Members, readMessage, writeMessage } from '../../../protobuf/messages';
import { pathOf } from '../../../protobuf/schema';
import type { Serving } from '../../../serving/serving';
import { unknownModel, unknownVersion } from '../../shared/models';
import type { Deployment, Protocol } from '../../shared/protocol';
import { describeModel, describeServer } from '../metadata';
import { describeConfig, describeStates, describeStatistics } from '../triton';
import { type ChooseModel, inferMessage } from './infer';
import { inferenceFile, type MethodName, serviceName } from './service';

export const openInferenceGrpc: Protocol = { name: 'open-inference', routes: routesOf };

/** Answers the fields of a request with those of a response. */
type Answer = (asked: Members) => Members | Promise<Members>;

function routesOf({ serving, versions }: Deployment): [string, Route][] {
  const choose = createChoice(serving);
  const { champion, models } = serving;
  const names = models.map(({ card }) => card.version);
  const described = (asked: Members) => choose(String(asked.name ?? ''), String(asked.version ?? ''));

  const answers: Readonly<Record<Exclude<MethodName, 'ModelInfer'>, Answer>> = {
    ServerLive: () => ({ live: true }),
    ServerReady: () => readiness(champion),
    ModelReady: (asked) => readiness(described(asked)),
    ServerMetadata: describeServer,
    ModelMetadata: (asked) => describeModel(described(asked).card, names),
    ModelConfig: (asked) => ({ config: describeConfig(described(asked)) }),
    // Without a name it tells of all.
    ModelStatistics: ({ name, version }) => {
      const wanted = name === undefined ? undefined : choose(String(name), String(version ?? ''));
      const counted = versions.filter(({ model }) => version === undefined || model === wanted);
      return { model_stats: counted.map(({ model, metrics }) => describeStatistics(model.card, metrics.read())) };
    },
    RepositoryIndex: ({ ready }) => ({ models: describeStates(models, ready === true) }),
  };

  return [
    [pathTo('ModelInfer'), { POST: (request) => inferMessage(choose, request) }],
    ...Object.entries(answers).map(([method, answer]): [string, Route] => [
      pathTo(method),
      { POST: answering(method, answer) },
    ]),
  ];
}

function pathTo(method: string): string {
  return pathOf(inferenceFile, serviceName, method);
}

function answering(method: string, answer: Answer): Handler {
  return async ({ body }: HttpRequest) => {
    const members = await answer(readMessage(inferenceFile, `${method}Request`, body));
    return messageReply(writeMessage(inferenceFile, `${method}Response`, members));
  };
}

/** Opens the model when it is not: a model that cannot be loaded is not ready. */
function readiness({ load }: Model): Promise<Members> {
  return load().then(
    () => ({ ready: true }),
    () => ({ ready: false }),
  );
}

/** The model of a name and version; without a version, the one whose turn it is. */
function createChoice({ champion, models, each }: Serving): ChooseModel {
  const next = each((model) => model);
  return (name, version) => {
    if (name !== champion.card.name) throw unknownModel(name, models);
    if (version === '') return next();
    const model = models.find(({ card }) => card.version === version);
    if (model === undefined) throw unknownVersion(version, models);
    return model;
  };
}
