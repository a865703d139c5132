"""Writes tests of operators that the onnx package has, drawn at random: operators.py DIRECTORY COUNT SEED.

Each is a model and its first data set: inputs and outputs by name. Those with other values than tensors of datatypes that
JSON and the runtime share have none.
"""

import json
import random
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases


def main(directory: Path, count: int, seed: int) -> None:
    """Models as files, and the cases as one."""
    warnings.simplefilter("ignore")
    cases = sorted(collect_testcases(None), key=lambda case: str(case.name))
    random.Random(seed).shuffle(cases)
    written = []
    for case in cases[:count]:
        (directory / f"{case.name}.onnx").write_bytes(case.model.SerializeToString())
        written.append({"name": case.name, **read_data(case)})
    (directory / "operators.json").write_text(json.dumps(written), encoding="utf-8")


def read_data(case: Any) -> dict[str, Any]:
    """Inputs and outputs of the first data set, or nothing."""
    inputs, outputs = case.data_sets[0]
    graph = case.model.graph
    try:
        return {"inputs": to_tensors(graph.input, inputs), "outputs": to_tensors(graph.output, outputs)}
    except TypeError:
        return {}


def to_tensors(declared: Any, values: Any) -> dict[str, Any]:
    """Values by name, as nested lists with their shape."""
    tensors = {}
    for info, value in zip(declared, values, strict=False):
        if not info.type.HasField("tensor_type"):
            raise TypeError(info.name)
        array = np.asarray(numpy_helper.to_array(value) if isinstance(value, TensorProto) else value)
        tensors[info.name] = {"shape": list(array.shape), "data": to_json(array)}
    return tensors


def to_json(array: Any) -> Any:
    """What is no number is null, as the server writes it."""
    if array.dtype.kind == "f":
        return np.where(np.isfinite(array), array.astype(np.float64).astype(object), None).tolist()
    if array.dtype.kind in "iub":
        return array.tolist()
    if array.dtype.kind in "OSU":
        return json.loads(json.dumps(array.tolist(), default=lambda text: text.decode()))
    raise TypeError(array.dtype)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
