"""The official Triton client against a server: every call but shared memory and repository control.

    python triton.py HOST:PORT MODEL_DIRECTORY

Ends with 0 when every answer is right, else with the first that is not.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from tritonclient.utils import InferenceServerException

TOLERANCE = 1e-6


def main(url: str, directory: Path) -> None:
    """Runs all checks."""
    card = json.loads((directory / "card.json").read_text())
    samples = json.loads((directory / "samples.json").read_text())["samples"]
    client = triton.InferenceServerClient(url, concurrency=4)
    check_health_and_metadata(client, card)
    rows = np.array([sample["instance"] for sample in samples], dtype=np.float32)
    expected = [sample["prediction"] for sample in samples]
    checks = 0
    for binary_input in (True, False):
        for binary_output in (True, False):
            for request_coding in (None, "gzip", "deflate"):
                for answer_coding in (None, "gzip", "deflate"):
                    inputs = to_inputs(card, rows, binary=binary_input)
                    outputs = [triton.InferRequestedOutput(o["name"], binary_data=binary_output) for o in card["outputs"]]
                    result = client.infer(
                        card["name"],
                        inputs,
                        outputs=outputs,
                        request_id="request 1",
                        request_compression_algorithm=request_coding,
                        response_compression_algorithm=answer_coding,
                    )
                    check_result(result, card, expected)
                    assert result.get_response()["id"] == "request 1"
                    checks += 1
    check_defaults(client, card, rows, expected)
    check_classification(client, card, rows, expected)
    check_errors(client, card, rows)
    client.close()
    checks += asyncio.run(check_asyncio(url, card, rows, expected))
    print(f"{checks} forms of inference agree with the golden samples")


async def check_asyncio(url: str, card: dict[str, Any], rows: Any, expected: list[dict[str, Any]]) -> int:
    """The client for asyncio, which says of every body that it is bytes."""
    client = triton_aio.InferenceServerClient(url)
    name = card["name"]
    assert await client.is_server_live() and await client.is_server_ready() and await client.is_model_ready(name)
    assert await client.get_log_settings() == await client.update_log_settings({"log_info": True})
    assert await client.get_trace_settings() == await client.update_trace_settings(name, {"trace_level": ["OFF"]})
    checks = 0
    for binary_input in (True, False):
        for binary_output in (True, False):
            for coding in (None, "gzip", "deflate"):
                outputs = [triton.InferRequestedOutput(o["name"], binary_data=binary_output) for o in card["outputs"]]
                result = await client.infer(
                    name,
                    to_inputs(card, rows, binary=binary_input),
                    outputs=outputs,
                    request_compression_algorithm=coding,
                    response_compression_algorithm=coding,
                )
                check_result(result, card, expected)
                checks += 1
    await client.close()
    return checks


def check_health_and_metadata(client: Any, card: dict[str, Any]) -> None:
    """What a server says of itself."""
    name, version = card["name"], card["version"]
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(name)
    assert client.is_model_ready(name, version)
    assert not client.is_model_ready("no such model")
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    metadata = client.get_model_metadata(name, version)
    assert [tensor["name"] for tensor in metadata["inputs"]] == [tensor["name"] for tensor in card["inputs"]]
    config = client.get_model_config(name)
    assert [tensor["name"] for tensor in config["output"]] == [tensor["name"] for tensor in card["outputs"]]
    check_settings(client, name)
    assert config["input"][0]["data_type"] == f"TYPE_{card['inputs'][0]['datatype']}"
    # With batches, the configuration has dimensions of one row, and the metadata of all.
    assert config["max_batch_size"] > 0
    assert [-1, *config["input"][0]["dims"]] == metadata["inputs"][0]["shape"]


def check_settings(client: Any, name: str) -> None:
    """Log and trace settings are there, and stay as they are."""
    assert client.get_trace_settings()["trace_level"] == ["OFF"]
    assert client.get_trace_settings(name) == client.update_trace_settings(name, {"trace_level": ["OFF"]})
    assert client.get_log_settings() == client.update_log_settings({"log_info": True})
    for update, setting in [(client.update_log_settings, "log_verbose_level"), (client.update_trace_settings, "trace_rate")]:
        try:
            update(settings={setting: 7})
        except InferenceServerException as error:
            assert f"/{setting}: expected" in error.message(), error.message()
        else:
            raise AssertionError(f"{setting} was changed")


def to_inputs(card: dict[str, Any], rows: Any, *, binary: bool) -> list[Any]:
    """The rows as the model's one input."""
    [spec] = card["inputs"]
    tensor = triton.InferInput(spec["name"], list(rows.shape), spec["datatype"])
    tensor.set_data_from_numpy(rows, binary_data=binary)
    return [tensor]


