#!/usr/bin/env python3
"""SSCD (facebookresearch/sscd-copy-detection, arXiv 2202.10261): sscd_disc_mixup.torchvision.pt as ONNX.

  python3 models/export/sscd.py --weights sscd_disc_mixup.torchvision.pt --out sscd-disc-mixup.onnx

A ResNet-50 whose average pooling is GeM with p = 3, a linear layer to 512, unit length. Any height and width. Needs torch and torchvision.
"""
import argparse

from heads import GeM, Unit
from parity import draw, export, need, save_reference
from pictures import IMAGENET, squashed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--weights', required=True)
    parser.add_argument('--out', default='sscd-disc-mixup.onnx')
    parser.add_argument('--image')
    parser.add_argument('--vector', default='reference.npy')
    options = parser.parse_args()
    models = need('torchvision.models', 'pip install torchvision')
    import torch
    from torch import nn

    state = {key.replace('backbone.', '', 1): value for key, value in torch.load(options.weights, map_location='cpu').items()}
    network = models.resnet50(weights=None, num_classes=state['fc.weight'].shape[0])
    network.avgpool = nn.Identity()
    network.load_state_dict(state)
    maps = nn.Sequential(network.conv1, network.bn1, network.relu, network.maxpool, network.layer1, network.layer2, network.layer3, network.layer4)
    model = nn.Sequential(maps, GeM(3), network.fc, Unit()).eval()
    export(model, draw(2, 3, 288, 320), options.out, free_size=True)
    if options.image:
        save_reference(model, squashed(options.image, 320, IMAGENET), options.vector)


if __name__ == '__main__':
    main()
