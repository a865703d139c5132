"""The official clients for health and reflection, and the published messages held against those of other packages.

    python tools.py HOST:PORT MODEL_DIRECTORY

Ends with 0 when every answer is right, else with the first that is not.
"""

import sys
from typing import Any

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from tritonclient.grpc import model_config_pb2, service_pb2


def main(url: str, _: str) -> None:
    """Runs all checks."""
    with grpc.insecure_channel(url) as channel:
        check_health(channel)
        fields = check_reflection(channel)
    print(f"{fields} fields are those of Triton's and gRPC's own definitions")


def check_health(channel: Any) -> None:
    """The server and its service are there, and others are not."""
    stub = health_pb2_grpc.HealthStub(channel)
    for service in ("", "inference.GRPCInferenceService"):
        answer = stub.Check(health_pb2.HealthCheckRequest(service=service))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING, answer
    expect(lambda: stub.Check(health_pb2.HealthCheckRequest(service="x")), "NOT_FOUND", 'Unknown service "x"')
    expect(lambda: next(stub.Watch(health_pb2.HealthCheckRequest())), "UNIMPLEMENTED", "call Check")


def expect(ask: Any, status: str, words: str) -> None:
    """The call fails in this way."""
    try:
        ask()
    except grpc.RpcError as error:
        assert error.code().name == status and words in error.details(), error
    else:
        raise AssertionError(f"no error with the words {words}")


def check_reflection(channel: Any) -> int:
    """Every message that the server describes is a part of the one that others know."""
    database = ProtoReflectionDescriptorDatabase(channel)
    services = set(database.get_services())
    assert {"inference.GRPCInferenceService", "grpc.health.v1.Health"} <= services, services
    pool = DescriptorPool(database)
    others = {file.package: file for file in (service_pb2.DESCRIPTOR, health_pb2.DESCRIPTOR)}
    compared = 0
    for name in ("inference.GRPCInferenceService", "grpc.health.v1.Health"):
        service = pool.FindServiceByName(name)
        other = others[service.file.package].services_by_name[service.name]
        for method in service.methods:
            known = other.methods_by_name[method.name]
            assert method.input_type.full_name == known.input_type.full_name
            assert method.output_type.full_name == known.output_type.full_name
        for message in service.file.message_types_by_name.values():
            compared += compare(message, find(message.full_name))
        for enum in service.file.enum_types_by_name.values():
            known = model_config_pb2.DESCRIPTOR.enum_types_by_name[enum.name]
            assert {value.name: value.number for value in enum.values} == {value.name: value.number for value in known.values}
    return compared


def find(full_name: str) -> Any:
    """The message as another package has it."""
    package, name = full_name.rsplit(".", 1)
    if package == "grpc.health.v1":
        return health_pb2.DESCRIPTOR.message_types_by_name[name]
    return service_pb2.DESCRIPTOR.message_types_by_name.get(name) or model_config_pb2.DESCRIPTOR.message_types_by_name[name]


def compare(message: Any, other: Any) -> int:
    """Fields and, within, nested messages."""
    for field in message.fields:
        known = other.fields_by_name[field.name]
        for part in ("number", "type"):
            assert getattr(field, part) == getattr(known, part), (message.full_name, field.name, part)
        assert field.is_repeated == known.is_repeated, (message.full_name, field.name)
        assert (field.message_type and field.message_type.full_name) == (known.message_type and known.message_type.full_name)
        assert (field.containing_oneof and field.containing_oneof.name) == (known.containing_oneof and known.containing_oneof.name)
    return len(message.fields) + sum(compare(nested, other.nested_types_by_name[nested.name]) for nested in message.nested_types)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
