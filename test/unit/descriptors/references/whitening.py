"""PCA-whitening by NumPy, as faiss's PCAMatrix does it (eigenvectors of the covariance, each times eigenvalue ** power), in double precision.
Cases: more rows than dimensions and fewer. Vectors are sums of a few directions of falling strength, as descriptors are.
Run with Debian's python3 (numpy): python3 whitening.py > whitening.json"""
import json
import sys

import numpy as np

rng = np.random.default_rng(5)


def case(rows, dim, size, power):
    strengths = 2.0 ** -np.arange(dim)[: min(dim, 12)]
    mixed = rng.normal(size=(rows, len(strengths))) * strengths @ rng.normal(size=(len(strengths), dim)) + 0.02 * rng.normal(size=(rows, dim)) + rng.normal(size=dim)
    training = np.round(mixed, 5).astype(np.float32)
    queries = np.round(training[:6] + 0.1 * rng.normal(size=(6, dim)), 5).astype(np.float32)
    x = training.astype(np.float64)
    mean = x.mean(0)
    values, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / rows)
    order = np.argsort(-values)[:size]
    directions = vectors[:, order].T
    # An eigenvector's sign is free: the largest entry is made positive.
    directions *= np.sign(directions[np.arange(size), np.abs(directions).argmax(1)])[:, None]
    whitened = (queries - mean) @ (directions * values[order][:, None] ** power).T
    return dict(
        size=size, power=power, training=training.tolist(), queries=queries.tolist(), variances=values[order].tolist(), kept=float(values[order].sum() / values.sum()),
        whitened=whitened.tolist(), normalised=(whitened / np.linalg.norm(whitened, axis=1, keepdims=True)).tolist(),
    )


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return {key: rounded(each) for key, each in value.items()} if isinstance(value, dict) else value


json.dump(dict(produced_by=f"NumPy {np.__version__}, double precision", cases=[rounded(case(*each)) for each in [(60, 12, 8, -0.5), (60, 12, 12, -0.5), (20, 30, 9, -0.5), (40, 10, 5, -0.25), (40, 10, 4, 0.0)]]), sys.stdout)
