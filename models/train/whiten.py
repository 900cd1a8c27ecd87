"""Whitens the trained student softly, and writes the checkpoint that export.py and calibrate.py read.

  /usr/bin/python3 models/train/whiten.py --state models/train/work/run/state.pt --size 96 --to models/train/checkpoint.pt

The student learns targets of few strong directions, so that its descriptors crowd there. Principal axes are found on 9,000 training pictures and stretched by their
variance to the power -0.4, no further than a thousandth of the greatest (after Jegou and Chum, "Negative evidences and co-occurrences in image retrieval: the benefit
of PCA and whitening", 2012). The power was chosen on what is printed: copies under strong edits of pictures that were kept back (rows 9,900 to 10,920 of `large`,
Tiny-ImageNet's validation pictures), and 1-NN among training pictures. Nothing of ../shared/data is looked at.
"""
import argparse, os, sys
import numpy as np
import torch
from torch.nn import functional as F
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kept import kept_back
from model import load_student
import views

parser = argparse.ArgumentParser()
parser.add_argument('--state', default='models/train/work/run/state.pt')
parser.add_argument('--data', default='models/train/work/data')
parser.add_argument('--mirror', default='../.mirror')
parser.add_argument('--size', type=int, default=96)
parser.add_argument('--power', type=float, default=0.4)
parser.add_argument('--least', type=float, default=1e-3)
parser.add_argument('--to', default='models/train/checkpoint.pt')
args = parser.parse_args()
torch.set_num_threads(1)
student, checkpoint = load_student(args.state)
rng = torch.Generator().manual_seed(1)


def vectors(pixels, edited=False):
    rows = []
    with torch.no_grad(), torch.autocast('cpu', dtype=torch.bfloat16):
        for at in range(0, len(pixels), 64):
            x = torch.from_numpy(np.array(pixels[at:at + 64])).permute(0, 3, 1, 2).float() / 255
            x = F.avg_pool2d(x, 2) if x.shape[-1] > 112 else x
            x = views.strong([x], args.size, rng) if edited else F.interpolate(x, size=args.size, mode='bilinear', antialias=x.shape[-1] > args.size)
            rows.append(student(x).float())
    return torch.cat(rows)


def whitening(power, least):
    return mean, axes @ torch.diag((variances / variances[-1]).clamp(min=least) ** -power)


def copies(q, r):
    """uAP over all pairs of copies with pictures, and recall@1."""
    scores = q @ r.T
    own = scores.diagonal().clone()
    scores.fill_diagonal_(-2)
    first = (own > scores.max(1).values).float().mean().item()
    wrong = scores[scores > own.min()].sort().values.numpy()
    own = own.sort(descending=True).values.numpy()
    rank = np.arange(1, len(own) + 1)
    return (rank / (rank + len(wrong) - np.searchsorted(wrong, own, side='left'))).mean(), first


def nearest_neighbour(v, labels):
    right = 0
    for at in range(0, len(v), 1500):
        block = v[at:at + 1500] @ v.T
        block[torch.arange(len(block)), torch.arange(at, at + len(block))] = -2
        right += (labels[block.argmax(1).numpy()] == labels[at:at + len(block)]).sum()
    return right / len(v)


small = np.memmap(f'{args.data}/small.u8', np.uint8, 'r').reshape(-1, 64, 64, 3)
large = np.memmap(f'{args.data}/large.u8', np.uint8, 'r').reshape(-1, 224, 224, 3)
fit = torch.cat([vectors(small[:6000]), vectors(large[:3000])])
mean = fit.mean(0)
variances, axes = torch.linalg.eigh((fit - mean).T @ (fit - mean) / len(fit))
clean, edited = (torch.cat([vectors(p, e) for p in kept_back(args.data, args.mirror)]) for e in (False, True))
names = open(f'{args.data}/small.txt').read().splitlines()[:12000]
classed = [i for i, name in enumerate(names) if 'tiny-imagenet' in name][:9000]
labels = np.unique([names[i].split('/train/')[1].split('/')[0] for i in classed], return_inverse=True)[1]
known = vectors(small[np.array(classed)])
print('power  uAP  recall@1 of copies of kept-back pictures  1-NN of training pictures')
print('as is', *(round(float(v), 4) for v in (*copies(edited, clean), nearest_neighbour(known, labels))))
for power in sorted({0.2, 0.3, 0.4, 0.5, args.power}):
    mean, matrix = whitening(power, args.least)
    of = lambda v: F.normalize((v - mean) @ matrix)
    print(power, *(round(float(v), 4) for v in (*copies(of(edited), of(clean)), nearest_neighbour(of(known), labels))), flush=True)

half = lambda v: v.half() if torch.is_tensor(v) and v.is_floating_point() else v
torch.save({'average': {k: half(v) for k, v in checkpoint['average'].items()}, 'step': checkpoint['step'], 'seen': checkpoint['seen'],
            'whitening': tuple(half(v) for v in checkpoint['whitening']), 'after': whitening(args.power, args.least)}, args.to)
print('step', checkpoint['step'], 'views seen', checkpoint['seen'], '->', args.to)
