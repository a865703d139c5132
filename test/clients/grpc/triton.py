"""The official Triton client for gRPC against a server: every call that is served, and the refusal of those that are not.

    python triton.py HOST:PORT MODEL_DIRECTORY

Ends with 0 when every answer is right, else with the first that is not.
"""

import asyncio
import json
import queue
import sys
from pathlib import Path
from typing import Any

import numpy as np
import tritonclient.grpc as triton
import tritonclient.grpc.aio as triton_aio
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException

import grpc

TOLERANCE = 1e-6


def main(url: str, directory: Path) -> None:
    """Runs all checks."""
    card = json.loads((directory / "card.json").read_text())
    samples = json.loads((directory / "samples.json").read_text())["samples"]
    rows = np.array([sample["instance"] for sample in samples], dtype=np.float32)
    expected = [sample["prediction"] for sample in samples]
    client = triton.InferenceServerClient(url)
    check_metadata(client, card)
    checks = 0
    for coding in (None, "gzip", "deflate"):
        for outputs in (None, [triton.InferRequestedOutput(output["name"]) for output in card["outputs"]]):
            result = client.infer(
                card["name"],
                to_inputs(card, rows),
                outputs=outputs,
                request_id="request 1",
                compression_algorithm=coding,
            )
            check_result(result, card, expected)
            assert result.get_response().id == "request 1"
            checks += 1
    check_classification(client, card, rows, expected)
    check_errors(client, card, rows)
    check_stream(client)
    check_statistics(client, card)
    client.close()
    check_typed_contents(url, card, rows, expected)
    checks += asyncio.run(check_asyncio(url, card, rows, expected))
    print(f"{checks} forms of inference agree with the golden samples")


def check_metadata(client: Any, card: dict[str, Any]) -> None:
    """Health, metadata, configuration, repository."""
    name, version = card["name"], card["version"]
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready(name) and client.is_model_ready(name, version)
    assert "classification" in client.get_server_metadata().extensions
    metadata = client.get_model_metadata(name)
    assert list(metadata.versions) == [version]
    assert [tensor.name for tensor in metadata.inputs] == [tensor["name"] for tensor in card["inputs"]]
    assert [tuple(tensor.shape) for tensor in metadata.outputs] == [tuple(tensor["shape"]) for tensor in card["outputs"]]
    config = client.get_model_config(name).config
    assert config.max_batch_size > 1
    assert [list(tensor.dims) for tensor in config.input] == [tensor["shape"][1:] for tensor in card["inputs"]]
    assert config.input[0].data_type == config.input[0].DESCRIPTOR.fields_by_name["data_type"].enum_type.values_by_name[
        f"TYPE_{card['inputs'][0]['datatype']}"
    ].number
    [index] = client.get_model_repository_index().models
    assert (index.name, index.version, index.state) == (name, version, "READY")


def to_inputs(card: dict[str, Any], rows: Any) -> list[Any]:
    """The rows as the model's one input."""
    [spec] = card["inputs"]
    tensor = triton.InferInput(spec["name"], list(rows.shape), spec["datatype"])
    tensor.set_data_from_numpy(rows)
    return [tensor]


