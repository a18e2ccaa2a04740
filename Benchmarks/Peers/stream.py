"""One stream of photos, from bytes in memory to the class: stream.py "VISIONNET COMMAND" [--threads 1,2] [--rounds 5] [--limit 100]

Ours and the peers' pipelines take turns; the median round counts. Run with the Python of the peers' environment vo, with
the peers' folder in PYTHONPATH.
"""
import argparse, json, os, shlex, statistics, subprocess, time
parser = argparse.ArgumentParser()
parser.add_argument('visionnet')
parser.add_argument('--threads', default='1,2')
parser.add_argument('--rounds', type=int, default=5)
parser.add_argument('--limit', type=int, default=100)
arguments = parser.parse_args()
from machine import name
from paths import MODELS, PHOTOS
from quiet import wait_quiet
import cv2, numpy as np, onnxruntime, openvino
from PIL import Image
import io

MEAN, DEVIATION = np.array([.485, .456, .406]), np.array([.229, .224, .225])
SCALE, SHIFT = (1 / 255 / DEVIATION).astype('f'), (-MEAN / DEVIATION).astype('f')
paths = [os.path.join(d, f) for d, _, files in sorted(os.walk(PHOTOS)) for f in sorted(files)]
paths = [os.path.abspath(p) for p in paths[::max(1, len(paths) // arguments.limit)][:arguments.limit]]
photos = [open(p, 'rb').read() for p in paths]


def normalized(a):
    a = a.astype('f')
    a *= SCALE
    a += SHIFT
    return np.ascontiguousarray(a.transpose(2, 0, 1))[None]


def crop(width, height):
    side = int(.875 * min(width, height))
    return (width - side) // 2, (height - side) // 2, side


def by_opencv(data):
    a = cv2.imdecode(np.frombuffer(data, 'u1'), 1)
    x, y, side = crop(a.shape[1], a.shape[0])
    return normalized(cv2.cvtColor(cv2.resize(a[y:y + side, x:x + side], (224, 224)), cv2.COLOR_BGR2RGB))


def by_pillow(data):
    image = Image.open(io.BytesIO(data)).convert('RGB')
    x, y, side = crop(*image.size)
    return normalized(np.asarray(image.resize((224, 224), Image.BILINEAR, box=(x, y, x + side, y + side))))


def pipelines(threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(f'{MODELS}/efficientnet_lite0.onnx', options, providers=['CPUExecutionProvider'])
    compiled = openvino.Core().compile_model(
        f'{MODELS}/efficientnet_lite0.onnx', 'CPU',
        {'PERFORMANCE_HINT': 'LATENCY', 'INFERENCE_PRECISION_HINT': 'f32', 'INFERENCE_NUM_THREADS': threads, 'NUM_STREAMS': 1})
    ort = lambda a: session.run(None, {'input': a})[0][0].argmax()
    ov = lambda a: compiled(a)[0][0].argmax()
    return {'OpenCV + OpenVINO': lambda d: ov(by_opencv(d)), 'OpenCV + ONNX Runtime': lambda d: ort(by_opencv(d)),
            'Pillow + OpenVINO': lambda d: ov(by_pillow(d)), 'Pillow + ONNX Runtime': lambda d: ort(by_pillow(d))}


class Ours:
    def __init__(self, threads):
        self.process = subprocess.Popen(shlex.split(arguments.visionnet) + ['bench', '--worker', str(threads)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask(cmd='photos', model='efficientnet-lite0', files=paths)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + '\n')
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"ok": 0, "msg": "died"}')
        if not answer['ok']:
            raise SystemExit(f"visionnet: {answer['msg']}")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


print('| threads | pipeline | ms a photo | photos/s | VisionNet is faster by |')
print('|---|---|---|---|---|')
for threads in map(int, arguments.threads.split(',')):
    cv2.setNumThreads(1)
    ours, peers = Ours(threads), pipelines(threads)
    times = {pipeline: [] for pipeline in ['VisionNet', *peers]}
    for run in peers.values():
        run(photos[0])
    order = list(times)
    for index in range(arguments.rounds):
        for pipeline in order[index % len(order):] + order[:index % len(order)]:
            wait_quiet(.5, .05, .2)
            if pipeline == 'VisionNet':
                times[pipeline].append(ours.ask(cmd='stream')['s'])
            else:
                start = time.perf_counter()
                for photo in photos:
                    peers[pipeline](photo)
                times[pipeline].append((time.perf_counter() - start) / len(photos))
    ours.close()
    medians = {pipeline: statistics.median(values) for pipeline, values in times.items()}
    for pipeline, seconds in sorted(medians.items(), key=lambda item: item[1]):
        print(f'| {threads} | {pipeline} | {seconds * 1e3:.2f} | {1 / seconds:.1f} | {seconds / medians["VisionNet"]:.2f} |', flush=True)
