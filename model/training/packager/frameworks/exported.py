"""What the exporters write, made servable: without traces of this machine, with a free number of rows, and with probabilities."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import ModelProto, checker, helper, numpy_helper

from ..answers import first_line, open_quietly
from ..columns import Unsupported
from .network import Reading, Tensors

LARGEST_FILE = 2_000_000_000
ROWS = "rows"
# They change no number.
CARRIERS = ("Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape", "Flatten")
ACTIVATIONS = ("Softmax", "LogSoftmax", "Sigmoid")


def clean(model: ModelProto) -> ModelProto:
    """Removes what exporters note of sources: paths and lines of code of this machine."""
    del model.metadata_props[:]
    model.doc_string = ""
    model.graph.name = "model"
    clean_graph(model.graph)
    for function in model.functions:
        function.doc_string = ""
        del function.metadata_props[:]
        clean_nodes(function.node)
    return model


def clean_graph(graph: onnx.GraphProto) -> None:
    """Removes the notes of a graph and of those within it."""
    graph.doc_string = ""
    del graph.metadata_props[:]
    # Names of axes within are the exporter's; the runtime infers shapes by itself.
    del graph.value_info[:]
    for value in (*graph.input, *graph.output, *graph.initializer):
        value.doc_string = ""
        if hasattr(value, "metadata_props"):
            del value.metadata_props[:]
    clean_nodes(graph.node)


def clean_nodes(nodes: Sequence[onnx.NodeProto]) -> None:
    """Removes the notes of nodes and of their graphs."""
    for node in nodes:
        node.doc_string = ""
        del node.metadata_props[:]
        for attribute in node.attribute:
            for graph in (*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])):
                clean_graph(graph)


def name_inputs(model: ModelProto, names: Sequence[str]) -> None:
    """Gives the inputs the names of the sample's, where an exporter has its own; both are in order."""
    weights = {each.name for each in model.graph.initializer}
    found = [each for each in model.graph.input if each.name not in weights]
    if len(found) != len(names):
        lacking = [name for name in names if name not in {each.name for each in found}]
        raise Unsupported(f"the network does not use its input {(lacking or list(names))[0]}: leave it out of the sample")
    if {each.name for each in found} != set(names):
        rename(model, {each.name: name for each, name in zip(found, names, strict=True)})


def name_outputs(model: ModelProto, names: Sequence[str]) -> None:
    """Gives the outputs the names that the framework's answers have, in order."""
    found = [each.name for each in model.graph.output]
    if len(found) != len(names):
        raise Unsupported(f"the exporter wrote {len(found)} outputs, the network has {len(names)}: return each tensor once")
    if found != list(names):
        rename(model, dict(zip(found, names, strict=True)))


def rename(model: ModelProto, names: Mapping[str, str]) -> None:
    """Renames tensors of the outer graph; another that has such a name gets a new one."""
    graph = model.graph
    used = {name for node in graph.node for name in (*node.input, *node.output)} | {each.name for each in graph.initializer}
    wanted = dict(names)
    for new in names.values():
        if new in used and new not in names:
            wanted[new] = f"{new}_of_graph"
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = wanted.get(name, name)
        for place, name in enumerate(node.output):
            node.output[place] = wanted.get(name, name)
    for value in (*graph.input, *graph.output, *graph.initializer):
        value.name = wanted.get(value.name, value.name)


def find_activation(model: ModelProto, output: str) -> str | None:
    """Softmax, LogSoftmax or Sigmoid, if an output is what one of them gives."""
    makers = {name: node for node in model.graph.node for name in node.output}
    node = makers.get(output)
    while node is not None and node.op_type in CARRIERS:
        node = makers.get(node.input[0])
    return node.op_type if node is not None and node.op_type in ACTIVATIONS else None


def add_probabilities(model: ModelProto, output: str, reading: Reading, width: int) -> None:
    """Puts behind an output what makes probabilities of it, one for each label."""
    graph = model.graph
    rename(model, {output: "answers"})
    source = graph.output[0]
    kind = source.type.tensor_type.elem_type
    # Floating-point numbers of any kind; 0 copies the size of the rows.
    graph.initializer.append(numpy_helper.from_array(np.array([-1, width], np.int64), "width"))
    graph.node.append(helper.make_node("Reshape", ["answers", "width"], ["in_columns"]))
    last = "in_columns"
    operator = {"softmax": "Softmax", "sigmoid": "Sigmoid", "exp": "Exp"}.get(reading.activation or "")
    if operator is not None:
        options = {"axis": -1} if operator == "Softmax" else {}
        graph.node.append(helper.make_node(operator, [last], ["activated"], **options))
        last = "activated"
    if width == 1:
        dtype = helper.tensor_dtype_to_np_dtype(kind)
        graph.initializer.append(numpy_helper.from_array(np.ones((1, 1), dtype), "one"))
        graph.node.append(helper.make_node("Sub", ["one", last], ["of_first"]))
        graph.node.append(helper.make_node("Concat", ["of_first", last], ["of_both"], axis=-1))
        last = "of_both"
    graph.node.append(helper.make_node("Identity", [last], [output]))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(output, kind, [ROWS, max(2, width)]))


def finish(model: ModelProto, feeds: Tensors, kind: str) -> bytes:
    """Frees the rows of every tensor, declares the other sizes as runs have them, and checks the file."""
    for value in model.graph.input:
        sizes = value.type.tensor_type.shape.dim
        if len(sizes) == 0 or sizes[0].HasField("dim_value"):
            count = sizes[0].dim_value if len(sizes) > 0 else "no"
            raise Unsupported(f"{kind} works for {count} rows only: replace the number in its reshapes by -1")
        if value.name in feeds:
            sizes[0].dim_param = ROWS
    if model.ByteSize() > LARGEST_FILE:
        raise Unsupported(
            f"{kind} has {model.ByteSize() / 1e9:.1f} GB of weights: expected less than 2 GB, which one ONNX file holds. "
            "Export it with external_data=True and run npm run model -- inspect"
        )
    try:
        session = open_quietly(model.SerializeToString())
        runs = {count: session.run(None, {name: each[:count] for name, each in feeds.items()}) for count in (1, 2)}
        declare_sizes(model, runs[1], runs[2])
        checker.check_model(model, full_check=True)
    except Unsupported:
        raise
    except Exception as failure:
        raise Unsupported(f"{kind} was exported to ONNX that cannot run: {first_line(failure)}") from failure
    return bytes(model.SerializeToString(deterministic=True))


def declare_sizes(model: ModelProto, one: Sequence[np.ndarray], two: Sequence[np.ndarray]) -> None:
    """Declares each output as [rows, …] with the sizes of real runs."""
    for output, of_one, of_two in zip(model.graph.output, one, two, strict=True):
        if of_one.shape[:1] != (1,) or of_two.shape != (2, *of_one.shape[1:]):
            raise Unsupported(
                f"the output {output.name} has the shape {list(of_one.shape)} for one row and {list(of_two.shape)} for two: "
                "expected one entry per row, all of the same sizes"
            )
        shape = output.type.tensor_type.shape
        del shape.dim[:]
        shape.dim.add().dim_param = ROWS
        for size in of_one.shape[1:]:
            shape.dim.add().dim_value = size
