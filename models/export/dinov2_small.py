#!/usr/bin/env python3
"""DINOv2 small (facebook/dinov2-small, Apache-2.0, arXiv 2304.07193): the class token after the last layer norm as ONNX.

  python3 models/export/dinov2_small.py --weights FOLDER-OR-HUB-NAME --out dinov2-small.onnx

Needs torch and transformers. --weights: a folder with config.json and the weights, or facebook/dinov2-small where there is a network.
"""
import argparse

from parity import draw, export, need, save_reference
from pictures import IMAGENET, cropped


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--weights', default='facebook/dinov2-small')
    parser.add_argument('--out', default='dinov2-small.onnx')
    parser.add_argument('--image')
    parser.add_argument('--vector', default='reference.npy')
    options = parser.parse_args()
    transformers = need('transformers', 'pip install transformers')
    from torch import nn

    class Descriptor(nn.Module):
        def __init__(self):
            super().__init__()
            self.network = transformers.AutoModel.from_pretrained(options.weights)

        def forward(self, x):
            return self.network(pixel_values=x).last_hidden_state[:, 0]

    model = Descriptor().eval()
    export(model, draw(2, 3, 224, 224), options.out, opset=17)
    if options.image:
        save_reference(model, cropped(options.image, 256, 224, IMAGENET), options.vector)


if __name__ == '__main__':
    main()
