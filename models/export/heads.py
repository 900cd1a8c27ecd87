"""What stands between a network's last feature map and a descriptor, in PyTorch: pooling, linear layers with their batch normalisation folded in, whitening.

Written from the formulas (GeM: Radenovic et al., 2018, arXiv 1711.02512). Shapes: maps are N x C x H x W, vectors N x D, all float32.
"""
import torch
from torch import nn
from torch.nn import functional as F

SMALLEST = 1e-6


class GeM(nn.Module):
    """Generalised mean over the map: mean(max(x, 1e-6)^p)^(1/p). p = 1 is a mean of the clamped values, and the clamp counts there too."""

    def __init__(self, p=3.0):
        super().__init__()
        self.p = float(p)

    def forward(self, x):
        x = x.clamp(min=SMALLEST)
        if self.p == 1:
            return x.mean(dim=(-2, -1))
        return x.pow(self.p).mean(dim=(-2, -1)).pow(1 / self.p)


class MeanMax(nn.Module):
    """Mean and maximum over the map, side by side: N x 2C."""

    def forward(self, x):
        return torch.cat([x.mean(dim=(-2, -1)), x.amax(dim=(-2, -1))], dim=1)


class Unit(nn.Module):
    """Rows of length 1."""

    def forward(self, x):
        return F.normalize(x, dim=1)


def fold_batch_norm(linear, norm):
    """One linear layer that does what `linear` and the BatchNorm1d `norm` behind it do at use. Computed in double precision."""
    scale = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    bias = linear.bias.double() if linear.bias is not None else torch.zeros(linear.out_features, dtype=torch.float64)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_((linear.weight.double() * scale[:, None]).float())
        folded.bias.copy_(((bias - norm.running_mean.double()) * scale + norm.bias.double()).float())
    return folded


def fold_linear(first, second):
    """One linear layer that does what two do in a row."""
    folded = nn.Linear(first.in_features, second.out_features)
    bias = first.bias.double() if first.bias is not None else torch.zeros(first.out_features, dtype=torch.float64)
    offset = second.bias.double() if second.bias is not None else torch.zeros(second.out_features, dtype=torch.float64)
    with torch.no_grad():
        folded.weight.copy_((second.weight.double() @ first.weight.double()).float())
        folded.bias.copy_((second.weight.double() @ bias + offset).float())
    return folded


def whitening(matrix, offset):
    """PCA whitening as a layer: y = A x + b, with A of k x d and b of k, as faiss keeps them (A holds the eigenvalues' powers already)."""
    matrix = torch.as_tensor(matrix).float()
    layer = nn.Linear(matrix.shape[1], matrix.shape[0])
    with torch.no_grad():
        layer.weight.copy_(matrix)
        layer.bias.copy_(torch.as_tensor(offset).float())
    return layer


def isc_head(fc, bn, p=1.0):
    """ISC21 descriptor track: GeM with p = 1 at use, Linear without bias, BatchNorm1d, unit length."""
    return nn.Sequential(GeM(p), fold_batch_norm(fc, bn), Unit())


def visionforce_head(first, first_bn, second, second_bn, p=3.0, pca=None):
    """VisionForce: GeM, Linear, BatchNorm, LeakyReLU 0.2, Linear, BatchNorm; with `pca` (A, b) whitened; unit length."""
    last = fold_batch_norm(second, second_bn)
    if pca is not None:
        last = fold_linear(last, whitening(*pca))
    return nn.Sequential(GeM(p), fold_batch_norm(first, first_bn), nn.LeakyReLU(0.2), last, Unit())


def landmark_head(fc, bn, p=3.0):
    """Landmark 2019: GeM, Linear, BatchNorm. Not of unit length: the sizes are averaged first."""
    return nn.Sequential(GeM(p), fold_batch_norm(fc, bn))


def pet_head():
    """Pet biometrics: mean and maximum side by side, unit length; the fully connected layers are left out at use."""
    return nn.Sequential(MeanMax(), Unit())
