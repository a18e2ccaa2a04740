"""A worker of VisionNet on int8 models: quantized.py FOLDER COMMAND… passes the protocol on, with FOLDER/MODEL_bBATCH.onnx
in place of the float32 model."""
import json, subprocess, sys

worker = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for line in sys.stdin:
    request = json.loads(line)
    if request.get('cmd') == 'load':
        request['path'] = f'{sys.argv[1]}/{request["model"]}_b{request["batch"]}.onnx'
    worker.stdin.write(json.dumps(request) + '\n')
    worker.stdin.flush()
    print(worker.stdout.readline(), end='', flush=True)
worker.stdin.close()
sys.exit(worker.wait())
