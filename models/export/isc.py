#!/usr/bin/env python3
"""ISC21 descriptor track, 1st place (lyakaap/ISC21-Descriptor-Track-1st, MIT): isc_ft_v107.pth.tar or isc_selfsup_v98.pth.tar as ONNX.

  python3 models/export/isc.py --weights isc_ft_v107.pth.tar --out isc-ft-v107.onnx [--image photo.jpg --vector photo.npy]

Needs torch, timm (0.9 or newer) and, to compare, onnxruntime or `npm ci` here. The network is timm's tf_efficientnetv2_m with TensorFlow's "same"
padding, which depends on the size of the picture: the file takes 512 x 512 only.
"""
import argparse

from heads import isc_head
from parity import draw, export, need, save_reference
from pictures import HALF, squashed


def arch_of(name):
    # timm renamed its weights in 0.9.
    return {'tf_efficientnetv2_m_in21ft1k': 'tf_efficientnetv2_m.in21k_ft_in1k'}.get(name, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--weights', required=True, help='the .pth.tar of the release')
    parser.add_argument('--out', default='isc-ft-v107.onnx')
    parser.add_argument('--image', help='a picture whose vector is written too')
    parser.add_argument('--vector', default='reference.npy')
    options = parser.parse_args()
    timm = need('timm', 'pip install timm')
    import torch
    from torch import nn

    # The checkpoint keeps argparse's Namespace beside the weights: it is no plain file of tensors. Only load it from where you trust it.
    checkpoint = torch.load(options.weights, map_location='cpu') if torch.__version__.startswith('1.') else torch.load(options.weights, map_location='cpu', weights_only=False)
    size = int(checkpoint['args'].input_size)
    state = {key.replace('module.', '', 1): value for key, value in checkpoint['state_dict'].items()}
    backbone = timm.create_model(arch_of(checkpoint['arch']), features_only=True, pretrained=False)
    backbone.load_state_dict({key[len('backbone.'):]: value for key, value in state.items() if key.startswith('backbone.')})
    dim, channels = state['fc.weight'].shape
    fc, bn = nn.Linear(channels, dim, bias=False), nn.BatchNorm1d(dim)
    fc.load_state_dict({'weight': state['fc.weight']})
    bn.load_state_dict({key[3:]: value for key, value in state.items() if key.startswith('bn.')})

    class Descriptor(nn.Module):
        def __init__(self):
            super().__init__()
            self.backbone = backbone
            self.head = isc_head(fc, bn.eval())

        def forward(self, x):
            return self.head(self.backbone(x)[-1])

    model = Descriptor().eval()
    export(model, draw(2, 3, size, size), options.out)
    if options.image:
        save_reference(model, squashed(options.image, size, HALF), options.vector)


if __name__ == '__main__':
    main()
