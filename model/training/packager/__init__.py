"""Turns a fitted estimator into a model directory: columns to tensors, estimator to ONNX, both compared, and described."""
