"""Predicts with MLflow's own scoring client and its encodings: `mlflow.py PORT MODEL_DIRECTORY`."""
import json
import sys
from pathlib import Path

import numpy
import pandas
import requests
from mlflow.models import ModelSignature
from mlflow.models.utils import _Example
from mlflow.pyfunc.scoring_server.client import ScoringServerClient
from mlflow.types.schema import ColSpec, Schema
from mlflow.types.utils import _infer_schema
from mlflow.utils.proto_json_utils import dump_input_data

port, directory = int(sys.argv[1]), Path(sys.argv[2])
card = json.loads((directory / "card.json").read_text())
samples = json.loads((directory / "samples.json").read_text())["samples"][:20]
names = [feature["name"] for feature in card["features"]]
rows = [sample["instance"] for sample in samples]
labels = [sample["prediction"]["label"] for sample in samples]
frame = pandas.DataFrame(rows, columns=names)
array = numpy.array(rows)

client = ScoringServerClient("127.0.0.1", port)
client.wait_server_ready()
forms = 0


def expect(predictions):
    global forms
    assert list(predictions["label"]) == labels, predictions
    forms += 1


# What the client itself does, and each encoding that its own writer has.
for data in (frame, frame[names[::-1]], array, rows):
    expect(client.invoke(data).get_predictions())
answer = client.invoke(frame, params={"coverage": 0.9}).get_predictions()
assert all(label in held for label, held in zip(labels, answer["label_set"], strict=True)), answer
expect(answer)
for key in ("dataframe_split", "inputs", "instances"):
    if key == "dataframe_split":
        body = dump_input_data(frame)
    else:
        body = dump_input_data(array, inputs_key=key)
    answer = requests.post(f"http://127.0.0.1:{port}/invocations", data=body, headers={"content-type": "application/json"})
    expect(pandas.DataFrame(answer.json()["predictions"]))
records = json.dumps({"dataframe_records": frame.to_dict(orient="records")})
answer = requests.post(f"http://127.0.0.1:{port}/invocations", data=records, headers={"content-type": "application/json"})
expect(pandas.DataFrame(answer.json()["predictions"]))
answer = requests.post(f"http://127.0.0.1:{port}/invocations", data=frame.to_csv(index=False), headers={"content-type": "text/csv"})
expect(pandas.DataFrame(answer.json()["predictions"]))

# An input example as MLflow saves it beside a model for its servers.
example = _Example(frame)
assert ModelSignature(inputs=_infer_schema(frame)).inputs == Schema([ColSpec("double", name) for name in names])
answer = requests.post(f"http://127.0.0.1:{port}/invocations", json={"dataframe_split": example._inference_data.to_dict(orient="split")})
expect(pandas.DataFrame(answer.json()["predictions"]))

# The request shapes of SageMaker's runtime: its serializers' bodies and its types.
lines = "\n".join(json.dumps({"features": row}) for row in rows)
for body, kind, accept in (
    (frame.to_csv(index=False, header=False), "text/csv", "text/csv"),
    (lines, "application/jsonlines", "application/jsonlines"),
    (json.dumps({"instances": rows}), "application/json", "application/json"),
):
    answer = requests.post(f"http://127.0.0.1:{port}/invocations", data=body, headers={"content-type": kind, "accept": accept})
    answer.raise_for_status()
    assert answer.headers["content-type"] == accept
    if accept == "text/csv":
        expect({"label": [line.split(",")[0] for line in answer.text.splitlines()]})
    elif accept == "application/jsonlines":
        expect({"label": [json.loads(line)["label"] for line in answer.text.splitlines()]})
    else:
        expect(pandas.DataFrame(answer.json()["predictions"]))

assert client.get_version()
try:
    client.invoke(frame.rename(columns={names[0]: "other"}))
    raise AssertionError("an unknown column was taken")
except Exception as failure:
    assert "other" in str(failure), failure
print(f"{forms} forms of invocation agree with the golden samples")
