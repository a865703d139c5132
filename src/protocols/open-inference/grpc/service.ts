/** The messages and methods of `inference.GRPCInferenceService` that are served, with Triton's additions. */
import type { Service } from '../../../grpc/methods';
import { type ProtoFile, readFields } from '../../../protobuf/schema';

const named = readFields('1 name string; 2 version string');
const tensor = '1 name string; 2 datatype string; 3 shape repeated int64';
const parameters = 'parameters map InferParameter';
const durations = ['success', 'fail', 'queue', 'compute_input', 'compute_infer', 'compute_output'];

const messages: ProtoFile['messages'] = {
  ServerLiveRequest: [],
  ServerLiveResponse: readFields('1 live bool'),
  ServerReadyRequest: [],
  ServerReadyResponse: readFields('1 ready bool'),
  ModelReadyRequest: named,
  ModelReadyResponse: readFields('1 ready bool'),
  ServerMetadataRequest: [],
  ServerMetadataResponse: readFields('1 name string; 2 version string; 3 extensions repeated string'),
  ModelMetadataRequest: named,
  ModelMetadataResponse: readFields(
    '1 name string; 2 versions repeated string; 3 platform string; 4 inputs repeated ModelMetadataResponse.TensorMetadata; 5 outputs repeated ModelMetadataResponse.TensorMetadata',
  ),
  'ModelMetadataResponse.TensorMetadata': readFields(tensor),
  InferParameter: readFields(
    '1 bool_param oneof parameter_choice bool; 2 int64_param oneof parameter_choice int64; 3 string_param oneof parameter_choice string; 4 double_param oneof parameter_choice double; 5 uint64_param oneof parameter_choice uint64',
  ),
  InferTensorContents: readFields(
    '1 bool_contents repeated bool; 2 int_contents repeated int32; 3 int64_contents repeated int64; 4 uint_contents repeated uint32; 5 uint64_contents repeated uint64; 6 fp32_contents repeated float; 7 fp64_contents repeated double; 8 bytes_contents repeated bytes',
  ),
  ModelInferRequest: readFields(
    `1 model_name string; 2 model_version string; 3 id string; 4 ${parameters}; 5 inputs repeated ModelInferRequest.InferInputTensor; 6 outputs repeated ModelInferRequest.InferRequestedOutputTensor; 7 raw_input_contents repeated bytes`,
  ),
  'ModelInferRequest.InferInputTensor': readFields(`${tensor}; 4 ${parameters}; 5 contents InferTensorContents`),
  'ModelInferRequest.InferRequestedOutputTensor': readFields(`1 name string; 2 ${parameters}`),
  ModelInferResponse: readFields(
    `1 model_name string; 2 model_version string; 3 id string; 4 ${parameters}; 5 outputs repeated ModelInferResponse.InferOutputTensor; 6 raw_output_contents repeated bytes`,
  ),
  'ModelInferResponse.InferOutputTensor': readFields(`${tensor}; 4 ${parameters}; 5 contents InferTensorContents`),
  ModelConfigRequest: named,
  ModelConfigResponse: readFields('1 config ModelConfig'),
  ModelConfig: readFields(
    '1 name string; 2 platform string; 17 backend string; 4 max_batch_size int32; 5 input repeated ModelInput; 6 output repeated ModelOutput',
  ),
  ModelInput: readFields('1 name string; 2 data_type DataType; 4 dims repeated int64'),
  ModelOutput: readFields('1 name string; 2 data_type DataType; 3 dims repeated int64'),
  ModelStatisticsRequest: named,
  ModelStatisticsResponse: readFields('1 model_stats repeated ModelStatistics'),
  ModelStatistics: readFields(
    '1 name string; 2 version string; 4 inference_count uint64; 5 execution_count uint64; 6 inference_stats InferStatistics',
  ),
  InferStatistics: readFields(durations.map((name, i) => `${i + 1} ${name} StatisticDuration`).join(';')),
  StatisticDuration: readFields('1 count uint64; 2 ns uint64'),
  RepositoryIndexRequest: readFields('1 repository_name string; 2 ready bool'),
  RepositoryIndexResponse: readFields('1 models repeated RepositoryIndexResponse.ModelIndex'),
  'RepositoryIndexResponse.ModelIndex': readFields('1 name string; 2 version string; 3 state string; 4 reason string'),
};

const methods = [
  'ServerLive',
  'ServerReady',
  'ModelReady',
  'ServerMetadata',
  'ModelMetadata',
  'ModelInfer',
  'ModelConfig',
  'ModelStatistics',
  'RepositoryIndex',
] as const;

export type MethodName = (typeof methods)[number];

export const serviceName = 'GRPCInferenceService';

export const inferenceFile: ProtoFile = {
  name: 'inference.proto',
  package: 'inference',
  messages,
  enums: {
    DataType: [
      ...['TYPE_INVALID', 'TYPE_BOOL', 'TYPE_UINT8', 'TYPE_UINT16', 'TYPE_UINT32', 'TYPE_UINT64', 'TYPE_INT8'],
      ...['TYPE_INT16', 'TYPE_INT32', 'TYPE_INT64', 'TYPE_FP16', 'TYPE_FP32', 'TYPE_FP64', 'TYPE_STRING', 'TYPE_BF16'],
    ],
  },
  services: {
    [serviceName]: methods.map((name) => ({ name, input: `${name}Request`, output: `${name}Response` })),
  },
};

export const inferenceService: Service = {
  file: inferenceFile,
  instead: {
    ModelStreamInfer: 'call ModelInfer for each request: many calls share a connection and their rows share runs',
  },
};
