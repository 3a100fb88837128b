#!/usr/bin/env python3
"""k-means of scikit-learn on a matrix that it makes, for .ci/bench.mjs: bench-kmeans.py make FILE ROWS COLUMNS | time FILE COLUMNS K RESTARTS.

The matrix has the shape of customers: skewed amounts and counts that hang together, their logarithms standardised, no clean gaps between groups.
"""
import json
import sys
import time

import numpy as np


def make(path, rows, columns):
    random = np.random.default_rng(1)
    kinds = random.integers(0, 7, rows)
    centres = random.normal(0, 1, (7, columns))
    shared = random.normal(0, 1, (rows, 1))
    values = centres[kinds] + 0.6 * shared + random.gamma(2.0, 0.5, (rows, columns))
    values = (values - values.mean(0)) / values.std(0)
    values.astype("<f8").tofile(path)


def measure(path, columns, k, restarts):
    from sklearn.cluster import KMeans

    data = np.fromfile(path, "<f8").reshape(-1, columns)
    KMeans(k, n_init=1, max_iter=2, random_state=0).fit(data[:20000])
    begun = time.perf_counter()
    found = KMeans(k, n_init=restarts, max_iter=300, tol=1e-4, random_state=1).fit(data)
    took = time.perf_counter() - begun
    print(json.dumps({"seconds": took, "inertia": found.inertia_, "iterations": found.n_iter_}))


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    measure(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
