"""Photos on the disk to boxes, one after the other: boxes.py VISIONNET YOLO.onnx [--photos FOLDER] [--threads 1,2] [--rounds 7]

YOLO.onnx is a detector with one output 1×(4+K)×places at a fixed size (YOLOv8, YOLO11); beside it OpenCV reads, fits and
selects, and ONNX Runtime runs the network. Faces by YuNet beside OpenCV's FaceDetectorYN on the same file and sizes. Ours are
whole processes of `detect` and `faces` that get the paths on standard input; their start is taken off, as the time of the same
process with fewer photos. The rounds take turns; medians. Needs opencv-python-headless and onnxruntime of PyPI.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument('visionnet')
parser.add_argument('yolo')
parser.add_argument('--photos', default='samples/images')
parser.add_argument('--threads', default='1,2')
parser.add_argument('--rounds', type=int, default=7)
parser.add_argument('--count', type=int, default=64)
parser.add_argument('--confidence', type=float, default=0.25)
options = parser.parse_args()

photos = sorted(p for p in Path(options.photos).rglob('*') if p.suffix.lower() in ('.jpg', '.jpeg'))[:options.count]
yunet = subprocess.run([options.visionnet, 'models', 'path', 'yunet'], capture_output=True, text=True, check=True).stdout.strip()


def ours(command, threads, photos):
    started = time.perf_counter()
    done = subprocess.run([options.visionnet, *command, '-', '--threads', str(threads), '--format', 'jsonl', '-q'],
                          input='\n'.join(map(str, photos)), capture_output=True, text=True)
    taken = time.perf_counter() - started
    assert done.returncode == 0 and len(done.stdout.splitlines()) == len(photos), done.stderr[-300:]
    return taken, sum(len(json.loads(line)[key]) for line in done.stdout.splitlines() for key in ('detections', 'faces')
                      if key in json.loads(line))


def peers(threads):
    """Functions from a path to boxes."""
    import cv2
    import numpy as np
    import onnxruntime

    cv2.setNumThreads(threads)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(options.yolo, settings, providers=['CPUExecutionProvider'])
    name, side = session.get_inputs()[0].name, session.get_inputs()[0].shape[2]

    def boxes(path):
        image = cv2.imread(str(path))
        height, width = image.shape[:2]
        scale = min(side / height, side / width)
        inner = (round(width * scale), round(height * scale))
        left, top = (side - inner[0]) // 2, (side - inner[1]) // 2
        canvas = np.full((side, side, 3), 114, np.uint8)
        canvas[top:top + inner[1], left:left + inner[0]] = cv2.resize(image, inner, interpolation=cv2.INTER_LINEAR)
        blob = cv2.dnn.blobFromImage(canvas, 1 / 255, swapRB=True)
        found = session.run(None, {name: blob})[0][0]
        scores = found[4:].max(axis=0)
        kept = np.flatnonzero(scores >= options.confidence)
        centers = found[:4, kept].T
        rectangles = np.concatenate([centers[:, :2] - centers[:, 2:] / 2, centers[:, 2:]], axis=1)
        classes = found[4:, kept].argmax(axis=0)
        chosen = cv2.dnn.NMSBoxesBatched(rectangles.tolist(), scores[kept].tolist(), classes.tolist(), options.confidence, 0.7)
        return [((rectangles[i] - [left, top, 0, 0]) / scale) for i in chosen]

    detector = cv2.FaceDetectorYN.create(yunet, '', (320, 320), 0.6, 0.3, 5000)

    def faces(path):
        image = cv2.imread(str(path))
        detector.setInputSize((image.shape[1], image.shape[0]))
        found = detector.detect(image)[1]
        return [] if found is None else found

    return {'detect': boxes, 'faces': faces}


for threads in map(int, options.threads.split(',')):
    os.environ['OMP_NUM_THREADS'] = str(threads)
    functions = peers(threads)
    for kind, command in [('detect', ['detect', '-m', options.yolo, '--confidence', str(options.confidence), '--iou', '0.7']),
                          ('faces', ['faces', '--confidence', '0.6'])]:
        mine, theirs = [], []
        for path in photos[:2]:
            functions[kind](path)
        for _ in range(options.rounds):
            short, _ = ours(command, threads, photos[:len(photos) // 4])
            whole, count = ours(command, threads, photos)
            mine.append((whole - short) / (len(photos) - len(photos) // 4))
            started = time.perf_counter()
            other = sum(len(functions[kind](p)) for p in photos)
            theirs.append((time.perf_counter() - started) / len(photos))
        a, b = statistics.median(mine), statistics.median(theirs)
        print(f'{kind}, {threads} threads: {1e3 * a:.2f} ms a photo, '
              f"OpenCV{' + ONNX Runtime' if kind == 'detect' else ' FaceDetectorYN'} {1e3 * b:.2f} ms, "
              f'{b / a:.2f} times; {count} and {other} found in {len(photos)} photos', flush=True)