def check_result(result: Any, card: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    """Labels are the same, probabilities close."""
    labels = result.as_numpy("label")
    assert [card["labels"][label] for label in labels] == [prediction["label"] for prediction in expected]
    wanted = np.array([list(prediction["probabilities"].values()) for prediction in expected])
    assert np.abs(result.as_numpy("probabilities") - wanted).max() <= TOLERANCE


def check_classification(client: Any, card: dict[str, Any], rows: Any, expected: list[dict[str, Any]]) -> None:
    """The two likeliest labels of each row."""
    output = triton.InferRequestedOutput("probabilities", class_count=2)
    strings = client.infer(card["name"], to_inputs(card, rows), outputs=[output]).as_numpy("probabilities")
    assert strings.shape == (len(rows), 2)
    for row, prediction in zip(strings, expected, strict=True):
        share, index, label = row[0].decode().split(":")
        assert abs(float(share) - max(prediction["probabilities"].values())) <= TOLERANCE
        assert card["labels"][int(index)] == label


def check_typed_contents(url: str, card: dict[str, Any], rows: Any, expected: list[dict[str, Any]]) -> None:
    """Elements in the field of their datatype are answered in kind."""
    [spec] = card["inputs"]
    with grpc.insecure_channel(url) as channel:
        request = service_pb2.ModelInferRequest(model_name=card["name"])
        tensor = request.inputs.add(name=spec["name"], datatype=spec["datatype"], shape=rows.shape)
        tensor.contents.fp32_contents.extend(rows.flatten().tolist())
        answer, call = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer.with_call(request)
    assert ("model-version", card["version"]) in [(key, value) for key, value in call.initial_metadata()]
    assert not answer.raw_output_contents
    outputs = {output.name: output for output in answer.outputs}
    labels = outputs["label"].contents.int64_contents
    assert [card["labels"][label] for label in labels] == [prediction["label"] for prediction in expected]
    shares = np.array(outputs["probabilities"].contents.fp32_contents).reshape(outputs["probabilities"].shape)
    wanted = np.array([list(prediction["probabilities"].values()) for prediction in expected])
    assert np.abs(shares - wanted).max() <= TOLERANCE


def check_errors(client: Any, card: dict[str, Any], rows: Any) -> None:
    """The server's own words reach who uses the client, with a status."""
    name = card["name"]
    wrong = triton.InferInput("nothing", list(rows.shape), "FP32")
    wrong.set_data_from_numpy(rows)
    for ask, status, words in [
        (lambda: client.infer(name, [wrong]), "INVALID_ARGUMENT", '/inputs/0/name: expected the input "X"'),
        (lambda: client.infer("nothing", to_inputs(card, rows)), "NOT_FOUND", 'Unknown model "nothing"'),
        (lambda: client.get_model_metadata(name, "77"), "NOT_FOUND", 'Unknown version "77"'),
        (lambda: client.load_model(name), "UNIMPLEMENTED", "RepositoryModelLoad"),
    ]:
        try:
            ask()
        except InferenceServerException as error:
            assert error.status() == f"StatusCode.{status}", error.status()
            assert words in error.message(), error.message()
        else:
            raise AssertionError(f"no error with the words {words}")


def check_stream(client: Any) -> None:
    """A stream is refused in words, before a request is sent on it."""
    answers: queue.Queue[Any] = queue.Queue()
    client.start_stream(callback=lambda result, error: answers.put((result, error)))
    result, error = answers.get(timeout=10)
    assert result is None
    assert error.status() == "StatusCode.UNIMPLEMENTED" and "ModelInfer" in error.message(), error
    client.stop_stream()


def check_statistics(client: Any, card: dict[str, Any]) -> None:
    """Counts of what was asked before."""
    [statistics] = client.get_inference_statistics(card["name"]).model_stats
    assert statistics.inference_stats.success.count >= 7
    assert statistics.inference_stats.compute_infer.ns > 0
    assert statistics.inference_count >= statistics.execution_count > 0


async def check_asyncio(url: str, card: dict[str, Any], rows: Any, expected: list[dict[str, Any]]) -> int:
    """The client for asyncio, with many calls at once on one connection."""
    client = triton_aio.InferenceServerClient(url)
    assert await client.is_server_live() and await client.is_model_ready(card["name"])
    results = await asyncio.gather(*(client.infer(card["name"], to_inputs(card, rows)) for _ in range(32)))
    for result in results:
        check_result(result, card, expected)
    try:
        await client.infer(card["name"], to_inputs(card, rows), model_version="77")
    except InferenceServerException as error:
        assert "Unknown version" in error.message()
    else:
        raise AssertionError("no error for an unknown version")
    await client.close()
    return len(results)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
