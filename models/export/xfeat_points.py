#!/usr/bin/env python3
"""XFeat (verlab/accelerated_features, Apache-2.0, arXiv 2404.19174): keypoints, scores and descriptors of one picture as ONNX.

  git clone https://github.com/verlab/accelerated_features
  python3 models/export/xfeat_points.py --repository accelerated_features --out xfeat.onnx

The network is imported from the clone; what turns its three maps into points (non-maximum suppression over 5 x 5, the best 2000, descriptors sampled in
between) is written here from the paper and the repository's description, for one picture of a fixed size. Points that are none have the score 0.
Needs torch 1.13 or newer. --random: without weights, to try the export.
"""
import argparse
import os
import sys
import warnings

import torch
from torch import nn
from torch.nn import functional as F

from parity import LEAST_COSINE, SEED, compare, run_onnx


class Points(nn.Module):
    """1 x 3 x H x W in 0..1 to keypoints 1 x K x 2 (x, y in pixels), scores 1 x K, descriptors 1 x K x 64."""

    def __init__(self, network, height, width, most, threshold=0.05):
        super().__init__()
        self.network, self.height, self.width, self.most, self.threshold = network, height, width, most, threshold
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing='ij')
        self.register_buffer('everywhere', torch.stack([x, y], dim=-1).reshape(1, -1, 2).float(), persistent=False)

    def heat(self, logits):
        """65 logits a cell of 8 x 8 (the last: no point) to a map of the picture's size."""
        cells = F.softmax(logits, dim=1)[:, :64]
        return F.pixel_shuffle(cells, 8)

    def at(self, values, points, mode):
        """A map sampled at points in pixels; their grid runs from the first pixel's middle to the last's, as the original's does."""
        size = torch.tensor([self.width - 1, self.height - 1], dtype=values.dtype)
        found = F.grid_sample(values, (2 * points / size - 1)[:, None], mode=mode, align_corners=False)
        return found[:, :, 0].transpose(1, 2)

    def forward(self, picture):
        features, logits, reliability = self.network(picture)
        heat = self.heat(logits)
        peak = (heat == F.max_pool2d(heat, 5, stride=1, padding=2)) & (heat > self.threshold)
        # The score of every pixel, so that the best are chosen by it and not by the heat alone.
        score = heat * self.at(reliability, self.everywhere, 'bilinear').transpose(1, 2).reshape(heat.shape)
        scores, index = torch.where(peak, score, torch.zeros_like(score)).flatten(1).topk(self.most, dim=1)
        points = torch.stack([(index % self.width).float(), torch.div(index, self.width, rounding_mode='floor').float()], dim=-1)
        descriptors = F.normalize(self.at(F.normalize(features, dim=1), points, 'bicubic'), dim=-1)
        return points, scores, descriptors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--repository', required=True, help='a clone of verlab/accelerated_features')
    parser.add_argument('--weights', help='weights/xfeat.pt of the clone where nothing is said')
    parser.add_argument('--random', action='store_true')
    parser.add_argument('--width', type=int, default=640)
    parser.add_argument('--height', type=int, default=480)
    parser.add_argument('--most', type=int, default=2000)
    parser.add_argument('--out', default='xfeat.onnx')
    options = parser.parse_args()
    if not os.path.exists(os.path.join(options.repository, 'modules', 'model.py')):
        sys.exit(f'{options.repository} is no clone of verlab/accelerated_features: there is no modules/model.py.')
    if options.width % 32 or options.height % 32:
        sys.exit('Width and height must be multiples of 32.')
    sys.path.insert(0, options.repository)
    from modules.model import XFeatModel
    torch.manual_seed(SEED)
    network = XFeatModel()
    if not options.random:
        network.load_state_dict(torch.load(options.weights or os.path.join(options.repository, 'weights', 'xfeat.pt'), map_location='cpu'))
    else:
        # Random weights are too even to find a point above the threshold.
        with torch.no_grad():
            network.keypoint_head[3].weight.mul_(200)
    model = Points(network.eval(), options.height, options.width, options.most).eval()
    picture = torch.rand(1, 3, options.height, options.width, generator=torch.Generator().manual_seed(SEED))
    export_points(model, picture, options.out)


def export_points(model, picture, path):
    """Writes the file and compares it, point by point: two that score alike may change places, and the last ones may be others."""
    part = path + '.part'
    names = ('keypoints', 'scores', 'descriptors')
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter('ignore')
        torch.onnx.export(model, picture, part, input_names=['picture'], output_names=list(names), opset_version=16)
        ours = [value.numpy()[0] for value in model(picture)]
    os.replace(part, path)
    found, runtime = run_onnx(path, {'picture': picture})
    theirs = [found[name][0] for name in names]
    place = {tuple(point): i for i, point in enumerate(theirs[0].astype(int).tolist()) if theirs[1][i] > 0}
    pairs = [(i, place[tuple(point)]) for i, point in enumerate(ours[0].astype(int).tolist()) if ours[1][i] > 0 and tuple(point) in place]
    points = int((ours[1] > 0).sum())
    a, b = (list(side) for side in zip(*pairs)) if pairs else ([], [])
    scores = float(abs(ours[1][a] - theirs[1][b]).max()) if pairs else 0.0
    cosine, difference = compare(ours[2][a], theirs[2][b]) if pairs else (1.0, 0.0)
    print(f'{os.path.basename(path)}: {len(pairs)} of {points} points the same; scores differ by {scores:.3g}, descriptors: cosine {cosine:.9f}, max abs {difference:.3g}  (PyTorch {torch.__version__} against {runtime}, seed {SEED})')
    if points == 0 or len(pairs) < 0.99 * points or cosine < LEAST_COSINE:
        sys.exit(f'{path} does not compute what the model computes.')


if __name__ == '__main__':
    main()
