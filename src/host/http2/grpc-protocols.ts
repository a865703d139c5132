/** What is served over gRPC. */
import type { Service } from '../../grpc/methods';
import { createHealth, healthService } from '../../protocols/grpc-health/health';
import { createReflection, reflectionServices } from '../../protocols/grpc-reflection/reflection';
import { openInferenceGrpc } from '../../protocols/open-inference/grpc/grpc';
import { inferenceService } from '../../protocols/open-inference/grpc/service';
import type { Protocol } from '../../protocols/shared/protocol';

const described = [inferenceService, healthService];
const names = described.flatMap(({ file }) => Object.keys(file.services).map((name) => `${file.package}.${name}`));

export const grpcServices: readonly Service[] = [...described, ...reflectionServices];

export const grpcProtocols: readonly Protocol[] = [
  openInferenceGrpc,
  createHealth(names),
  createReflection(described.map(({ file }) => file)),
];
