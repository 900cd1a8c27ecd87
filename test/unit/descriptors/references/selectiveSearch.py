"""Makes selectiveSearch.json: segments and proposals of scikit-image 0.19.3 and the package selectivesearch (MIT, AlpacaTechJP/selectivesearch) on small drawn pictures.

    python3 selectiveSearch.py PATH/TO/selectivesearch/selectivesearch.py > selectiveSearch.json
"""
import base64, importlib.util, json, sys
import numpy as np
from skimage.segmentation import felzenszwalb

spec = importlib.util.spec_from_file_location('selectivesearch', sys.argv[1])
package = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package)


def picture(seed, width, height):
    """Discs and bars of colour over a slope, with grain: enough structure for tens of segments."""
    random = np.random.RandomState(seed)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    image = np.stack([x / width * 90 + 60, y / height * 80 + 50, (x + y) / (width + height) * 100 + 40], axis=-1)
    for _ in range(9):
        cx, cy, radius = random.uniform(0, width), random.uniform(0, height), random.uniform(5, width / 4)
        colour = random.uniform(0, 255, 3)
        inside = (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2 if random.rand() < 0.6 else (abs(x - cx) < radius) & (abs(y - cy) < radius / 2)
        image[inside] = 0.25 * image[inside] + 0.75 * colour
    return np.clip(image + random.normal(0, 5, image.shape), 0, 255).astype(np.uint8)


cases = []
for seed, width, height, scale, sigma, min_size, min_region in [(1, 96, 72, 500, 0.9, 10, 200), (2, 61, 87, 500, 0.9, 10, 100), (3, 80, 80, 60, 0.8, 20, 100), (4, 40, 33, 500, 0.9, 10, 30)]:
    image = picture(seed, width, height)
    labels = felzenszwalb(image / 255, scale=scale, sigma=sigma, min_size=min_size)
    _, regions = package.selective_search(image, scale=scale, sigma=sigma, min_size=min_size)
    candidates = []
    for region in regions:
        x, y, w, h = region['rect']
        if region['rect'] in candidates or region['size'] < min_region or w / h > 2 or h / w > 2:
            continue
        candidates.append(region['rect'])
    runs = []
    for label in labels.ravel().tolist():
        if runs and runs[-1][0] == label:
            runs[-1][1] += 1
        else:
            runs.append([label, 1])
    cases.append({
        'name': f'picture {seed}, {width}x{height}, scale {scale}', 'width': width, 'height': height, 'scale': scale, 'sigma': sigma, 'minSize': min_size, 'minRegion': min_region,
        'rgb': base64.b64encode(image.tobytes()).decode(), 'labelRuns': runs,
        'regions': [[*map(int, r['rect']), int(r['size'])] for r in regions], 'candidates': [list(map(int, c)) for c in candidates]
    })
print(json.dumps({'madeBy': 'selectiveSearch.py', 'cases': cases}, separators=(',', ':')))
