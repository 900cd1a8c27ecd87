"""Edits of whole batches in torch: cheap enough for two cores. Screenshot frames, perspective, posterising and text overlay are never
made here: those four families are held out for measuring. The affine grid has no perspective terms; overlays are pictures and plain boxes."""
import io
import math
import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F


def _some(n, p, rng):
    return torch.rand(n, generator=rng) < p


def _between(n, low, high, rng):
    return torch.rand(n, generator=rng) * (high - low) + low


def affine(x, size, rng, strong=True):
    """Crop, stretch, mirror, small and quarter turns, in one resampling. x: [N,3,h,w] float 0..1."""
    n = x.shape[0]
    area = torch.where(_some(n, 0.75, rng), _between(n, 0.3, 1.0, rng), torch.ones(n)) if strong else torch.ones(n)
    ratio = torch.exp(_between(n, -0.35, 0.35, rng)) if strong else torch.ones(n)
    sx = (area * ratio).sqrt().clamp(max=1)
    sy = (area / ratio).sqrt().clamp(max=1)
    larger = _some(n, 0.08, rng)  # a picture with borders around it
    sx = torch.where(larger, sx * 1.35, sx)
    sy = torch.where(larger, sy * 1.35, sy)
    tx = _between(n, -1, 1, rng) * (1 - sx).abs()
    ty = _between(n, -1, 1, rng) * (1 - sy).abs()
    angle = torch.where(_some(n, 0.3, rng), _between(n, -0.4, 0.4, rng), torch.zeros(n))
    angle = angle + torch.where(_some(n, 0.1, rng), torch.randint(1, 4, (n,), generator=rng).float(), torch.zeros(n)) * (math.pi / 2)
    flip = 1 - 2 * _some(n, 0.3, rng).float()
    cos, sin = angle.cos(), angle.sin()
    theta = torch.stack([torch.stack([flip * sx * cos, -flip * sx * sin, tx], 1), torch.stack([sy * sin, sy * cos, ty], 1)], 1)
    grid = F.affine_grid(theta, [n, 3, size, size], align_corners=False)
    mode = ('zeros', 'border', 'reflection')[int(torch.randint(0, 3, (1,), generator=rng))]
    return F.grid_sample(x, grid, mode='bilinear', padding_mode=mode, align_corners=False)


def colour(x, rng):
    n = x.shape[0]
    shape = (n, 1, 1, 1)
    on = _some(n, 0.7, rng).float().view(shape)
    brightness = (_between(n, -0.45, 0.45, rng).view(shape) * on).exp()
    contrast = (_between(n, -0.5, 0.5, rng).view(shape) * on).exp()
    saturation = 1 + _between(n, -0.8, 0.8, rng).view(shape) * on
    saturation = torch.where(_some(n, 0.15, rng).view(shape), torch.zeros(shape), saturation)
    tint = 1 + _between(n * 3, -0.15, 0.15, rng).view(n, 3, 1, 1) * _some(n, 0.3, rng).float().view(shape)
    grey = (x * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    x = (grey + (x - grey) * saturation) * tint
    mean = grey.mean((2, 3), keepdim=True)
    x = ((x - mean) * contrast + mean) * brightness
    return x.clamp(0, 1)


def _box(n, size, low, high, rng):
    w = (_between(n, low, high, rng) * size).view(n, 1, 1)
    h = (_between(n, low, high, rng) * size).view(n, 1, 1)
    left = torch.rand(n, 1, 1, generator=rng) * (size - w)
    top = torch.rand(n, 1, 1, generator=rng) * (size - h)
    xs = torch.arange(size).view(1, 1, size)
    ys = torch.arange(size).view(1, size, 1)
    return ((xs >= left) & (xs < left + w) & (ys >= top) & (ys < top + h)).unsqueeze(1)


def paste(x, rng):
    """Another picture, or a plain colour, over a part of some; and some laid half-transparent over another."""
    n, _, size, _ = x.shape
    k = max(1, int(n * 0.2))
    other = x[torch.randperm(n, generator=rng)[:k]].clone()
    plain = torch.rand(k, 3, 1, 1, generator=rng).expand_as(other)
    other = torch.where(_some(k, 0.5, rng).view(k, 1, 1, 1), other, plain)
    at = torch.randperm(n, generator=rng)[:k]
    x[at] = torch.where(_box(k, size, 0.2, 0.55, rng), other, x[at])
    k = max(1, int(n * 0.06))
    at = torch.randperm(n, generator=rng)[:k]
    weight = _between(k, 0.6, 0.85, rng).view(k, 1, 1, 1)
    x[at] = x[at] * weight + x[torch.randperm(n, generator=rng)[:k]] * (1 - weight)
    return x


def soften(x, rng):
    """Smaller and back (with averaging: a blur too), sharpening, noise."""
    n, _, size, _ = x.shape
    order = torch.randperm(n, generator=rng)
    step = max(1, n // 12)
    for i, part in enumerate((0.25, 0.38, 0.5)):
        at = order[i * step:(i + 1) * step]
        small = F.interpolate(x[at], size=max(12, int(size * part)), mode='area')
        x[at] = F.interpolate(small, size=size, mode='nearest' if i == 2 and torch.rand(1, generator=rng) < 0.3 else 'bilinear')
    at = order[3 * step:4 * step]
    x[at] = F.avg_pool2d(F.pad(x[at], (2, 2, 2, 2), mode='reflect'), 5, 1)
    at = order[4 * step:5 * step]
    blurred = F.avg_pool2d(F.pad(x[at], (1, 1, 1, 1), mode='reflect'), 3, 1)
    x[at] = (x[at] * 2 - blurred).clamp(0, 1)
    at = order[5 * step:6 * step]
    strength = _between(len(at), 0.02, 0.12, rng).view(-1, 1, 1, 1)
    x[at] = (x[at] + torch.randn(x[at].shape, generator=rng) * strength).clamp(0, 1)
    return x


def jpeg(x, rng, share=0.3):
    n, _, size, _ = x.shape
    for i in torch.randperm(n, generator=rng)[:int(n * share)].tolist():
        picture = Image.fromarray((x[i].permute(1, 2, 0) * 255).byte().numpy())
        if torch.rand(1, generator=rng) < 0.4:
            side = int(torch.randint(32, max(33, size), (1,), generator=rng))
            picture = picture.resize((side, side), Image.BILINEAR)
        file = io.BytesIO()
        picture.save(file, 'JPEG', quality=int(torch.randint(8, 60, (1,), generator=rng)))
        picture = Image.open(file)
        if picture.size[0] != size:
            picture = picture.resize((size, size), Image.BILINEAR)
        x[i] = torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 255
    return x


def strong(groups, size, rng):
    """groups: float pictures of one size each. One edited view of every one, [N,3,size,size]."""
    x = torch.cat([affine(g, size, rng) for g in groups])
    x = colour(x, rng)
    x = paste(x, rng)
    x = soften(x, rng)
    return jpeg(x, rng)


def light(groups, size, rng):
    """The near-clean view: the whole picture squashed, sometimes mirrored, JPEG on a few."""
    x = torch.cat([affine(g, size, rng, strong=False) if torch.rand(1, generator=rng) < 0.3
                   else F.interpolate(g, size=size, mode='bilinear', align_corners=False, antialias=g.shape[-1] > size) for g in groups])
    return jpeg(colour(x, rng) if torch.rand(1, generator=rng) < 0.5 else x, rng, 0.1)
