"""Writes the averaged student as ONNX with float16 weights, its card, and PyTorch's vectors of drawn pictures (test/medium/models/winnowS.test.ts compares).

  /usr/bin/python3 models/train/export.py --state models/train/checkpoint.pt --size 96 --to models/winnow-s [--threshold 0.9 --floor 0.7]
"""
import argparse, hashlib, io, json, os, sys
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from model import load_whitened

parser = argparse.ArgumentParser()
parser.add_argument('--state', default='models/train/checkpoint.pt', help='a checkpoint.pt of whiten.py')
parser.add_argument('--size', type=int, default=96)
parser.add_argument('--to', default='models/winnow-s')
parser.add_argument('--threshold', type=float)
parser.add_argument('--floor', type=float)
parser.add_argument('--parity', default='models/train/parity.json')
args = parser.parse_args()
torch.set_num_threads(1)
model, state = load_whitened(args.state)
student = model.student


def fold(conv, bn):
    """A batch normalisation behind a convolution or linear layer, folded into its weights."""
    factor = bn.weight / (bn.running_var + bn.eps).sqrt()
    conv.weight.data *= factor.view(-1, *[1] * (conv.weight.ndim - 1))
    old = conv.bias if conv.bias is not None else torch.zeros_like(bn.bias)
    conv.bias = nn.Parameter((old - bn.running_mean) * factor + bn.bias)
    return nn.Identity()


with torch.no_grad():
    # Waves that the test draws again: n pictures, c channels, y down, x to the right.
    n, c, y, w = torch.meshgrid(torch.arange(4), torch.arange(3), torch.arange(args.size), torch.arange(args.size), indexing='ij')
    x = (0.5 + 0.5 * torch.sin(0.05 * (n + 1) * w + 0.08 * (c + 1) * y + 0.002 * (n + 1) * w * y + c)).float()
    before = model(x)
    student.stem[1] = fold(student.stem[0], student.stem[1])
    for block in student.body:
        block.bn1, block.bn2 = fold(block.conv1, block.bn1), fold(block.conv2, block.bn2)
        if block.skip is not None:
            block.skip[2] = fold(block.skip[1], block.skip[2])
    student.norm = fold(student.head, student.norm)
    assert (model(x) * before).sum(1).min() > 0.99999
    file = io.BytesIO()
    torch.onnx.export(model, x[:2], file, input_names=['image'], output_names=['descriptor'], opset_version=13,
                      dynamic_axes={'image': {0: 'N', 2: 'H', 3: 'W'}, 'descriptor': {0: 'N'}})

onnx_model = onnx.load_from_string(file.getvalue())
graph = onnx_model.graph
casts = []
for tensor in list(graph.initializer):
    values = numpy_helper.to_array(tensor)
    if values.dtype == np.float32 and values.size >= 256:
        name = tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), name + '_half'))
        casts.append(helper.make_node('Cast', [name + '_half'], [name], to=TensorProto.FLOAT))  # ONNX Runtime does this once, at loading
nodes = list(graph.node)
del graph.node[:]
graph.node.extend(casts + nodes)
onnx_model.producer_name = 'models/train/export.py of Winnow'
onnx.checker.check_model(onnx_model)
os.makedirs(args.to, exist_ok=True)
data = onnx_model.SerializeToString()
with open(f'{args.to}/winnow-s.onnx', 'wb') as out:
    out.write(data)
card = {
    'id': 'winnow-s',
    'name': 'Winnow S (small trained descriptor)',
    'description': 'A small residual network of our own, trained on public photographs to find edited copies and pictures of the same kind: a student of MobileNet v2 under strong edits, with contrastive and spreading terms after SSCD (Pizzi et al., 2022). models/train/README.md says how, on what, and how good it is.',
    'file': 'winnow-s.onnx',
    'sha256': hashlib.sha256(data).hexdigest(),
    'input': {'name': 'image', 'layout': 'NCHW', 'dtype': 'float32', 'width': args.size, 'height': args.size},
    'resize': {'mode': 'squash', 'interpolation': 'bilinear', 'shrinkOnLoad': True},
    'output': {'name': 'descriptor', 'dim': 256, 'pooling': 'none'},
    'normalise': True,
    'licence': 'MIT (the weights; the training pictures have terms of their own, see models/train/README.md)',
    'source': 'models/train of Winnow',
}
if args.threshold is not None:
    card['nearDuplicate'] = {'threshold': args.threshold, 'floor': args.floor}
with open(f'{args.to}/card.json', 'w') as out:
    json.dump(card, out, indent=2)
    out.write('\n')
with open(args.parity, 'w') as out:
    json.dump({'size': args.size, 'vectors': [[round(v, 6) for v in row] for row in before.tolist()]}, out)
    out.write('\n')
print('step', state['step'], 'views seen', state['seen'], 'onnx bytes', len(data), card['sha256'])
