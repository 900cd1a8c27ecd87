"""Keeps the training pictures away from the test pictures, by embedding: whatever the teacher finds as close as a near-copy is left out.

  /usr/bin/python3 models/train/exclude.py pixels ../shared/data models/train/work/data     # test.u8, 224 px; measured on, never trained on
  node models/train/embed.mjs models/train/work/teacher224.onnx models/train/work/data/test.u8 224 models/train/work/data/test.f16
  /usr/bin/python3 models/train/exclude.py match models/train/work/data [0.7]              # small.excluded.json, large.excluded.json

The threshold errs on the side of leaving out. `match` may run again while embedding goes on; training rereads the lists. Rows 9,900 to
10,920 of `large` are always left out: calibrate.py chooses the card's threshold on them.
"""
import json, os, sys
import numpy as np

if sys.argv[1] == 'pixels':
    from PIL import Image, ImageOps
    kept = 0
    with open(f'{sys.argv[3]}/test.u8', 'wb') as out, open(f'{sys.argv[3]}/test.txt', 'w') as names:
        for folder, _, files in sorted(os.walk(sys.argv[2])):
            for name in sorted(files):
                path = os.path.join(folder, name)
                try:
                    image = Image.open(path)
                    image.draft('RGB', (448, 448))
                    image = ImageOps.exif_transpose(image).convert('RGB').resize((224, 224), Image.BILINEAR)
                except Exception:
                    continue
                out.write(image.tobytes())
                names.write(path + '\n')
                kept += 1
    print(kept, 'test pictures')
else:
    data, level = sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 0.7
    unit = lambda path: (lambda v: v / np.linalg.norm(v, axis=1, keepdims=True))(np.fromfile(path, np.float16)[:os.path.getsize(path) // 2560 * 1280].reshape(-1, 1280).astype(np.float32))
    test = unit(f'{data}/test.f16')
    tests = open(f'{data}/test.txt').read().splitlines()
    for group in ('small', 'large'):
        train = unit(f'{data}/{group}.f16')
        names = open(f'{data}/{group}.txt').read().splitlines()
        found, most = [], np.zeros(len(train), np.float32)
        for at in range(0, len(train), 4096):
            close = train[at:at + 4096] @ test.T
            most[at:at + 4096] = close.max(1)
            best = close.argmax(1)
            for i in np.nonzero(close.max(1) > level)[0]:
                found.append((float(close[i].max()), at + int(i), names[at + int(i)], tests[int(best[i])]))
        found.sort(reverse=True)
        for row in found[:6]:
            print(*row)
        rows = sorted(i for _, i, _, _ in found)
        if group == 'large':
            rows = sorted(set(rows) | set(range(9900, 10921)))
        json.dump(rows, open(f'{data}/{group}.excluded.json', 'w'))
        print(group, len(train), 'pictures; quantiles .5 .99 .999 of their nearest test picture', np.quantile(most, [.5, .99, .999]).round(3), 'left out', len(found), flush=True)
