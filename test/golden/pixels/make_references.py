#!/usr/bin/python3
"""Makes the pixel references in this folder with Pillow, OpenCV and PyTorch (Debian 12: python3-pil 9.4, python3-opencv 4.6, python3-torch 1.13).

    /usr/bin/python3 test/golden/pixels/make_references.py [FOLDER [SEED]]

Everything is drawn here from a seed; no photograph goes in. With SEED 1, 2, ... pictures and sizes are others; FOLDER is this one where none is named, and
the test reads WINNOW_GOLDEN/pixels where there is one. Written: sources.bin.gz (RGB, one picture after the other), one METHOD.bin.gz per
resampling method (RGB, or float32 for METHOD.f32.bin.gz), tensors and filters, and cases.json, which says what lies where.
As a filter for the live test: `make_references.py --live` reads JSON lines {"file", "method", "width", "height"} and writes, for each, base64 of
the RGB that the library gives for that photograph.
"""
import base64
import gzip
import json
import os
import sys

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageFilter

given = [each for each in sys.argv[1:] if not each.startswith('--')]
into = given[0] if given else os.path.dirname(os.path.abspath(__file__))
cv2.setNumThreads(1)


def cloud(rng, height, width):
    """Smooth colour noise of falling strength, as photographs have it."""
    total = np.zeros((height, width, 3))
    for octave in range(5):
        cells = 2 ** (octave + 1)
        coarse = rng.normal(size=(cells + 1, cells + 1, 3))
        y = np.linspace(0, cells, height)
        x = np.linspace(0, cells, width)
        y0 = np.minimum(y.astype(int), cells - 1)
        x0 = np.minimum(x.astype(int), cells - 1)
        fy = (y - y0)[:, None, None]
        fx = (x - x0)[None, :, None]
        rows = coarse[y0] * (1 - fy) + coarse[y0 + 1] * fy
        total += (rows[:, x0] * (1 - fx) + rows[:, x0 + 1] * fx) / 1.7 ** octave
    return total


def picture(seed, width, height):
    """A photo-like picture: clouds of colour, hard-edged shapes, fine stripes, sensor noise."""
    rng = np.random.default_rng(seed)
    pixels = 128 + 60 * cloud(rng, height, width)
    y, x = np.mgrid[0:height, 0:width]
    for _ in range(4):
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.05, 0.25) * max(width, height)
        pixels[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = rng.uniform(0, 255, 3)
    stripes = (x // 2 + y) % 4 < 2
    band = (y > height * 0.6) & (y < height * 0.8)
    pixels[stripes & band] += 70
    pixels += rng.normal(size=pixels.shape) * 6
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def noise(seed, width, height):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


# Up and down, whole and odd ratios, one side up and the other down, one side kept.
drawn = [
    ('photo', picture, (80, 60), [(40, 30), (20, 15), (23, 17), (36, 36), (5, 7), (80, 11)]),
    ('tall photo', picture, (31, 67), [(16, 16), (40, 20), (9, 30)]),
    ('small photo', picture, (20, 15), [(40, 30), (29, 26), (37, 11), (20, 15)]),
    ('noise', noise, (23, 19), [(12, 10), (22, 18), (31, 7)]),
    ('strip', noise, (40, 3), [(13, 13), (9, 1)]),
    ('one pixel', noise, (1, 1), [(5, 4)]),
]


def draw(seed):
    """Names, pictures and target sizes; from seed 1 on, pictures and sizes are others than those of this folder (seed 0)."""
    rng = np.random.default_rng(seed)
    for i, (kind, how, size, sizes) in enumerate(drawn):
        if seed and kind != 'one pixel':
            size = tuple(int(side * rng.uniform(0.7, 1.4)) + 1 for side in size)
            sizes = [tuple(int(side * rng.uniform(0.6, 1.6)) + 1 for side in target) for target in sizes]
        name = kind if kind == 'one pixel' else f'{kind} {size[0]} x {size[1]}'
        yield kind, name, how(100 * seed + i + 1, *size), sizes


pillow = {
    'pillow-nearest': Image.Resampling.NEAREST,
    'pillow-box': Image.Resampling.BOX,
    'pillow-bilinear': Image.Resampling.BILINEAR,
    'pillow-bicubic': Image.Resampling.BICUBIC,
    'pillow-lanczos': Image.Resampling.LANCZOS,
}
opencv = {
    'opencv-nearest': cv2.INTER_NEAREST,
    'opencv-linear': cv2.INTER_LINEAR,
    'opencv-cubic': cv2.INTER_CUBIC,
    'opencv-area': cv2.INTER_AREA,
}
interpolate = {
    'torch-nearest': dict(mode='nearest'),
    'torch-bilinear': dict(mode='bilinear', align_corners=False),
    'torch-bilinear-corners': dict(mode='bilinear', align_corners=True),
    'torch-bicubic': dict(mode='bicubic', align_corners=False),
    'torch-bicubic-corners': dict(mode='bicubic', align_corners=True),
}


def fractions(rgb, options, **size):
    tensor = torch.from_numpy(rgb.astype(np.float32)).permute(2, 0, 1)[None]
    return F.interpolate(tensor, **size, **options)[0].permute(1, 2, 0).numpy()


def resized(rgb, method, width, height):
    if method in pillow:
        return np.asarray(Image.fromarray(rgb).resize((width, height), pillow[method]))
    if method in opencv:
        return cv2.resize(rgb, (width, height), interpolation=opencv[method])
    found = fractions(rgb, interpolate[method], size=(height, width))
    return np.clip(np.rint(found), 0, 255).astype(np.uint8)


def write(name, arrays):
    data = b''.join(np.ascontiguousarray(each).tobytes() for each in arrays)
    with open(os.path.join(into, name), 'wb') as file:
        # No name and no time inside: the same run gives the same bytes.
        file.write(gzip.compress(data, 9, mtime=0))


def tensors(sources, names):
    """Pillow's resize, torchvision's ToTensor and Normalize, and F.interpolate of the tensor: (1, 3, H, W) float32 each."""
    cases, arrays = [], []
    for source, width, height, mean, std, scale in [
        ('photo', 12, 10, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), None),
        ('tall photo', 16, 16, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), dict(scale_factor=0.7071067811865475, mode='bilinear', align_corners=False)),
        ('photo', 20, 16, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), dict(size=(24, 13), mode='bilinear', align_corners=True)),
    ]:
        rgb = np.asarray(Image.fromarray(sources[names[source]]).resize((width, height), Image.Resampling.BILINEAR))
        tensor = torch.from_numpy(rgb.copy()).permute(2, 0, 1).float().div(255)
        tensor = tensor.sub(torch.tensor(mean)[:, None, None]).div(torch.tensor(std)[:, None, None])[None]
        if scale:
            tensor = F.interpolate(tensor, **scale)
        arrays.append(tensor.numpy().astype('<f4'))
        cases.append(dict(source=names[source], width=width, height=height, mean=mean, std=std, then=None if not scale else dict(
            factor=scale.get('scale_factor'), alignCorners=scale['align_corners'], width=tensor.shape[3], height=tensor.shape[2])))
    write('tensors.f32.bin.gz', arrays)
    return cases


