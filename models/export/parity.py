"""Writes a model as ONNX and shows that both give the same: the file is run by ONNX Runtime on inputs drawn with a fixed seed."""
import importlib
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch

SEED = 20211
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Above this, an export computes something else; float32 alone stays far below.
LEAST_COSINE = 0.9999


def need(name, install):
    """Imports a package that only some exports need, or ends with what to do."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        sys.exit(f'This export needs the Python package {name} ({error}). Install it: {install}. Nothing was written.')


def draw(*shape, seed=SEED):
    """Numbers of a normal distribution, the same ones on every machine."""
    return torch.from_numpy(np.random.RandomState(seed).standard_normal(shape).astype(np.float32))


def write_onnx(model, example, path, inputs=('picture',), outputs=('descriptor',), free_size=False, opset=13):
    """Writes `model` for any number of pictures (and of any size where `free_size`), whole or not at all."""
    axes = {name: {0: 'N'} for name in (*inputs, *outputs)}
    if free_size:
        for name in inputs:
            axes[name].update({2: 'H', 3: 'W'})
    part = path + '.part'
    model.eval()
    with torch.no_grad(), warnings.catch_warnings():
        # torch 1.13 warns about its own constants.
        warnings.simplefilter('ignore')
        torch.onnx.export(model, example, part, input_names=list(inputs), output_names=list(outputs), dynamic_axes=axes, opset_version=opset, do_constant_folding=True)
    os.replace(part, path)


def run_onnx(path, feeds):
    """Outputs by name, from ONNX Runtime: Python's where it is installed, else the one that Winnow brings (npm ci)."""
    feeds = {name: np.ascontiguousarray(value.numpy() if isinstance(value, torch.Tensor) else value) for name, value in feeds.items()}
    try:
        import onnxruntime
        session = onnxruntime.InferenceSession(path, providers=['CPUExecutionProvider'])
        names = [output.name for output in session.get_outputs()]
        return dict(zip(names, session.run(names, feeds))), f'onnxruntime {onnxruntime.__version__} (Python)'
    except ImportError:
        pass
    node = os.path.join(ROOT, 'node_modules', '.bin', 'node')
    if not os.path.exists(node):
        sys.exit(f'{path} was written, but not compared: there is neither the Python package onnxruntime nor Winnow\'s own (run npm ci in {ROOT}).')
    with tempfile.TemporaryDirectory() as folder:
        arguments = []
        for name, value in feeds.items():
            file = os.path.join(folder, f'in-{name}.npy')
            np.save(file, value)
            arguments.append(f'{name}={file}')
        done = subprocess.run([node, os.path.join(ROOT, 'models', 'export', 'runOnnx.ts'), path, folder, *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f'ONNX Runtime did not run {path}: {done.stderr.strip()}')
        told = json.loads(done.stdout)
        return {name: np.load(file) for name, file in told['outputs'].items()}, f'onnxruntime-node {told["version"]}'


def compare(ours, theirs):
    """Least cosine of the rows, and largest difference of a value."""
    a = np.asarray(ours, np.float64).reshape(len(ours), -1)
    b = np.asarray(theirs, np.float64).reshape(len(theirs), -1)
    if a.shape != b.shape:
        sys.exit(f'Shapes differ: PyTorch {a.shape}, ONNX Runtime {b.shape}.')
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    cosine = float(((a * b).sum(axis=1) / np.maximum(lengths, 1e-30)).min()) if a.size else 1.0
    return cosine, float(np.abs(a - b).max()) if a.size else 0.0


def report(model, example, path, inputs=('picture',), outputs=('descriptor',)):
    """Prints how well the file agrees with the model it was made of; ends the program where it does not."""
    examples = example if isinstance(example, tuple) else (example,)
    with torch.no_grad():
        found = model(*examples)
    found = found if isinstance(found, (tuple, list)) else (found,)
    onnx, runtime = run_onnx(path, dict(zip(inputs, examples)))
    worst = 1.0
    for name, value in zip(outputs, found):
        cosine, difference = compare(value.numpy(), onnx[name])
        worst = min(worst, cosine)
        print(f'{os.path.basename(path)}: {name} {tuple(value.shape)}  cosine {cosine:.9f}  max abs {difference:.3g}  (PyTorch {torch.__version__} against {runtime}, seed {SEED})')
    if not worst >= LEAST_COSINE:
        sys.exit(f'{path} does not compute what the model computes.')


def export(model, example, path, **options):
    """Writes and compares; two inputs, so that a fixed batch would be noticed."""
    write_onnx(model, example, path, **options)
    report(model, example, path, options.get('inputs', ('picture',)), options.get('outputs', ('descriptor',)))


def save_reference(model, pictures, path):
    """The vector of one prepared picture as .npy, to be given to `winnow models add ... --check PICTURE --vector FILE`."""
    with torch.no_grad():
        np.save(path, model(pictures).numpy()[0])
    print(f'{path}: the vector of that picture in PyTorch')
