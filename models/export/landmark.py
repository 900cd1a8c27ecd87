#!/usr/bin/env python3
"""Landmark 2019, 1st and 3rd place (lyakaap/Landmark2019-1st-and-3rd-Place-Solution, Apache-2.0): a ResNet-101 with ArcFace as ONNX.

  python3 models/export/landmark.py --weights ep5.pth --out landmark-r101-arcface.onnx

The authors published code and the cleaned list, no weights that we know of: this takes a checkpoint of one's own training with their code. The
descriptor is not of unit length, because three sizes are averaged before that (Winnow's views "landmark" do it). Needs torch and torchvision.
"""
import argparse

from heads import landmark_head
from parity import draw, export, need, save_reference
from pictures import IMAGENET, opencv_squashed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--weights', required=True)
    parser.add_argument('--out', default='landmark-r101-arcface.onnx')
    parser.add_argument('--image')
    parser.add_argument('--vector', default='reference.npy')
    options = parser.parse_args()
    models = need('torchvision.models', 'pip install torchvision')
    import torch
    from torch import nn

    network = models.resnet101(weights=None)
    backbone = nn.Sequential(network.conv1, network.bn1, network.relu, network.maxpool, network.layer1, network.layer2, network.layer3, network.layer4)
    state = torch.load(options.weights, map_location='cpu')
    state = {key.replace('module.', '', 1): value for key, value in state.get('state_dict', state).items()}
    backbone.load_state_dict({key[len('backbone.'):]: value for key, value in state.items() if key.startswith('backbone.')})
    dim, channels = state['fc.weight'].shape
    fc, bn = nn.Linear(channels, dim), nn.BatchNorm1d(dim)
    fc.load_state_dict({key[3:]: value for key, value in state.items() if key.startswith('fc.')})
    bn.load_state_dict({key[3:]: value for key, value in state.items() if key.startswith('bn.')})
    p = float(state['pooling.p']) if 'pooling.p' in state else 3.0
    model = nn.Sequential(backbone, landmark_head(fc, bn.eval(), p)).eval()
    export(model, draw(2, 3, 224, 288), options.out, free_size=True)
    if options.image:
        save_reference(model, opencv_squashed(options.image, 800, 800, IMAGENET), options.vector)


if __name__ == '__main__':
    main()
