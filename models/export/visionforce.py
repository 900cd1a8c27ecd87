#!/usr/bin/env python3
"""VisionForce, 1st place of the ISC21 matching track (WangWenhao0716/ISC-Track1-Submission, MIT): one of its 33 networks as ONNX.

  python3 models/export/visionforce.py --backbone 50|152|ibn --weights CHECKPOINT --out visionforce-resnet50.onnx [--pca pca.npz]

--pca: `A` (1500 x 8192) and `b` (1500) of the faiss PCAMatrix that was fitted for this network, made with
  pca = faiss.read_VectorTransform(FILE); numpy.savez('pca.npz', A=faiss.vector_to_array(pca.A).reshape(pca.d_out, pca.d_in), b=faiss.vector_to_array(pca.b))
The descriptor then has as many values as A has rows (1500); without it, 8192.
Needs torch, torchvision, and for ibn the network through torch.hub (XingangPan/IBN-Net) or --ibn FOLDER with a clone of it.
"""
import argparse

from heads import visionforce_head
from parity import draw, export, need, save_reference
from pictures import IMAGENET, squashed


def backbone_of(name, ibn_folder):
    import torch
    if name == 'ibn':
        return torch.hub.load(ibn_folder, 'resnet50_ibn_a', source='local', pretrained=False) if ibn_folder else torch.hub.load('XingangPan/IBN-Net', 'resnet50_ibn_a', pretrained=False)
    models = need('torchvision.models', 'pip install torchvision')
    return {'50': models.resnet50, '152': models.resnet152}[name](weights=None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--backbone', required=True, choices=['50', '152', 'ibn'])
    parser.add_argument('--weights', required=True)
    parser.add_argument('--out', default='visionforce.onnx')
    parser.add_argument('--pca', help='npz with A and b')
    parser.add_argument('--ibn', help='a clone of XingangPan/IBN-Net')
    parser.add_argument('--size', type=int, default=256)
    parser.add_argument('--image')
    parser.add_argument('--vector', default='reference.npy')
    options = parser.parse_args()
    network = backbone_of(options.backbone, options.ibn)
    import numpy as np
    import torch
    from torch import nn

    # The last stage keeps its resolution.
    network.layer4[0].conv2.stride = (1, 1)
    network.layer4[0].downsample[0].stride = (1, 1)
    # Their order (pooling before the activation) gives the same, and their numbering is that of the checkpoint; 6 and 8 are a mask used in training.
    base = nn.ModuleDict({'0': network.conv1, '1': network.bn1, '2': network.maxpool, '3': network.relu, '4': network.layer1, '5': network.layer2, '7': network.layer3, '9': network.layer4})
    state = torch.load(options.weights, map_location='cpu')
    state = {key.replace('module.', '', 1): value for key, value in state.get('state_dict', state).items()}
    base.load_state_dict({key[len('base.'):]: value for key, value in state.items() if key.startswith('base.') and not key.startswith('base.10.')})

    def part(prefix, module):
        module.load_state_dict({key[len(prefix) + 1:]: value for key, value in state.items() if key.startswith(prefix + '.')})
        return module.eval()

    first = part('projector_feat_bn.0.0', nn.Linear(2048, 4096))
    first_bn = part('projector_feat_bn.0.1', nn.BatchNorm1d(4096))
    second = part('projector_feat_bn.0.3', nn.Linear(4096, 8192))
    second_bn = part('projector_feat_bn.1', nn.BatchNorm1d(8192))
    pca = None
    if options.pca:
        with np.load(options.pca) as file:
            pca = (file['A'], file['b'])
    model = nn.Sequential(*base.values(), visionforce_head(first, first_bn, second, second_bn, pca=pca)).eval()
    export(model, draw(2, 3, options.size, options.size), options.out, free_size=True)
    if options.image:
        from PIL import Image
        save_reference(model, squashed(options.image, options.size, IMAGENET, Image.BICUBIC), options.vector)


if __name__ == '__main__':
    main()