def check_result(result: Any, card: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    """Labels are the same, probabilities close."""
    labels = result.as_numpy("label")
    assert [card["labels"][label] for label in labels] == [prediction["label"] for prediction in expected]
    wanted = np.array([list(prediction["probabilities"].values()) for prediction in expected])
    assert np.abs(result.as_numpy("probabilities") - wanted).max() <= TOLERANCE


def check_defaults(client: Any, card: dict[str, Any], rows: Any, expected: list[dict[str, Any]]) -> None:
    """No outputs named, a version named, many at once."""
    inputs = to_inputs(card, rows, binary=True)
    check_result(client.infer(card["name"], inputs, model_version=card["version"]), card, expected)
    waiting = [client.async_infer(card["name"], inputs, parameters={"custom": 1}) for _ in range(8)]
    for request in waiting:
        check_result(request.get_result(), card, expected)
    body, json_size = triton.InferenceServerClient.generate_request_body(inputs)
    assert json_size < len(body)
    after = client.get_inference_statistics(card["name"])["model_stats"][0]
    assert after["inference_count"] >= len(rows)
    statistics = after["inference_stats"]
    assert statistics["success"]["count"] >= len(waiting)
    # perf_analyzer ends itself where these differ.
    parts = [statistics[part]["count"] for part in ("queue", "compute_input", "compute_infer", "compute_output")]
    assert parts == [statistics["success"]["count"]] * len(parts), statistics


def check_classification(client: Any, card: dict[str, Any], rows: Any, expected: list[dict[str, Any]]) -> None:
    """The two likeliest labels of each row."""
    for binary in (True, False):
        output = triton.InferRequestedOutput("probabilities", binary_data=binary, class_count=2)
        strings = client.infer(card["name"], to_inputs(card, rows, binary=True), outputs=[output]).as_numpy("probabilities")
        assert strings.shape == (len(rows), 2)
        for row, prediction in zip(strings, expected, strict=True):
            texts = [text.decode() if isinstance(text, bytes) else text for text in row]
            shares, indexes, labels = zip(*(text.split(":") for text in texts), strict=True)
            assert abs(float(shares[0]) - max(prediction["probabilities"].values())) <= TOLERANCE
            assert float(shares[0]) >= float(shares[1])
            assert [card["labels"][int(index)] for index in indexes] == list(labels)


def check_errors(client: Any, card: dict[str, Any], rows: Any) -> None:
    """The server's own words reach who uses the client."""
    before = client.get_inference_statistics(card["name"])["model_stats"][0]["inference_stats"]
    wrong = triton.InferInput("nothing", list(rows.shape), "FP32")
    wrong.set_data_from_numpy(rows)
    for ask, words in [
        (lambda: client.infer(card["name"], [wrong]), "expected the input"),
        (lambda: client.infer("nothing", to_inputs(card, rows, binary=True)), "Unknown model"),
        (lambda: client.get_model_metadata(card["name"], "77"), "Unknown version"),
        (lambda: client.load_model(card["name"]), "Nothing is served"),
    ]:
        try:
            ask()
        except InferenceServerException as error:
            assert words in error.message(), error.message()
        else:
            raise AssertionError(f"no error with the words {words}")
    after = client.get_inference_statistics(card["name"])["model_stats"][0]["inference_stats"]
    assert after["fail"]["count"] == before["fail"]["count"] + 1
    assert after["success"]["count"] == before["success"]["count"]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
