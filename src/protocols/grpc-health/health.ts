/** `grpc.health.v1.Health`: whether the model is loaded and may be called. */
import type { Service } from '../../grpc/methods';
import { messageReply } from '../../grpc/reply';
import type { HttpReply, HttpRequest } from '../../http/message';
import { quote } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { Problem } from '../../problem';
import { readMessage, writeMessage } from '../../protobuf/messages';
import { type ProtoFile, pathOf, readFields } from '../../protobuf/schema';
import type { Protocol } from '../shared/protocol';

const file: ProtoFile = {
  name: 'health.proto',
  package: 'grpc.health.v1',
  messages: {
    HealthCheckRequest: readFields('1 service string'),
    HealthCheckResponse: readFields('1 status HealthCheckResponse.ServingStatus'),
  },
  enums: { 'HealthCheckResponse.ServingStatus': ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] },
  services: { Health: [{ name: 'Check', input: 'HealthCheckRequest', output: 'HealthCheckResponse' }] },
};

export const healthService: Service = { file, instead: { Watch: 'call Check' } };

/** Tells of these services, and of the server as a whole. */
export function createHealth(services: readonly string[]): Protocol {
  const known = ['', ...services];

  async function check({ load }: Model, { body }: HttpRequest): Promise<HttpReply> {
    const { service = '' } = readMessage(file, 'HealthCheckRequest', body);
    if (!known.includes(String(service)))
      throw new Problem('unknown-model', `Unknown service ${quote(String(service))}; expected ${services.join(', ')}.`);
    const status = await load().then(
      () => 'SERVING',
      () => 'NOT_SERVING',
    );
    return messageReply(writeMessage(file, 'HealthCheckResponse', { status }));
  }

  return {
    name: 'grpc-health',
    routes: ({ serving }) => [
      [pathOf(file, 'Health', 'Check'), { POST: (request) => check(serving.champion, request) }],
    ],
  };
}
