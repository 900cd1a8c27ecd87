"""Reference draws and inlier counts of NumPy and scikit-image for test/unit/verify: /usr/bin/python3 ransac.py (Debian's: NumPy 1.24, scikit-image 0.19)."""
import json, os, warnings
import numpy as np
from skimage.measure import ransac
from skimage.transform import AffineTransform, ProjectiveTransform

warnings.simplefilter('ignore')
draws = []
for seed in (0, 1, 114514, 4294967295):
    rng = np.random.default_rng(seed)
    draws.append({'seed': seed, 'samples': [{'n': n, 'sample': rng.choice(n, k, replace=False).tolist()} for n, k in ((33, 3), (5, 4), (1000, 3), (4, 3), (9999, 4), (3, 3), (7, 4)) for _ in range(3)]})

cases = []
rng = np.random.default_rng(7)
for kind, model, k in (('affine', AffineTransform, 3), ('homography', ProjectiveTransform, 4)):
    for good, bad, noise in ((20, 10, 1.0), (15, 45, 2.0), (8, 30, 3.0), (0, 25, 0.0), (5, 0, 0.5), (60, 120, 4.0)):
        a = rng.uniform(0, 512, (good + bad, 2))
        h = np.array([[1.1, .1, 12], [-.05, .9, 30], [0 if kind == 'affine' else 2e-4, 0 if kind == 'affine' else -1e-4, 1]])
        b = np.c_[a, np.ones(len(a))] @ h.T
        b = b[:, :2] / b[:, 2:] + rng.normal(0, noise, a.shape)
        b[good:] = rng.uniform(0, 512, (bad, 2))
        a, b = np.round(a, 2), np.round(b, 2)
        residual = 20.0 if kind == 'affine' else 8.0
        _, inliers = ransac((a, b), model, k, residual, max_trials=300, random_state=114514)
        cases.append({'model': kind, 'residual': residual, 'trials': 300, 'matches': np.c_[a, b].ravel().tolist(), 'inliers': 0 if inliers is None else int(inliers.sum())})
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'ransac.json'), 'w') as f:
    json.dump({'draws': draws, 'cases': cases}, f)
