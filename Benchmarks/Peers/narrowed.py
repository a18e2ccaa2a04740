"""A copy of the engines that takes this processor for one with AVX2 and no more: narrowed.py PEERS_HOME

ONNX Runtime and OpenVINO ask the processor itself what it has, and there is no setting that keeps all of their kernels from
AVX-512. In copies of their libraries the instructions that ask (cpuid, xgetbv) become breakpoints, which narrowed.c, preloaded,
answers. The result is PEERS_HOME/avx2: the environment `vo`, the library `narrowed.so`, and links to everything else.
"""
import os, shutil, struct, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = ['onnxruntime', 'openvino']
QUESTIONS = {'cpuid': (b'\x0f\xa2', b'\xcc\x91'), 'xgetbv': (b'\x0f\x01\xd0', b'\xcc\x92\x90')}


def segments(data):
    """Where the file has what lies at an address: (address, offset, bytes)."""
    offset, = struct.unpack_from('<Q', data, 0x20)
    count, = struct.unpack_from('<H', data, 0x38)
    headers = [struct.unpack_from('<IIQQQQQQ', data, offset + 56 * i) for i in range(count)]
    return [(h[3], h[2], h[5]) for h in headers if h[0] == 1]


def narrow(path):
    """Replaces the questions of one library; returns how many there were."""
    listing = subprocess.run(['objdump', '-d', '--no-show-raw-insn', path], capture_output=True, text=True, check=True).stdout
    data = bytearray(open(path, 'rb').read())
    parts = segments(data)
    count = 0
    for line in listing.splitlines():
        words = line.split()
        if len(words) < 2 or words[1] not in QUESTIONS or not words[0].endswith(':'):
            continue
        address, (old, new) = int(words[0][:-1], 16), QUESTIONS[words[1]]
        place = next(offset + address - first for first, offset, size in parts if first <= address < first + size)
        assert data[place:place + len(old)] == old, f'{path}: {line}'
        data[place:place + len(old)] = new
        count += 1
    if count:
        open(path, 'wb').write(data)
    return count


def main():
    home = os.path.abspath(sys.argv[1])
    target = f'{home}/avx2'
    if os.path.exists(f'{target}/done'):
        return
    shutil.rmtree(target, ignore_errors=True)
    source = os.path.realpath(f'{home}/vo')
    site = next(p for p in [f'lib/python3.{v}/site-packages' for v in range(8, 40)] if os.path.exists(f'{source}/{p}'))
    os.makedirs(f'{target}/vo/{site}')
    for name in os.listdir(home):
        if name not in ('avx2', 'vo', 'out', 'lock'):
            os.symlink(f'{home}/{name}', f'{target}/{name}')
    shutil.copytree(f'{source}/bin', f'{target}/vo/bin', symlinks=True)
    shutil.copy(f'{source}/pyvenv.cfg', f'{target}/vo')
    for name in os.listdir(f'{source}/{site}'):
        place = f'{target}/vo/{site}/{name}'
        if name in PACKAGES:
            shutil.copytree(f'{source}/{site}/{name}', place, symlinks=True)
        else:
            os.symlink(f'{source}/{site}/{name}', place)
    for package in PACKAGES:
        for folder, _, names in os.walk(f'{target}/vo/{site}/{package}'):
            for name in names:
                path = f'{folder}/{name}'
                if '.so' in name and not os.path.islink(path) and not any(part in name for part in ('gpu', 'npu')):
                    count = narrow(path)
                    if count:
                        print(f'{name}: {count} questions for the processor', file=sys.stderr)
    subprocess.run(['gcc', '-O1', '-shared', '-fPIC', f'{HERE}/narrowed.c', '-o', f'{target}/narrowed.so'], check=True)
    open(f'{target}/done', 'w').close()


main()
