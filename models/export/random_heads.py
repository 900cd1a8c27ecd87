#!/usr/bin/env python3
"""The heads of the seeds' models with random weights, as small ONNX files with inputs and the vectors that PyTorch gives: what Winnow's tests run.

  python3 models/export/random_heads.py --out test/medium/models/exports

Needs torch, onnx's writer in it, numpy and Pillow; no network, no weights. Always the same numbers (seeds below).
"""
import argparse
import json
import os

import numpy as np
import torch
from PIL import Image
from torch import nn

from heads import GeM, Unit, fold_batch_norm, fold_linear, isc_head, landmark_head, pet_head, visionforce_head, whitening
from parity import SEED, draw, report, write_onnx
from pictures import HALF, squashed

CHANNELS = 10


def random_norm(features, seed):
    """Batch normalisation as training leaves it: means, variances, gains and offsets that are not 0 and 1."""
    norm = nn.BatchNorm1d(features)
    with torch.no_grad():
        norm.weight.copy_(1 + 0.3 * draw(features, seed=seed))
        norm.bias.copy_(0.2 * draw(features, seed=seed + 1))
        norm.running_mean.copy_(0.5 * draw(features, seed=seed + 2))
        norm.running_var.copy_(0.2 + draw(features, seed=seed + 3).abs())
    return norm.eval()


def random_linear(inputs, outputs, seed, bias=True):
    linear = nn.Linear(inputs, outputs, bias=bias)
    with torch.no_grad():
        linear.weight.copy_(draw(outputs, inputs, seed=seed) / inputs ** 0.5)
        if bias:
            linear.bias.copy_(0.1 * draw(outputs, seed=seed + 1))
    return linear


def random_pca(inputs, outputs, seed):
    """A PCA with eigenvalues to the power -0.5, as faiss's PCAMatrix holds it: y = A x + b."""
    data = np.random.RandomState(seed).standard_normal((200, inputs)) * np.linspace(2, 0.3, inputs)
    mean = data.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((data - mean).T, bias=True))
    order = np.argsort(values)[::-1][:outputs]
    matrix = vectors[:, order].T * values[order][:, None] ** -0.5
    return matrix, -matrix @ mean


class Unfolded(nn.Module):
    """What the folded layers must agree with: the original's layers one after the other."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


def cases():
    """(name, what it is, the original's layers, the same as it is exported, the input)"""
    maps = 0.8 * draw(3, CHANNELS, 4, 5)
    fc, bn = random_linear(CHANNELS, 6, 1, bias=False), random_norm(6, 10)
    yield 'isc-head', 'ISC21: GeM p=1, linear without bias, batch norm folded, unit length', Unfolded(GeM(1), fc, bn, Unit()), isc_head(fc, bn), maps
    for p in (1.0, 3.0, 4.5):
        yield f'gem-{p:g}', f'GeM p={p:g} over maps with negative values', GeM(p), GeM(p), maps
    first, first_bn, second, second_bn = random_linear(CHANNELS, 12, 20), random_norm(12, 30), random_linear(12, 14, 40), random_norm(14, 50)
    layers = (GeM(3), first, first_bn, nn.LeakyReLU(0.2), second, second_bn)
    yield 'visionforce-head', 'VisionForce: GeM p=3, two linear layers, batch norms folded, unit length', Unfolded(*layers, Unit()), visionforce_head(first, first_bn, second, second_bn), maps
    pca = random_pca(14, 5, 60)
    yield 'visionforce-head-pca', 'the same with PCA whitening (power -0.5, 14 to 5) folded into the last layer', Unfolded(*layers, whitening(*pca), Unit()), visionforce_head(first, first_bn, second, second_bn, pca=pca), maps
    lfc, lbn = random_linear(CHANNELS, 8, 70), random_norm(8, 80)
    yield 'landmark-head', 'Landmark 2019: GeM p=3, linear, batch norm folded, not normalised', Unfolded(GeM(3), lfc, lbn), landmark_head(lfc, lbn), maps
    yield 'pet-head', 'pet biometrics: mean and maximum side by side, unit length', pet_head(), pet_head(), maps
    vectors = draw(4, 14, seed=5)
    yield 'whitening', 'PCA whitening alone', whitening(*pca), whitening(*pca), vectors
    one, two, norm = random_linear(14, 9, 90), random_linear(9, 4, 95), random_norm(9, 97)
    yield 'folding', 'linear, batch norm, linear as one layer', Unfolded(one, norm, two), fold_linear(fold_batch_norm(one, norm), two), vectors


def tiny_isc():
    """A whole model from picture to descriptor: a convolution stands for the network, the rest is ISC21's."""
    network = nn.Conv2d(3, CHANNELS, 8, stride=8)
    with torch.no_grad():
        network.weight.copy_(draw(*network.weight.shape, seed=110) / 8)
        network.bias.copy_(0.1 * draw(CHANNELS, seed=111))
    return nn.Sequential(network, isc_head(random_linear(CHANNELS, 6, 1, bias=False), random_norm(6, 10))).eval()


def test_picture():
    """Soft shapes and stripes of 97 x 61 pixels: nothing that a resize leaves unchanged."""
    y, x = np.mgrid[0:61, 0:97]
    channels = [127 + 90 * np.sin(x / (5 + 3 * c) + y / 11) + np.where((x - 60) ** 2 + (y - 25) ** 2 < 300, 45 - 40 * c, 0) for c in range(3)]
    return Image.fromarray(np.clip(np.rint(np.stack(channels, axis=-1)), 0, 255).astype(np.uint8))


def rounded(tensor):
    return [float(f'{value:.9g}') for value in tensor.detach().numpy().ravel()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    told = []
    for name, what, original, exported, example in cases():
        path = os.path.join(options.out, f'{name}.onnx')
        names = ('map' if example.dim() == 4 else 'vector',)
        write_onnx(exported, example, path, inputs=names)
        report(original.eval(), example, path, inputs=names)
        with torch.no_grad():
            expected = original(example)
        told.append({'name': name, 'what': what, 'file': f'{name}.onnx', 'input': {'name': names[0], 'dims': list(example.shape), 'data': rounded(example)}, 'expected': {'dims': list(expected.shape), 'data': rounded(expected)}})
    model = tiny_isc()
    path = os.path.join(options.out, 'tiny-isc.onnx')
    write_onnx(model, draw(2, 3, 32, 32), path)
    report(model, draw(2, 3, 32, 32), path)
    picture = os.path.join(options.out, 'picture.png')
    test_picture().save(picture)
    with torch.no_grad():
        vector = model(squashed(picture, 32, HALF))
    with open(os.path.join(options.out, 'cases.json'), 'w') as file:
        lines = ',\n'.join(json.dumps(case) for case in told)
        about = json.dumps({'made_by': 'models/export/random_heads.py', 'torch': torch.__version__, 'seed': SEED, 'picture': {'file': 'picture.png', 'model': 'tiny-isc.onnx', 'size': 32, 'vector': rounded(vector)}})
        file.write(f'{about[:-1]}, "cases": [\n{lines}\n]}}\n')
    np.save(os.path.join(options.out, 'picture.npy'), vector.numpy()[0])


if __name__ == '__main__':
    main()
