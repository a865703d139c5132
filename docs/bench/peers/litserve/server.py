"""LitServe and ONNX Runtime: the usual LitAPI, one worker, answers as the other peers give them."""

import os
from pathlib import Path

import litserve
import numpy as np
from onnxruntime import InferenceSession, SessionOptions

LABELS = ["setosa", "versicolor", "virginica"]
MODEL = Path(__file__).parents[4] / "model" / "model.onnx"


class Iris(litserve.LitAPI):
    def setup(self, device):
        options = SessionOptions()
        # As in predict.cjs: threads of a pinned process fight over its one core.
        options.intra_op_num_threads = 1
        self.session = InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])

    def decode_request(self, request):
        return np.array(request["instances"], dtype=np.float32)

    def predict(self, rows):
        return self.session.run(["label", "probabilities"], {"X": rows})

    def encode_response(self, output):
        labels, probabilities = output
        return {
            "predictions": [
                {"label": LABELS[label], "probabilities": dict(zip(LABELS, shares))}
                for label, shares in zip(labels.tolist(), probabilities.tolist())
            ]
        }


if __name__ == "__main__":
    server = litserve.LitServer(Iris(), accelerator="cpu", workers_per_device=1)
    # The client file would be written into the directory that the bench runs in.
    server.run(host="127.0.0.1", port=int(os.environ["PORT"]), num_api_servers=1, generate_client_file=False)
