#!/usr/bin/env python3
"""SigLIP base, patch 16, 224 (google/siglip-base-patch16-224, Apache-2.0, arXiv 2303.15343): the image tower with its attention pooling as ONNX.

  python3 models/export/siglip_image.py --weights FOLDER-OR-HUB-NAME --out siglip-base-image.onnx

Needs torch and transformers.
"""
import argparse

from parity import draw, export, need, save_reference
from pictures import HALF, squashed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--weights', default='google/siglip-base-patch16-224')
    parser.add_argument('--out', default='siglip-base-image.onnx')
    parser.add_argument('--image')
    parser.add_argument('--vector', default='reference.npy')
    options = parser.parse_args()
    transformers = need('transformers', 'pip install transformers')
    from torch import nn

    class Descriptor(nn.Module):
        def __init__(self):
            super().__init__()
            self.network = transformers.SiglipVisionModel.from_pretrained(options.weights)

        def forward(self, x):
            return self.network(pixel_values=x).pooler_output

    model = Descriptor().eval()
    export(model, draw(2, 3, 224, 224), options.out, opset=17)
    if options.image:
        from PIL import Image
        save_reference(model, squashed(options.image, 224, HALF, Image.BICUBIC), options.vector)


if __name__ == '__main__':
    main()
