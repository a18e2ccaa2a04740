"""The server that the service is measured beside: FastAPI, uvicorn and ONNX Runtime, with the same model and answers.

Started by service.py: service_peer.py MODEL LABELS PORT WORKERS THREADS. MODEL is an ONNX file whose output is called `probabilities`,
LABELS a JSON array. Images are prepared as EfficientNet-Lite0's are: the middle 87.5 %, bicubic, (x − 127) / 128.
"""

import io
import json
import os
import sys
from pathlib import Path


def make(model, labels, threads):
    import numpy
    import onnxruntime
    from fastapi import Body, FastAPI
    from PIL import Image

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    input_name = session.get_inputs()[0].name
    names = json.loads(Path(labels).read_text())
    app = FastAPI()

    def prepared(data):
        image = Image.open(io.BytesIO(data)).convert("RGB")
        side = 0.875 * min(image.size)
        left, top = (image.width - side) / 2, (image.height - side) / 2
        image = image.resize((224, 224), Image.BICUBIC, (left, top, left + side, top + side))
        numbers = (numpy.asarray(image, numpy.float32) - 127) / 128
        return numpy.ascontiguousarray(numbers.transpose(2, 0, 1))[None]

    # Not async, so that FastAPI runs it on its threads.
    @app.post("/v1/classify")
    def classify(data: bytes = Body(media_type="image/jpeg")):
        probabilities = session.run(["probabilities"], {input_name: prepared(data)})[0][0]
        best = numpy.argsort(-probabilities, kind="stable")[:5]
        return {"predictions": [{"label": names[i], "index": int(i), "probability": float(probabilities[i])} for i in best]}

    return app


def app():
    return make(os.environ["PEER_MODEL"], os.environ["PEER_LABELS"], int(os.environ["PEER_THREADS"]))


if __name__ == "__main__":
    import uvicorn

    os.environ["PEER_MODEL"], os.environ["PEER_LABELS"], port, workers, os.environ["PEER_THREADS"] = sys.argv[1:]
    uvicorn.run("service_peer:app", factory=True, host="127.0.0.1", port=int(port), workers=int(workers),
                log_level="error", access_log=False)
