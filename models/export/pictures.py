"""Pictures as the originals prepare them, for a reference vector: 1 x 3 x height x width, float32."""
import numpy as np
import torch
from PIL import Image

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALF = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
CLIP = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))


def as_tensor(pixels, values):
    mean, std = (np.asarray(each, np.float32) for each in values)
    return torch.from_numpy(((np.asarray(pixels, np.float32) / 255 - mean) / std).transpose(2, 0, 1)[None].astype(np.float32).copy())


def squashed(file, size, values, resample=Image.BILINEAR):
    """Pillow, to exactly size x size."""
    return as_tensor(Image.open(file).convert('RGB').resize((size, size), resample), values)


def cropped(file, edge, size, values, resample=Image.BICUBIC):
    """Pillow: the shortest side to `edge`, then size x size out of the middle (torchvision's Resize and CenterCrop)."""
    image = Image.open(file).convert('RGB')
    width, height = image.size
    to = (edge, int(edge * height / width)) if width <= height else (int(edge * width / height), edge)
    image = image.resize(to, resample)
    left, top = int(round((to[0] - size) / 2)), int(round((to[1] - size) / 2))
    return as_tensor(image.crop((left, top, left + size, top + size)), values)


def opencv_squashed(file, width, height, values):
    """OpenCV's bilinear, without antialias, as albumentations does it."""
    import cv2
    pixels = cv2.cvtColor(cv2.imread(file, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    return as_tensor(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR), values)
