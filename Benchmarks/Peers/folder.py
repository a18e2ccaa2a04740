"""A folder of photos to classes, decoding included, on two threads: folder.py "VISIONNET COMMAND" [--rounds 5] [--limit 480]

Ours is a whole process with the files on disk, as `classify` comes: a photo at a time on each thread. The peers' models are
loaded, the files in memory, and batches of 16. They take turns; the median round counts. Run with the Python of the peers' environment vo, with the peers' folder in PYTHONPATH.
"""
import argparse, concurrent.futures, os, shlex, statistics, subprocess, tempfile, time
parser = argparse.ArgumentParser()
parser.add_argument('visionnet')
parser.add_argument('--rounds', type=int, default=5)
parser.add_argument('--limit', type=int, default=480)
arguments = parser.parse_args()
from paths import MODELS, PHOTOS
from quiet import wait_quiet
import cv2, numpy as np, onnxruntime, openvino

MEAN, DEVIATION = np.array([.485, .456, .406]), np.array([.229, .224, .225])
SCALE, SHIFT = (1 / 255 / DEVIATION).astype('f'), (-MEAN / DEVIATION).astype('f')
paths = [os.path.abspath(os.path.join(d, f)) for d, _, files in sorted(os.walk(PHOTOS)) for f in sorted(files)]
paths = paths[::max(1, len(paths) // arguments.limit)][:arguments.limit]
photos = [open(p, 'rb').read() for p in paths]
model = f'{MODELS}/b16/efficientnet_lite0.onnx'
cv2.setNumThreads(1)


def decoded(data):
    a = cv2.imdecode(np.frombuffer(data, 'u1'), 1)
    height, width = a.shape[:2]
    side = int(.875 * min(width, height))
    x, y = (width - side) // 2, (height - side) // 2
    a = cv2.cvtColor(cv2.resize(a[y:y + side, x:x + side], (224, 224)), cv2.COLOR_BGR2RGB).astype('f')
    a *= SCALE
    a += SHIFT
    return a.transpose(2, 0, 1)


def onnx_runtime(threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=['CPUExecutionProvider'])
    return lambda a: session.run(None, {session.get_inputs()[0].name: a})[0]


def open_vino(threads):
    compiled = openvino.Core().compile_model(
        model, 'CPU', {'PERFORMANCE_HINT': 'LATENCY', 'INFERENCE_PRECISION_HINT': 'f32', 'INFERENCE_NUM_THREADS': threads, 'NUM_STREAMS': 1})
    request = compiled.create_infer_request()
    return lambda a: request.infer([a])[0]


batches = [photos[i:i + 16] for i in range(0, len(photos) - len(photos) % 16, 16)]
pool = concurrent.futures.ThreadPoolExecutor(2)


def in_turn(infer):
    """Two threads decode a batch, then the network has both."""
    def run():
        for batch in batches:
            infer(np.stack(list(pool.map(decoded, batch))))
    return run


def side_by_side(workers):
    """Each of two threads decodes batches and puts them through a network of its own."""
    def work(index):
        for batch in batches[index::2]:
            workers[index](np.stack([decoded(photo) for photo in batch]))
    return lambda: list(pool.map(work, range(2)))


with tempfile.TemporaryDirectory() as folder:
    for index, path in enumerate(paths[:len(batches) * 16]):
        os.symlink(path, f'{folder}/{index:05}.jpg')
    ours = shlex.split(arguments.visionnet) + ['classify', folder, '--threads', '2', '--format', 'jsonl', '-k', '1']
    runs = {'VisionNet': lambda: subprocess.run(ours, check=True, stdout=subprocess.DEVNULL),
            'OpenCV + ONNX Runtime, in turn': in_turn(onnx_runtime(2)), 'OpenCV + OpenVINO, in turn': in_turn(open_vino(2)),
            'OpenCV + ONNX Runtime, side by side': side_by_side([onnx_runtime(1), onnx_runtime(1)]),
            'OpenCV + OpenVINO, side by side': side_by_side([open_vino(1), open_vino(1)])}
    times = {name: [] for name in runs}
    for run in runs.values():
        run()
    order = list(runs)
    for index in range(arguments.rounds):
        for name in order[index % len(order):] + order[:index % len(order)]:
            wait_quiet(.5, .05, .2)
            start = time.perf_counter()
            runs[name]()
            times[name].append(time.perf_counter() - start)
count = len(batches) * 16
medians = {name: statistics.median(values) for name, values in times.items()}
print('| pipeline | photos/s | VisionNet is faster by |')
print('|---|---|---|')
for name, seconds in sorted(medians.items(), key=lambda item: item[1]):
    print(f'| {name} | {count / seconds:.1f} | {seconds / medians["VisionNet"]:.2f} |', flush=True)