def filtered(rgb, wish):
    image = Image.fromarray(rgb)
    if wish['blur']:
        image = image.filter(ImageFilter.GaussianBlur(radius=wish['blur']))
    return np.asarray(image.convert('L').convert('RGB') if wish['grey'] else image)


def filters(sources, names):
    """Pillow's Gaussian blur and greyscale, on whole pictures (some smaller than the blur)."""
    wishes = [dict(source=names[source], blur=blur, grey=grey) for source in ['photo', 'strip', 'noise', 'one pixel']
              for blur, grey in [(5, False), (1.3, False), (0.4, False), (0, True), (5, True)]]
    write('filters.bin.gz', [filtered(sources[wish['source']], wish) for wish in wishes])
    return wishes


def main(seed):
    pictures = list(draw(seed))
    names = {kind: name for kind, name, _, _ in pictures}
    sources = {name: rgb for _, name, rgb, _ in pictures}
    targets = {name: sizes for _, name, _, sizes in pictures}
    write('sources.bin.gz', sources.values())
    cases = []
    for method in [*pillow, *opencv, *interpolate]:
        arrays = []
        for source, sizes in targets.items():
            for width, height in sizes:
                cases.append(dict(method=method, source=source, width=width, height=height))
                arrays.append(resized(sources[source], method, width, height))
        write(method + '.bin.gz', arrays)
    exact = []
    for method in ['torch-bilinear', 'torch-bilinear-corners', 'torch-bicubic']:
        arrays = []
        for source, width, height in [(names['noise'], 12, 10), (names['small photo'], 27, 22)]:
            exact.append(dict(method=method, source=source, width=width, height=height))
            arrays.append(fractions(sources[source], interpolate[method], size=(height, width)).astype('<f4'))
        write(method + '.f32.bin.gz', arrays)
    with open(os.path.join(into, 'cases.json'), 'w') as file:
        lines = json.dumps(dict(
            madeWith=dict(pillow=Image.__version__, opencv=cv2.__version__, torch=torch.__version__),
            sources=[dict(name=name, width=rgb.shape[1], height=rgb.shape[0]) for name, rgb in sources.items()],
            cases=cases, fractions=exact, tensors=tensors(sources, names), filters=filters(sources, names)))
        file.write(lines.replace('}, {', '},\n{') + '\n')


def live():
    for line in sys.stdin:
        wish = json.loads(line)
        rgb = np.asarray(Image.open(wish['file']).convert('RGB'))
        found = resized(np.ascontiguousarray(rgb), wish['method'], wish['width'], wish['height'])
        print(json.dumps(dict(sourceWidth=rgb.shape[1], sourceHeight=rgb.shape[0], source=base64.b64encode(rgb.tobytes()).decode(), rgb=base64.b64encode(found.tobytes()).decode())), flush=True)


if __name__ == '__main__':
    live() if '--live' in sys.argv else main(int(given[1]) if len(given) > 1 else 0)
