"""Pictures of the training sources that were never trained on: what thresholds and powers are chosen on."""
import io, os, subprocess
import numpy as np
from PIL import Image


def kept_back(data, mirror):
    """(rows 9,900 to 10,920 of `large`, which exclude.py keeps from the training; 2,000 validation pictures of Tiny-ImageNet): uint8 arrays."""
    large = np.memmap(f'{data}/large.u8', np.uint8, 'r').reshape(-1, 224, 224, 3)[9900:10921]
    cache = f'{data}/val.u8'
    if not os.path.exists(cache):
        git_dir = f'{mirror}/seshuad+IMagenet/repo'
        listing = subprocess.run(['git', '-C', git_dir, 'ls-tree', '-r', 'HEAD', 'tiny-imagenet-200/val/images/'], check=True, stdout=subprocess.PIPE).stdout.decode().splitlines()
        ids = [line.split()[2] for line in listing][::5][:2000]
        out = subprocess.run(['git', '-C', git_dir, 'cat-file', '--batch'], input='\n'.join(ids).encode() + b'\n', check=True, stdout=subprocess.PIPE).stdout
        at, rows = 0, []
        for _ in ids:
            end = out.index(b'\n', at)
            length = int(out[at:end].split()[2])
            rows.append(np.array(Image.open(io.BytesIO(out[end + 1:end + 1 + length])).convert('RGB')))
            at = end + 2 + length
        np.stack(rows).tofile(cache)
    return large, np.fromfile(cache, np.uint8).reshape(-1, 64, 64, 3)
