"""A .delf file as Google's protobuf library writes it: /usr/bin/python3 delf.py (Debian's python3-protobuf). The messages are those of tensorflow/models, research/delf/delf/protos."""
import base64, json, os
import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

F = descriptor_pb2.FieldDescriptorProto
file = descriptor_pb2.FileDescriptorProto(name='delf.proto', package='delf.protos', syntax='proto2')


def message(name, *fields):
    m = file.message_type.add(name=name)
    for number, (field, kind, label, type_name, packed) in enumerate(fields, 1):
        f = m.field.add(name=field, number=number, type=kind, label=label)
        if type_name:
            f.type_name = '.delf.protos.' + type_name
        if packed:
            f.options.packed = True


one, many = F.LABEL_OPTIONAL, F.LABEL_REPEATED
message('DatumShape', ('dim', F.TYPE_INT64, many, None, True))
message('FloatList', ('value', F.TYPE_FLOAT, many, None, True))
message('DatumProto', ('shape', F.TYPE_MESSAGE, one, 'DatumShape', False), ('float_list', F.TYPE_MESSAGE, one, 'FloatList', False))
message('DelfFeature', ('descriptor', F.TYPE_MESSAGE, one, 'DatumProto', False), *((n, F.TYPE_FLOAT, one, None, False) for n in ('x', 'y', 'scale', 'orientation', 'strength')))
message('DelfFeatures', ('feature', F.TYPE_MESSAGE, many, 'DelfFeature', False))
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
features = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName('delf.protos.DelfFeatures'))()
rng = np.random.default_rng(3)
rows = []
for _ in range(6):
    x, y, strength = (float(np.float32(v)) for v in rng.uniform(0, 900, 3))
    values = [float(np.float32(v)) for v in rng.normal(size=40)]
    f = features.feature.add(x=x, y=y, scale=0.7071, orientation=0.0, strength=strength)
    f.descriptor.shape.dim.append(40)
    f.descriptor.float_list.value.extend(values)
    rows.append({'x': x, 'y': y, 'strength': strength, 'descriptor': values})
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'delf.json'), 'w') as out:
    json.dump({'base64': base64.b64encode(features.SerializeToString()).decode(), 'features': rows}, out)
