"""How far our logits are from ONNX Runtime's on photos: logits.py VISIONNET [--models a,b] [--photos 16]

The same files and the same arrays for both; photos one by one with the files of batch 1, all at once with those of batch 16. Run with
the Python of the peers' environment vo, with the peers' folder in PYTHONPATH.
"""
import argparse, os, subprocess, tempfile
parser = argparse.ArgumentParser()
parser.add_argument('visionnet')
parser.add_argument('--models', default='efficientnet_lite0,mobilenet_v2,squeezenet1_1,resnet18,resnet50,vgg16')
parser.add_argument('--photos', type=int, default=16)
arguments = parser.parse_args()
from paths import MODELS, PHOTOS
import numpy as np, onnxruntime
from PIL import Image

MEAN, DEVIATION = np.array([.485, .456, .406], 'f'), np.array([.229, .224, .225], 'f')


def pixels(path):
    image = Image.open(path).convert('RGB')
    side = int(.875 * min(image.size))
    x, y = (image.width - side) // 2, (image.height - side) // 2
    a = np.asarray(image.resize((224, 224), Image.BILINEAR, box=(x, y, x + side, y + side)), 'f')
    return np.ascontiguousarray(((a / np.float32(255) - MEAN) / DEVIATION).transpose(2, 0, 1), 'f')


def ours(model, x, folder):
    np.save(f'{folder}/input.npy', x)
    subprocess.run([arguments.visionnet, 'run', model, '-i', f'input={folder}/input.npy', '--output-dir', folder, '--force'],
                   check=True, stdout=subprocess.DEVNULL)
    [name] = [n for n in os.listdir(folder) if n.endswith('.npy') and n != 'input.npy']
    y = np.load(f'{folder}/{name}')
    os.remove(f'{folder}/{name}')
    return y


paths = sorted(os.path.join(d, f) for d, _, files in os.walk(PHOTOS) for f in files if f.endswith(('.jpg', '.jpeg', '.JPEG')))
photos = np.stack([pixels(p) for p in paths[::max(1, len(paths) // arguments.photos)][:arguments.photos]])
print('| model | batch | photos | largest difference / range of the logits | same class |')
print('|---|---|---|---|---|')
for name in arguments.models.split(','):
    for batch, model in (1, f'{MODELS}/{name}.onnx'), (16, f'{MODELS}/b16/{name}.onnx'):
        count = len(photos) // batch * batch
        if not os.path.exists(model) or count == 0:
            continue
        session = onnxruntime.InferenceSession(model, providers=['CPUExecutionProvider'])
        worst, same = 0, 0
        with tempfile.TemporaryDirectory() as folder:
            for i in range(0, count, batch):
                x = photos[i:i + batch]
                theirs, y = session.run(None, {'input': x})[0], ours(model, x, folder)
                difference = np.abs(theirs.astype('f8') - y).max(axis=1) / (theirs.max(axis=1) - theirs.min(axis=1))
                worst = max(worst, float(difference.max()))
                same += int((theirs.argmax(axis=1) == y.argmax(axis=1)).sum())
        print(f'| {name} | {batch} | {count} | {worst:.1e} | {same} of {count} |', flush=True)
