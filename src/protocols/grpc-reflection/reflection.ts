/** Server reflection, in both of its versions: tools such as grpcurl learn from it what is served, without a .proto file. */
import type { Service } from '../../grpc/methods';
import { messageReply } from '../../grpc/reply';
import { statusCodes } from '../../grpc/status';
import type { HttpReply, HttpRequest } from '../../http/message';
import { quote } from '../../model/instances/faults';
import { writeDescriptor } from '../../protobuf/descriptor';
import { type Members, readMessage, writeMessage } from '../../protobuf/messages';
import { type ProtoFile, pathOf, readFields } from '../../protobuf/schema';
import type { Protocol } from '../shared/protocol';

const messages: ProtoFile['messages'] = {
  ServerReflectionRequest: readFields(
    '1 host string; 3 file_by_filename oneof message_request string; 4 file_containing_symbol oneof message_request string; 5 file_containing_extension oneof message_request ExtensionRequest; 6 all_extension_numbers_of_type oneof message_request string; 7 list_services oneof message_request string',
  ),
  ExtensionRequest: readFields('1 containing_type string; 2 extension_number int32'),
  ServerReflectionResponse: readFields(
    '1 valid_host string; 2 original_request ServerReflectionRequest; 4 file_descriptor_response oneof message_response FileDescriptorResponse; 5 all_extension_numbers_response oneof message_response ExtensionNumberResponse; 6 list_services_response oneof message_response ListServiceResponse; 7 error_response oneof message_response ErrorResponse',
  ),
  FileDescriptorResponse: readFields('1 file_descriptor_proto repeated bytes'),
  ExtensionNumberResponse: readFields('1 base_type_name string; 2 extension_number repeated int32'),
  ListServiceResponse: readFields('1 service repeated ServiceResponse'),
  ServiceResponse: readFields('1 name string'),
  ErrorResponse: readFields('1 error_code int32; 2 error_message string'),
};

const method = {
  name: 'ServerReflectionInfo',
  input: 'ServerReflectionRequest',
  output: 'ServerReflectionResponse',
  isConversation: true,
} as const;
const serviceName = 'ServerReflection';

/** The second is the older one, of which tools ask when there is no other. */
const files = ['v1', 'v1alpha'].map(
  (version): ProtoFile => ({
    name: `reflection.${version}.proto`,
    package: `grpc.reflection.${version}`,
    messages,
    enums: {},
    services: { [serviceName]: [method] },
  }),
);

export const reflectionServices: readonly Service[] = files.map((file) => ({ file }));

/** Tells of these files and of its own. */
export function createReflection(others: readonly ProtoFile[]): Protocol {
  const all = [...others, ...files];
  const symbols = new Map(all.flatMap((file) => symbolsOf(file).map((name) => [name, file] as const)));

  function answer(file: ProtoFile, { body }: HttpRequest): HttpReply {
    const asked = readMessage(file, method.input, body);
    const members = { valid_host: asked.host ?? '', original_request: asked, ...respond(asked) };
    return messageReply(writeMessage(file, method.output, members));
  }

  function respond(asked: Members): Members {
    const { file_by_filename: name, file_containing_symbol: symbol, list_services: list } = asked;
    if (list !== undefined) return { list_services_response: { service: all.flatMap(servicesOf) } };
    if (name !== undefined)
      return describe(
        all.find((file) => file.name === name),
        String(name),
      );
    if (symbol !== undefined) return describe(symbols.get(String(symbol)), String(symbol));
    return failed(statusCodes.unimplemented, 'Nothing served here has extensions.');
  }

  return {
    name: 'grpc-reflection',
    routes: () =>
      files.map((file) => [pathOf(file, serviceName, method.name), { POST: (request) => answer(file, request) }]),
  };
}

function describe(file: ProtoFile | undefined, asked: string): Members {
  if (file === undefined) return failed(statusCodes.notFound, `Unknown symbol or file ${quote(asked)}.`);
  return { file_descriptor_response: { file_descriptor_proto: [writeDescriptor(file)] } };
}

function failed(code: number, text: string): Members {
  return { error_response: { error_code: code, error_message: text } };
}

function servicesOf(file: ProtoFile): readonly Members[] {
  return Object.keys(file.services).map((name) => ({ name: `${file.package}.${name}` }));
}

function symbolsOf({ package: own, messages: ofMessages, enums, services }: ProtoFile): readonly string[] {
  const methods = Object.entries(services).flatMap(([name, rows]) => rows.map((row) => `${name}.${row.name}`));
  const names = [...Object.keys(ofMessages), ...Object.keys(enums), ...Object.keys(services), ...methods];
  return names.map((name) => `${own}.${name}`);
}
