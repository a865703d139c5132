"""Modules of PyTorch, by torch.onnx.export."""

import contextlib
import copy
import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import torch
from torch import nn

from ..columns import Unsupported
from .failures import describe_failure
from .network import Tensors
from .silence import in_silence
from .versions import read_versions

OPSET = 18
HALVES = (torch.float16, torch.bfloat16)
DIFFERENT_IN_TRAINING = (nn.modules.dropout._DropoutNd, nn.modules.batchnorm._NormBase)
EXPORTER = "onnxscript==0.7.2"


class TorchNetwork:
    """A module as it answers in eval(), on the processor."""

    library = "PyTorch"
    outputs: str | None = None

    def __init__(self, given: Any) -> None:
        self.notes: list[str] = []
        # What wraps a module for a compiler or several devices answers like it.
        while hasattr(given, "_orig_mod") or isinstance(given, nn.DataParallel):
            given = given._orig_mod if hasattr(given, "_orig_mod") else given.module
        if isinstance(given, torch.jit.ScriptModule):
            raise Unsupported("expected a torch.nn.Module, got a ScriptModule: pass the module that it was made of")
        self.kind = type(given).__name__
        self.module = self.to_processor(given)
        config = getattr(given, "config", None)
        self.labels = read_labels(getattr(config, "id2label", None))
        self.inputs = read_inputs(given)
        if any(part.training and isinstance(part, DIFFERENT_IN_TRAINING) for part in given.modules()):
            self.notes.append("the module was in train(); it is packaged as in eval(), without dropout and statistics of a batch")

    def to_processor(self, given: nn.Module) -> nn.Module:
        """The module itself, or a copy where it is on another device."""
        weights = [*given.parameters(), *given.buffers()]
        if any(each.is_meta for each in weights):
            raise Unsupported("the module has no weights: some are on the device meta. Load them before")
        half = next((each.dtype for each in weights if each.dtype in HALVES), None)
        if half is not None:
            raise Unsupported(f"the module has weights of {half}: expected torch.float32 or torch.float64. Pass module.float()")
        devices = {str(each.device) for each in weights if each.device.type != "cpu"}
        if not devices:
            return given
        self.notes.append(f"the module was on {', '.join(sorted(devices))}; a copy on the processor was packaged")
        return copy.deepcopy(given).cpu()

    @property
    def floats(self) -> Any:
        """The dtype of its weights."""
        found = [each.dtype for each in self.module.parameters() if each.is_floating_point()]
        return np.float64 if torch.float64 in found else np.float32

    def ask(self, feeds: Tensors) -> Tensors:
        """Its answers in eval()."""
        with as_in_eval(self.module), torch.no_grad():
            return {name: each.numpy() for name, each in name_outputs(self.call(to_tensors(feeds))).items()}

    def call(self, feeds: Mapping[str, torch.Tensor]) -> Any:
        """Inputs by name where forward has these names, else in order."""
        if set(feeds) <= set(self.inputs):
            return self.module(**feeds)
        return self.module(*feeds.values())

    def export(self, feeds: Tensors) -> onnx.ModelProto:
        """The weights by torch.onnx.export."""
        sizes = {name: {0: torch.export.Dim("rows")} for name in feeds}
        return self.export_with(feeds, sizes)

    def export_with(self, feeds: Tensors, sizes: Mapping[str, Mapping[int, Any]]) -> onnx.ModelProto:
        """The weights with the free sizes of each input."""
        names = list(feeds)
        with as_in_eval(self.module), torch.no_grad():
            outputs = list(name_outputs(self.call(to_tensors(feeds))))
            wrapped = InOrder(self, names).eval()
            try:
                with in_silence():
                    program = torch.onnx.export(
                        wrapped,
                        tuple(to_tensors(feeds).values()),
                        input_names=names,
                        output_names=outputs,
                        dynamic_shapes=(tuple(dict(sizes[name]) for name in names),),
                        opset_version=OPSET,
                        external_data=False,
                        dynamo=True,
                        verbose=False,
                    )
            except ImportError as failure:
                raise Unsupported(f"PyTorch exports with {EXPORTER.partition('=')[0]}: pip install {EXPORTER}") from failure
            except Exception as failure:
                raise Unsupported(describe_failure(self.kind, failure)) from failure
        return program.model_proto

    def describe(self) -> dict[str, Any]:
        """The module's class and size."""
        weights = sum(each.numel() for each in self.module.parameters())
        return {
            "estimator": f"torch.nn.Module {self.kind}",
            "parameters": {"weights": weights},
            "environment": read_versions("torch", "onnxscript"),
        }


class InOrder(nn.Module):
    """Takes its inputs in order and gives its outputs as a tuple, as the exporter names them."""

    def __init__(self, network: TorchNetwork, names: Sequence[str]) -> None:
        super().__init__()
        self.module = network.module
        self.ask = network.call
        self.names = list(names)

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(name_outputs(self.ask(dict(zip(self.names, tensors, strict=True)))).values())


def read_inputs(module: nn.Module) -> list[str]:
    """The names of forward's parameters."""
    try:
        parameters = inspect.signature(module.forward).parameters.values()
    except (TypeError, ValueError):
        return []
    return [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]


def read_labels(given: Any) -> list[str] | None:
    """The names in a configuration of Transformers."""
    if not isinstance(given, Mapping) or len(given) < 2:
        return None
    return [str(given[key]) for key in sorted(given, key=int)]


def to_tensors(feeds: Tensors) -> dict[str, torch.Tensor]:
    """Arrays as tensors of their own."""
    return {name: torch.from_numpy(np.array(each)) for name, each in feeds.items()}


def name_outputs(found: Any) -> dict[str, torch.Tensor]:
    """The outputs by name: those of a dict or a dataclass by their keys, others by their places."""
    if isinstance(found, torch.Tensor):
        return {"output": found}
    if hasattr(found, "_asdict"):
        found = found._asdict()
    if isinstance(found, Mapping):
        named = {str(name): each for name, each in found.items() if each is not None}
    elif isinstance(found, tuple | list):
        named = {f"output_{at}": each for at, each in enumerate(found)}
    else:
        raise Unsupported(f"the network returns a {type(found).__name__}: expected tensors, alone, in a tuple or in a dict")
    strange = next((name for name, each in named.items() if not isinstance(each, torch.Tensor)), None)
    if strange is not None or len(named) == 0:
        kind = "nothing" if strange is None else f"a {type(named[strange]).__name__} as {strange}"
        raise Unsupported(
            f"the network returns {kind}: expected tensors. Wrap it in a module that returns those that callers need"
        )
    return named


@contextlib.contextmanager
def as_in_eval(module: nn.Module) -> Iterator[None]:
    """Puts every part into eval(), and back into its own mode."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, mode in modes:
            part.training = mode
