#!/usr/bin/env python3
"""Pet biometrics 2022, "top2" (flyingsheepbin/pet-biometrics, Apache-2.0): one of its networks without the fully connected layers, as ONNX.

  python3 models/export/pet.py --network swin-b-224|effnet-b7 --weights MODEL.pth --out pet-swin-b-224.onnx

No trained weights are published that we know of: this takes a checkpoint of one's own training with their code. Needs torch and timm (0.6 has the
names that they used; swin's feature map became N x H x W x C in timm 0.9, which is taken care of).
"""
import argparse

from heads import pet_head
from parity import draw, export, need, save_reference
from pictures import IMAGENET, opencv_squashed

NETWORKS = {
    'swin-b-224': (('swin_base_patch4_window7_224_in22k', 'swin_base_patch4_window7_224.ms_in22k'), 224),
    'effnet-b7': (('tf_efficientnet_b7_ns', 'tf_efficientnet_b7.ns_jft_in1k'), 224),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--network', required=True, choices=sorted(NETWORKS))
    parser.add_argument('--weights', required=True)
    parser.add_argument('--out', default='pet.onnx')
    parser.add_argument('--image')
    parser.add_argument('--vector', default='reference.npy')
    options = parser.parse_args()
    timm = need('timm', 'pip install timm==0.6.13')
    import torch
    from torch import nn

    names, size = NETWORKS[options.network]
    name = next((each for each in names if timm.is_model(each.split('.')[0])), names[0])
    network = timm.create_model(name, pretrained=False, num_classes=0, global_pool='')
    state = torch.load(options.weights, map_location='cpu')
    state = {key.replace('module.', '', 1): value for key, value in state.get('state_dict', state).items()}
    # They wrap the network's children in a Sequential that keeps their names: "features.<child>...".
    found = network.load_state_dict({key[len('features.'):]: value for key, value in state.items() if key.startswith('features.')}, strict=False)
    missing = [key for key in found.missing_keys if not key.endswith(('relative_position_index', 'attn_mask', 'num_batches_tracked'))]
    if missing:
        raise SystemExit(f'{options.weights} has no weights for {len(missing)} parts of {name}, the first of them {missing[0]}: it is a checkpoint of another network, or of another timm.')

    class Map(nn.Module):
        """The last feature map as N x C x H x W, however this timm gives it."""

        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, x):
            x = self.network.forward_features(x)
            if x.dim() == 3:
                side = size // 32
                return x.transpose(1, 2).reshape(-1, x.shape[2], side, side)
            return x.permute(0, 3, 1, 2) if options.network.startswith('swin') else x

    model = nn.Sequential(Map(), pet_head()).eval()
    export(model, draw(2, 3, size, size), options.out)
    if options.image:
        save_reference(model, opencv_squashed(options.image, size, size, IMAGENET), options.vector)


if __name__ == '__main__':
    main()
