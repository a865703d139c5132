"""KServe's client for gRPC against a server, with bytes and with typed contents.

    python client.py HOST:PORT MODEL_DIRECTORY

Ends with 0 when every answer is right, else with the first that is not.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from kserve import InferInput, InferRequest
from kserve.inference_client import InferenceGRPCClient


async def main(url: str, directory: Path) -> None:
    """Runs all checks."""
    card = json.loads((directory / "card.json").read_text())
    samples = json.loads((directory / "samples.json").read_text())["samples"]
    rows = np.array([sample["instance"] for sample in samples], dtype=np.float32)
    client = InferenceGRPCClient(url=url)
    assert await client.is_server_live() and await client.is_server_ready() and await client.is_model_ready(card["name"])
    for binary in (True, False):
        request = InferRequest(model_name=card["name"], infer_inputs=[to_input(card, rows, binary=binary)])
        answer = await client.infer(request)
        labels = answer.outputs[0].as_numpy()
        assert [card["labels"][label] for label in labels] == [sample["prediction"]["label"] for sample in samples]
    await client.close()
    print("both forms of tensors agree with the golden samples")


def to_input(card: dict[str, Any], rows: Any, *, binary: bool) -> Any:
    """The rows as the model's one input."""
    [spec] = card["inputs"]
    if not binary:
        return InferInput(spec["name"], list(rows.shape), spec["datatype"], data=rows.flatten().tolist())
    tensor = InferInput(spec["name"], list(rows.shape), spec["datatype"])
    tensor.set_data_from_numpy(rows, binary_data=True)
    return tensor


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
