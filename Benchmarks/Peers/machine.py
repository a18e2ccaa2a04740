"""What a comparison says of itself: the date, the machine, the measured peak, the versions of the engines."""
import datetime, json, os, subprocess

PACKAGES = {'onnxruntime': 'ONNX Runtime', 'openvino': 'OpenVINO', 'ai-edge-litert': 'LiteRT (TFLite)', 'ncnn': 'ncnn',
            'MNN': 'MNN', 'opencv-python-headless': 'OpenCV', 'torch': 'PyTorch', 'tensorflow': 'TensorFlow'}
NAMES = {'ort': 'ONNX Runtime', 'openvino': 'OpenVINO', 'tflite': 'TFLite', 'ncnn': 'ncnn', 'mnn': 'MNN', 'opencv': 'OpenCV',
         'torch': 'PyTorch', 'torch_cl': 'PyTorch channels-last', 'torch_cl+tcm': 'PyTorch channels-last + tcmalloc', 'tf': 'Keras'}


def name(engine):
    return NAMES.get(engine, engine)


def processor():
    for line in open('/proc/cpuinfo'):
        if line.startswith('model name'):
            return line.split(':', 1)[1].strip()
    return 'a processor of unknown name'


def peak(visionnet, threads):
    out = subprocess.run([*visionnet, 'bench', 'lenet5', '--runs', '20', '--threads', str(threads), '--format', 'json'],
                         capture_output=True, text=True, check=True).stdout
    report = json.loads(out)
    return report['peakGflops'], report['instructionSet']


def versions(environments=('vo',)):
    """Asked of the environments themselves, which are not ours."""
    code = ('import importlib.metadata as m, json, sys\n'
            'r = {}\n'
            'for p in json.loads(sys.argv[1]):\n'
            '    try: r[p] = m.version(p)\n'
            '    except m.PackageNotFoundError: pass\n'
            'print(json.dumps(r))')
    found = {}
    for environment in environments:
        python = f"{os.environ['PEERS_HOME']}/{environment}/bin/python"
        if os.path.exists(python):
            out = subprocess.run([python, '-c', code, json.dumps(list(PACKAGES))], capture_output=True, text=True).stdout
            found.update(json.loads(out or '{}'))
    return ', '.join(f'{PACKAGES[p]} {v}' for p, v in found.items())


def text(visionnet, threads=(1, 2), environments=('vo',)):
    peaks = [peak(visionnet, t) for t in threads]
    numbers = ' / '.join(f'{value:.0f}' for value, _ in peaks)
    return (f'{datetime.date.today()}, {len(os.sched_getaffinity(0))} cores of {processor()} ({peaks[0][1]}), peak {numbers} GFLOP/s '
            f"on {' / '.join(map(str, threads))} threads; {versions(environments)}.")
