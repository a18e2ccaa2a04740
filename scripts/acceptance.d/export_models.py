"""Classifiers of torchvision and timm with seeded weights, exported by both exporters of PyTorch and quantized."""

import contextlib
import io
import logging
import os
import shutil
import warnings

import numpy as np
import onnx
import torch

if not torch.cuda.is_available():
    # torchvision's wheel for CUDA does not load its own operators beside PyTorch's wheel for the CPU, and then does not
    # import, though no classifier needs them.
    with contextlib.suppress(RuntimeError):
        for name in ("nms", "qnms"):
            torch.library.define(f"torchvision::{name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import timm
import torchvision

NETWORKS = ("resnet18", "mobilenet_v2", "mobilenet_v3_small", "shufflenet_v2_x1_0", "squeezenet1_1", "densenet121",
            "efficientnet_b0", "regnet_y_400mf", "timm/convnext_atto", "timm/vit_tiny_patch16_224")
MORE = ("mnasnet0_5", "timm/ghostnet_100", "timm/mobileone_s0", "timm/efficientnet_lite0", "timm/mixer_s32_224",
        "timm/levit_128s", "timm/resnext26ts", "googlenet", "timm/edgenext_xx_small", "timm/poolformer_s12")
EXPORTERS = ("torchscript", "dynamo")
FORMS = ("float32", "int8 per tensor", "int8 per channel", "int8 QLinear per channel")
SIDE, CLASSES, COMPONENTS = 224, 10, 6


def network(name, photos, seed=3):
    """The network with drawn weights: the scale of its normalizations and the spread of its logits are those of photos.

    BatchNorm keeps the means that it gets. With centered values drawn networks are chaotic: a rounding that two engines
    take differently, one in a million in the first layers, grows to another class in the last, in quantized networks.
    """
    torch.manual_seed(seed)
    if name.startswith("timm/"):
        net = timm.create_model(name[5:], pretrained=False, num_classes=CLASSES)
    else:
        options = {"init_weights": True, "aux_logits": False} if name == "googlenet" else {}
        net = torchvision.models.get_model(name, weights=None, num_classes=CLASSES, **options)
    net.eval()
    norms = [m for m in net.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    def scale_of(norm, inputs):
        norm.running_mean.zero_()
        norm.running_var.fill_(float((inputs[0] ** 2).mean()))

    with torch.no_grad():
        hooks = [norm.register_forward_pre_hook(scale_of) for norm in norms]
        net(photos)
        for hook in hooks:
            hook.remove()
        heads = [m for m in net.modules()
                 if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d)) and m.weight.shape[0] == CLASSES]
        seen = {}
        hook = heads[-1].register_forward_hook(lambda module, inputs, output: seen.update(value=inputs[0]))
        net(photos)
        hook.remove()
        value = seen["value"]
        value = value.mean((2, 3)) if value.dim() == 4 else value
        # Classes differ where photos do, as in trained networks: along the features' first principal components.
        _, sizes, directions = torch.linalg.svd(value - value.mean(0), full_matrices=False)
        # Not the first one alone, which is often by far the largest.
        shares = (sizes[0] / sizes[:COMPONENTS]).sqrt().clamp_max(4)
        weight = (torch.randn(CLASSES, COMPONENTS) * shares) @ directions[:COMPONENTS]
        logits = value @ weight.T
        scale = 2 / logits.std(0).clamp_min(1e-9)
        # SqueezeNet has a ReLU after its head.
        shift = 6.0 if heads[-1].weight.dim() == 4 else 0.0
        heads[-1].weight.copy_((weight * scale[:, None]).reshape(heads[-1].weight.shape))
        heads[-1].bias.copy_(shift - logits.mean(0) * scale)
    return net


def export(net, exporter, file, open_batch):
    """Writes the network as an exporter does by default; the batch is open or one."""
    sample = torch.zeros(1, 3, SIDE, SIDE)
    partial = file.with_name("partial.onnx")
    options = dict(input_names=["input"], output_names=["output"], dynamo=exporter == "dynamo")
    if open_batch and exporter == "dynamo":
        options["dynamic_shapes"] = ({0: torch.export.Dim("batch")},)
        sample = torch.zeros(2, 3, SIDE, SIDE)
    elif open_batch:
        options["dynamic_axes"] = {"input": {0: "batch"}, "output": {0: "batch"}}
    logging.disable(logging.WARNING)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(net, (sample,), str(partial), **options)
    logging.disable(logging.NOTSET)
    data = partial.with_name("partial.onnx.data")
    if data.exists():
        # The exporter's file names its data, so both are written again under the final name.
        model = onnx.load(str(partial))
        onnx.save(model, str(file), save_as_external_data=True, location=file.name + ".data")
        data.unlink()
        partial.unlink()
    else:
        os.replace(partial, file)


def quantize(source, file, form, photos):
    """As ONNX Runtime's quantize_static writes it, by default per tensor, or per channel with bytes without a sign; in
    QDQ form, or with QLinear operators."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.rest = iter(photos)

        def get_next(self):
            x = next(self.rest, None)
            return None if x is None else {"input": x[None]}

    per_channel = form.endswith("channel")
    options = dict(activation_type=QuantType.QUInt8) if per_channel else {}
    quant_format = QuantFormat.QOperator if "QLinear" in form else QuantFormat.QDQ
    partial = file.with_name("partial-int8.onnx")
    logging.disable(logging.WARNING)
    quantize_static(str(source), str(partial), Reader(), quant_format=quant_format, per_channel=per_channel,
                    **options)
    logging.disable(logging.NOTSET)
    shutil.move(partial, file)


def files(folder, name, photos, open_batch):
    """Yields (exporter, form, file, what went wrong), making the files that are missing; photos is N×3×224×224."""
    stem = name.replace("/", "-")
    made = None
    for exporter in EXPORTERS:
        source = folder / f"{stem}-{exporter}.onnx"
        for form in FORMS:
            file = source if form == "float32" else source.with_name(
                f"{stem}-{exporter}-{form.replace(' ', '-')}.onnx")
            try:
                if not file.exists():
                    if form == "float32":
                        made = made or network(name, torch.from_numpy(photos))
                        export(made, exporter, file, open_batch)
                    else:
                        quantize(source, file, form, photos[:16])
                yield exporter, form, file, None
            except Exception as error:  # what an exporter or the quantizer cannot do is no fault of visionnet
                first = (str(error).splitlines() or [""])[0]
                yield exporter, form, None, f"{type(error).__name__}: {first[:200]}"


def normalized(pixels):
    """H×W×3 bytes to 3×H×W, ImageNet's mean and deviation."""
    x = (pixels.astype(np.float32) / 255 - np.float32([0.485, 0.456, 0.406])) / np.float32([0.229, 0.224, 0.225])
    return np.ascontiguousarray(x.transpose(2, 0, 1))
