"""Saves the forest of the first argument as an MLflow model into the directory of the second, at set-up."""

import sys

import joblib
import mlflow.sklearn

mlflow.sklearn.save_model(
    joblib.load(sys.argv[1]),
    f"{sys.argv[2]}/model",
    # The other peers answer shares, not labels alone.
    pyfunc_predict_fn="predict_proba",
    # Refused otherwise: a forest's trees are stored as indices that nothing checks.
    skops_trusted_types=["sklearn.tree._tree.Tree"],
    # Served in this environment; what is not said is looked for by loading the model in another process.
    pip_requirements=["scikit-learn"],
)
