"""Prints the seconds in which a library and an artifact load, as the peers load them: load_artifact.py LIBRARY FILE."""

import json
import sys
import time

library, artifact = sys.argv[1:]

started = time.perf_counter()
if library == "scikit-learn":
    import joblib
    import sklearn.ensemble  # noqa: F401

    imported = time.perf_counter()
    joblib.load(artifact)
else:
    from onnxruntime import InferenceSession, SessionOptions

    imported = time.perf_counter()
    options = SessionOptions()
    options.intra_op_num_threads = 1
    InferenceSession(artifact, options, providers=["CPUExecutionProvider"])
loaded = time.perf_counter()

print(json.dumps({"library": imported - started, "load": loaded - imported}))
