"""MLServer's types against a server: its codecs of arrays and data frames, over REST and gRPC, typed and raw.

    python client.py HOST:PORT MODEL_DIRECTORY

Ends with 0 when every answer is right, else with the first that is not.
"""

import json
import sys
import urllib.request
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pandas as pd
from mlserver.codecs import NumpyCodec, PandasCodec
from mlserver.grpc.converters import ModelInferRequestConverter, ModelInferResponseConverter
from mlserver.grpc.dataplane_pb2_grpc import GRPCInferenceServiceStub
from mlserver.types import InferenceRequest, InferenceResponse


def main(address: str, directory: Path) -> None:
    """Runs all checks."""
    card = json.loads((directory / "card.json").read_text())
    samples = json.loads((directory / "samples.json").read_text())["samples"]
    rows = [sample["instance"] for sample in samples]
    expected = [sample["prediction"]["label"] for sample in samples]
    [spec] = card["inputs"]
    requests = [
        InferenceRequest(inputs=[NumpyCodec.encode_input(spec["name"], np.array(rows, np.float32))]),
        PandasCodec.encode_request(pd.DataFrame(rows, columns=[feature["name"] for feature in card["features"]])),
    ]
    stub = GRPCInferenceServiceStub(grpc.insecure_channel(address))
    for request in requests:
        answers = [ask_rest(address, card["name"], request)]
        for use_raw in (False, True):
            message = ModelInferRequestConverter.from_types(request, model_name=card["name"], model_version="", use_raw=use_raw)
            answers.append(ModelInferResponseConverter.to_types(stub.ModelInfer(message)))
        for answer in answers:
            assert [card["labels"][label] for label in read_labels(answer)] == expected, answer
    print(f"{len(requests)} codecs agree with the golden samples over REST and gRPC")


def ask_rest(address: str, model: str, request: InferenceRequest) -> InferenceResponse:
    """The answer over HTTP/1.1."""
    body = request.model_dump_json(exclude_none=True).encode()
    sent = urllib.request.Request(f"http://{address}/v2/models/{model}/infer", body, {"content-type": "application/json"})
    with urllib.request.urlopen(sent) as answer:
        return InferenceResponse.model_validate(json.load(answer))


def read_labels(answer: InferenceResponse) -> list[Any]:
    """The elements of the output of labels."""
    output = next(each for each in answer.outputs if each.name == "label")
    return np.ravel(NumpyCodec.decode_output(output)).astype(int).tolist()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
