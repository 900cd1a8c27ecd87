"""Puts the resizing and scaling of raw pixels in front of a teacher's ONNX graph, so that embedding needs no picture library.

  /usr/bin/python3 models/train/teacher.py ../shared/models/mobilenet-v2-1280.onnx 64 models/train/work/teacher64.onnx

In: `pixels` [N,size,size,3] uint8 RGB. Out: what the teacher gives. The teacher takes [N,3,224,224] in [-1,1].
"""
import sys
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

path, size, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
model = onnx.load(path)
graph = model.graph
name = graph.input[0].name
constants = [
    numpy_helper.from_array(np.array(127.5, np.float32), 'pre_half'),
    numpy_helper.from_array(np.array(1.0, np.float32), 'pre_one'),
    numpy_helper.from_array(np.array([1, 1, 224 / size, 224 / size], np.float32), 'pre_scales'),
]
nodes = [
    helper.make_node('Cast', ['pixels'], ['pre_float'], to=TensorProto.FLOAT),
    helper.make_node('Div', ['pre_float', 'pre_half'], ['pre_div']),
    helper.make_node('Sub', ['pre_div', 'pre_one'], ['pre_sub']),
]
if size == 224:
    nodes.append(helper.make_node('Transpose', ['pre_sub'], [name], perm=[0, 3, 1, 2]))
else:
    nodes.append(helper.make_node('Transpose', ['pre_sub'], ['pre_chw'], perm=[0, 3, 1, 2]))
    nodes.append(helper.make_node('Resize', ['pre_chw', '', 'pre_scales'], [name], mode='linear', coordinate_transformation_mode='half_pixel'))
old = list(graph.node)
del graph.node[:]
graph.node.extend(nodes + old)
graph.initializer.extend(constants)
del graph.input[:]
graph.input.append(helper.make_tensor_value_info('pixels', TensorProto.UINT8, ['N', size, size, 3]))
onnx.save(model, target)
print(target, 'opset', model.opset_import[0].version, 'output', graph.output[0].name)
