"""Writes the same three vectors in every way that NumPy and h5py have. Argument: the folder."""
import sys
import h5py
import numpy as np

at = sys.argv[1]
rows = np.arange(6).reshape(3, 2)
ids = ['Q00000', 'Q00001', 'Q00002']
for dtype in ['<f2', '<f4', '<f8', '<i4', '<i8', 'u1', 'i2']:
    name = dtype.strip('<')
    np.save(f'{at}/{name}.npy', rows.astype(dtype))
    with open(f'{at}/{name}.ids.txt', 'w') as out:
        out.write('\n'.join(ids))
np.savez(f'{at}/stored.npz', embeddings=rows.astype('f4'), ids=np.array(ids))
np.savez_compressed(f'{at}/packed.npz', features=rows.astype('f8'), names=np.array(ids, dtype='S'))
with h5py.File(f'{at}/isc.h5', 'w') as f:
    f['query'] = rows.astype('f4')
    f['query_ids'] = np.array(ids, dtype='S6')
with h5py.File(f'{at}/packed.h5', 'w') as f:
    f.create_dataset('vectors', data=rows.astype('f8'), chunks=(2, 1), compression='gzip', shuffle=True)
    f['image_names'] = np.array(ids, dtype=h5py.string_dtype())
with h5py.File(f'{at}/bigEndian.h5', 'w') as f:
    f['vectors'] = rows.astype('>f4')
    f['image_names'] = np.array(ids, dtype='S8')
with h5py.File(f'{at}/group.h5', 'w', userblock_size=512) as f:
    f['a/vectors'] = rows.astype('>i8')
    f['a/ids'] = np.array(ids, dtype='S6')
