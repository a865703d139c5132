"""Small networks that expect steps around them, in the files that the guide's programs read."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, checker, numpy_helper, parser, save_model

SEED = 7
IR_VERSION = 8
OPSET = 17
HEAD = f'<ir_version: {IR_VERSION}, opset_import: ["": {OPSET}]>'
WORDS = 30
WIDTH = 5
PICTURES = 5


def write_originals(directory: Path) -> None:
    """Writes `network.onnx`, `encoder.onnx`, `voice.onnx` and `pictures.npy`: the same on every run."""
    random = np.random.default_rng(SEED)
    save_model(create_network(random), directory / "network.onnx")
    save_model(create_encoder(random), directory / "encoder.onnx")
    save_model(create_voice(random), directory / "voice.onnx")
    np.save(directory / "pictures.npy", random.integers(0, 256, size=(PICTURES, 9, 7, 3), dtype=np.uint8))


def create_network(random: np.random.Generator) -> ModelProto:
    """Scaled pixels to scores of four classes, for pictures of any size."""
    return parse(
        """
network (float[N, 3, height, width] image) => (float[N, 4] scores)
{
  numbers = Conv<pads = [1, 1, 1, 1]>(image, kernel)
  positive = Relu(numbers)
  pooled = GlobalAveragePool(positive)
  scores = Flatten(pooled)
}
""",
        kernel=draw(random, 4, 3, 3, 3),
    )


def create_encoder(random: np.random.Generator) -> ModelProto:
    """Ids to a vector for each word, which depends on all words that the mask keeps."""
    return parse(
        f"""
encoder (int64[N, words] input_ids, int64[N, words] attention_mask) => (float[N, words, {WIDTH}] last_hidden_state, float[N, {WIDTH}] pooler_output)
{{
  looked_up = Gather(table, input_ids)
  mask = Cast<to = 1>(attention_mask)
  kept = Unsqueeze(mask, last)
  masked = Mul(looked_up, kept)
  context = ReduceSum<keepdims = 1>(masked, second)
  mixed = Add(looked_up, context)
  last_hidden_state = Tanh(mixed)
  pooler_output = Squeeze(context, second)
}}
""",
        table=draw(random, WORDS, WIDTH),
        last=np.array([-1]),
        second=np.array([1]),
    )


def create_voice(random: np.random.Generator) -> ModelProto:
    """A recurrent step of two layers: its state has the rows in the second place, its rate has none."""
    return parse(
        """
voice (float[N, 8] chunk, float[2, N, 4] state, int64 sr) => (float[N, 1] speech, float[2, N, 4] next_state)
{
  number = Cast<to = 1>(sr)
  scale = Div(number, usual)
  heard = MatMul(chunk, weights)
  scaled = Mul(heard, scale)
  sum = Add(state, scaled)
  next_state = Tanh(sum)
  mean = ReduceMean<axes = [0, 2], keepdims = 0>(next_state)
  speech = Unsqueeze(mean, last)
}
""",
        usual=np.array(8_000, np.float32),
        weights=draw(random, 8, 4) / np.float32(4),
        last=np.array([-1]),
    )


def draw(random: np.random.Generator, *sizes: int) -> NDArray[np.float32]:
    """Weights of a normal distribution."""
    return random.normal(size=sizes).astype(np.float32)


def parse(text: str, **constants: NDArray[np.generic]) -> ModelProto:
    """A checked model; constants are its initialisers."""
    model = parser.parse_model(HEAD + text)
    model.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    checker.check_model(model, full_check=True)
    return model
