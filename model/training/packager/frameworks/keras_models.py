"""Models of Keras 3, by their own `export` to ONNX, on the backend that they run on."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx

from ..answers import first_line, open_quietly
from ..columns import Unsupported
from . import parity
from .exported import rename
from .network import Tensors
from .silence import in_silence
from .versions import read_versions

OPSET = 18
# What the exporter of each backend needs beside Keras.
EXPORTERS = {"torch": "onnxscript==0.7.2", "tensorflow": "tf2onnx==1.17.0", "jax": "jax2onnx"}


class KerasNetwork:
    """A model as it answers with training=False."""

    library = "Keras"
    labels: list[str] | None = None
    outputs: str | None = None

    def __init__(self, model: Any) -> None:
        self.model, self.kind = model, type(model).__name__
        self.notes: list[str] = []
        self.backend = keras.backend.backend()
        if self.backend not in EXPORTERS:
            raise Unsupported(
                f"Keras runs on {self.backend} here, which has no exporter: save the model, and package it "
                f"where KERAS_BACKEND is {', '.join(EXPORTERS)}"
            )
        strange = next((each.dtype for each in model.weights if each.dtype in ("float16", "bfloat16", "float64")), None)
        if strange is not None:
            raise Unsupported(f"the model has weights of {strange}: expected float32, which Keras exports. Set its dtype policy")
        self.inputs = name_inputs(model)
        self.floats = np.float32
        declared = read_inputs(model)
        # Such a model casts integers itself: callers send numbers in columns.
        self.takes_floats = len(declared) > 0 and all(str(each.dtype).startswith("float") for each in declared)

    def ask(self, feeds: Tensors) -> Tensors:
        """Its answers with training=False."""
        given = self.arrange({name: keras.ops.convert_to_tensor(each) for name, each in feeds.items()})
        found = self.name(self.model(given, training=False))
        return {name: np.asarray(keras.ops.convert_to_numpy(each)) for name, each in found.items()}

    def arrange(self, feeds: Mapping[str, Any]) -> Any:
        """The inputs in the structure that the model was built with."""
        if len(feeds) == 1:
            (only,) = feeds.values()
            return only
        structure = getattr(self.model, "_inputs_struct", None)
        if isinstance(structure, list | tuple):
            lacking = next((name for name in self.inputs if name not in feeds), None)
            if lacking is not None:
                raise Unsupported(f"the sample lacks the input {lacking}: expected {', '.join(self.inputs)}")
            return [feeds[name] for name in self.inputs]
        return dict(feeds)

    def name(self, found: Any) -> dict[str, Any]:
        """The outputs by name: those of a dict by their keys, of a list by the names of their layers."""
        if isinstance(found, Mapping):
            return {str(name): each for name, each in found.items()}
        if not isinstance(found, list | tuple):
            return {"output": found}
        names = list(getattr(self.model, "output_names", []))
        is_known = len(names) == len(found) == len(set(names))
        return dict(zip(names if is_known else [f"output_{at}" for at in range(len(found))], found, strict=True))

    def export(self, feeds: Tensors) -> onnx.ModelProto:
        """The weights by model.export."""
        specs = {
            name: keras.InputSpec(shape=(None, *each.shape[1:]), dtype=each.dtype.name, name=name) for name, each in feeds.items()
        }
        with tempfile.TemporaryDirectory() as place:
            path = str(Path(place) / "model.onnx")
            try:
                with in_silence():
                    self.model.export(
                        path, format="onnx", verbose=False, input_signature=[self.arrange(specs)], opset_version=OPSET
                    )
            except ImportError as failure:
                package = EXPORTERS[self.backend]
                name = package.partition("=")[0]
                raise Unsupported(f"Keras on {self.backend} exports with {name}: pip install {package}") from failure
            except Exception as failure:
                raise Unsupported(f"Keras on {self.backend} does not convert {self.kind}: {first_line(failure)}") from failure
            model = onnx.load(path)
        name_outputs_by_values(model, feeds, self.ask(feeds))
        return model

    def describe(self) -> dict[str, Any]:
        """The model's class and size, and what it runs on."""
        package = {"tensorflow": ["tensorflow", "tensorflow-cpu"]}.get(self.backend, [self.backend])
        return {
            "estimator": f"keras.{self.kind}",
            "parameters": {"weights": self.model.count_params(), "backend": self.backend},
            "environment": read_versions("keras", *package, EXPORTERS[self.backend].partition("=")[0]),
        }


def read_inputs(model: Any) -> Sequence[Any]:
    """What a model was built with; nothing for one that is a class of its own."""
    try:
        return list(model.inputs or [])
    except (AttributeError, ValueError):
        return []


def name_inputs(model: Any) -> list[str]:
    """The names of several inputs. Keras numbers those without one, so the only input is `input`."""
    structure = getattr(model, "_inputs_struct", None)
    if isinstance(structure, Mapping):
        return [str(name) for name in structure]
    declared = read_inputs(model)
    return [str(each.name) for each in declared] if len(declared) > 1 else ["input"]


def name_outputs_by_values(model: onnx.ModelProto, feeds: Tensors, answers: Tensors) -> None:
    """Gives each output the name of the answer that it has: exporters sort or number them."""
    found = [each.name for each in model.graph.output]
    weights = {each.name for each in model.graph.initializer}
    inputs = [each.name for each in model.graph.input if each.name not in weights]
    if len(found) != len(answers) or len(inputs) != len(feeds):
        return
    given = feeds if set(inputs) == set(feeds) else dict(zip(inputs, feeds.values(), strict=True))
    outputs = dict(zip(found, open_quietly(model.SerializeToString()).run(found, given), strict=True))
    left, names = dict(answers), {}
    for name, output in outputs.items():
        alike = {key: each for key, each in left.items() if each.shape == output.shape}
        if not alike:
            return
        names[name] = min(alike, key=lambda key: parity.measure({key: alike[key]}, {key: output}).max())
        del left[names[name]]
    rename(model, names)
    order = {name: place for place, name in enumerate(answers)}
    ordered = sorted(model.graph.output, key=lambda each: order[each.name])
    del model.graph.output[:]
    model.graph.output.extend(ordered)
