#!/usr/bin/env python3
"""CLIP ViT-B/32 (openai/clip-vit-base-patch32, arXiv 2103.00020): the image tower with its projection as ONNX.

  python3 models/export/clip_image.py --weights FOLDER-OR-HUB-NAME --out clip-vit-b32-image.onnx

Needs torch and transformers.
"""
import argparse

from parity import draw, export, need, save_reference
from pictures import CLIP, cropped


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--weights', default='openai/clip-vit-base-patch32')
    parser.add_argument('--out', default='clip-vit-b32-image.onnx')
    parser.add_argument('--image')
    parser.add_argument('--vector', default='reference.npy')
    options = parser.parse_args()
    transformers = need('transformers', 'pip install transformers')
    from torch import nn

    class Descriptor(nn.Module):
        def __init__(self):
            super().__init__()
            self.network = transformers.CLIPVisionModelWithProjection.from_pretrained(options.weights)

        def forward(self, x):
            return self.network(pixel_values=x).image_embeds

    model = Descriptor().eval()
    export(model, draw(2, 3, 224, 224), options.out, opset=17)
    if options.image:
        save_reference(model, cropped(options.image, 224, 224, CLIP), options.vector)


if __name__ == '__main__':
    main()
