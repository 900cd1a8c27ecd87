"""Finds the card's near-duplicate threshold and floor on pictures of the training sources that were never trained on: rows 9,900 to 10,920 of
`large` (exclude.py keeps them back) and Tiny-ImageNet's own validation pictures. Nothing of ../shared/data, nothing of the sample project.

  /usr/bin/python3 models/train/calibrate.py --size 96

threshold: 2 in a million pairs of different pictures lie above it; floor: 160 in a million (the rates at which `basic` was set).
"""
import argparse, io, os, sys
import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kept import kept_back
from model import load_whitened
import views

parser = argparse.ArgumentParser()
parser.add_argument('--state', default='models/train/checkpoint.pt')
parser.add_argument('--data', default='models/train/work/data')
parser.add_argument('--mirror', default='../.mirror')
parser.add_argument('--size', type=int, default=96)
args = parser.parse_args()
torch.set_num_threads(1)
model, _ = load_whitened(args.state)

large, val = kept_back(args.data, args.mirror)


def vectors(pixels, edit=lambda x: x):
    rows = []
    with torch.no_grad():
        for at in range(0, len(pixels), 64):
            x = torch.from_numpy(np.array(pixels[at:at + 64])).permute(0, 3, 1, 2).float() / 255
            rows.append(model(F.interpolate(edit(x), size=args.size, mode='bilinear', antialias=x.shape[-1] > args.size).clamp(0, 1)))
    return torch.cat(rows)


def crop(kept):
    return lambda x: x[:, :, (n := int(x.shape[2] * (1 - kept) / 2)):x.shape[2] - n, n:x.shape[3] - n]


def jpeg(quality):
    def edit(x):
        for i in range(len(x)):
            file = io.BytesIO()
            Image.fromarray((x[i].permute(1, 2, 0) * 255).byte().numpy()).save(file, 'JPEG', quality=quality)
            x[i] = torch.from_numpy(np.array(Image.open(file))).permute(2, 0, 1).float() / 255
        return x
    return edit


clean = [vectors(large), vectors(val)]
every = torch.cat(clean)
n = len(every)
pairs = []
for at in range(0, n, 512):
    block = every[at:at + 512] @ every.T
    pairs.append(block[torch.arange(n)[None] > torch.arange(at, at + len(block))[:, None]].numpy().astype(np.float32))
pairs = np.concatenate(pairs)
count = len(pairs)
top = np.sort(np.partition(pairs, count - 20000)[-20000:])[::-1]
level = lambda rate: float(top[min(len(top) - 1, int(rate * count))])
threshold, floor = level(2e-6), level(1.6e-4)
print(f'{len(large)} + {len(val)} pictures, {count} pairs; the ten closest {top[:10].round(3)}; median {np.median(pairs):.3f}')
print(f'threshold {threshold:.3f}, floor {floor:.3f}; 1e-6: {level(1e-6):.3f}; 1e-5: {level(1e-5):.3f}; 1e-4: {level(1e-4):.3f}; 1e-3: {level(1e-3):.3f}')
for name, edit in {'crop to 95 % of each side': crop(0.95), 'crop to 80 % of each side': crop(0.8), 'JPEG 30': jpeg(30), 'half the size': lambda x: F.interpolate(x, scale_factor=0.5, mode='area'),
                   'grey': lambda x: x.mean(1, keepdim=True).expand_as(x).contiguous(), 'mirrored': lambda x: x.flip(3), 'brighter 20 %': lambda x: x * 1.2, 'blur': lambda x: F.avg_pool2d(x, 5, 1, 2, count_include_pad=False)}.items():
    own = (clean[0] * vectors(large, edit)).sum(1).numpy()
    print(f'{name:28} lowest 5 % {np.quantile(own, .05):.3f}  median {np.median(own):.3f}  above the threshold {np.mean(own > threshold):.0%}, the floor {np.mean(own > floor):.0%}')
