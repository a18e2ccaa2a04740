"""Networks: architectures made by the program, and those found here, in every precision by every instruction set."""

import material

# Architectures, and the side of the images that they are trained on for one epoch.
OWN = {"mlp": 16, "lenet5": 32, "simple-cnn": 32, "resnet20": 32, "squeezenet1_1": 64, "mobilenet_v2": 32,
       "efficientnet-lite0": 32, "resnet18": 32}
# These take long: where a trained one is found, it is run instead.
LARGE = ("mobilenet_v2", "efficientnet-lite0", "resnet18")
# Those small enough for the reference, which is slow.
REFERENCE = ("mlp", "lenet5", "resnet20")
# Found networks that are not made int8: measuring their ranges takes long, or they are int8 already.
NOT_QUANTIZED = ("densenet121", "resnet18", "timm-vit_tiny_patch16_224", "mobilenet_v2-int8-of-onnxruntime")
# Looking for the range of its outputs takes minutes, and is not what is compared here.
NOT_CLASSIFIED = ("densenet121",)
SPLIT = "../inputs/split"


def own_networks():
    """The architectures that are run here as the program makes them."""
    here = {name for name, _, _ in material.found()[0]}
    return [name for name in OWN if name not in LARGE or name not in here]


def own(architecture):
    """A training of one epoch: the network for the cases that follow, and its gradients."""
    def body(case):
        case.run("train", "train", SPLIT, "--from-scratch", "--architecture", architecture, "--image-size",
                 OWN[architecture], "--epochs", 1, "--threads", 2, "--output", "run")
        if architecture in ("resnet18", "efficientnet-lite0"):
            # It is large, and other cases compare checkpoints.
            case.drop("run/checkpoint.safetensors")
        case.run("by-name", "inspect", architecture, "--plan", "--threads", 2, "--offline")
        case.run("by-name-json", "inspect", architecture, "--format", "json", "--offline")
    return body


def quantized(case, model, flags, images, isa=None):
    case.run("quantize", "quantize", model, images, "--images", 4, "--test-images", 3, "--threads", 1, "--json",
             "--output", "int8.onnx", *flags, isa=isa)


def runs(case, isas, files, reference=False):
    """Each file in both precisions by each instruction set on a thread, by the best one also on two and in a batch."""
    best = isas[-1]
    for name in files:
        if not case.path(f"{name}.onnx").exists():
            continue
        network = f"{name}.onnx"
        arrays, _ = case.input_of(network, 1)
        more, batch = case.input_of(network, 2, batch=3)
        precisions = ("float32",) if name == "int8" else ("float32", "bf16")
        for precision in precisions:
            for isa in isas:
                label = f"{name}-{precision}-{isa}"
                how = ["--precision", precision, "--threads"]
                case.run(label, "run", network, *arrays, *how, 1, "--output-dir", label, isa=isa)
                case.run(f"plan-{label}", "inspect", network, "--plan", *how, 1, isa=isa)
                if isa == best:
                    case.run(f"{label}-2", "run", network, *more, *how, 2, "--output-dir", f"{label}-2", isa=isa)
                    case.run(f"plan-{label}-2", "inspect", network, "--plan", *how, 2, "--batch-size", batch,
                             "--format", "json", isa=isa)
        if reference:
            case.run(f"{name}-reference", "run", network, *arrays, "--interpreter", "--output-dir", f"{name}-reference")


def run_own(architecture, isas):
    def body(case):
        case.copy(case.side.done(f"network-{architecture}") / "run/model.onnx", "network.onnx")
        quantized(case, "network.onnx", ["--method", "minmax"], SPLIT)
        case.run("inspect", "inspect", "network.onnx")
        case.run("inspect-int8", "inspect", "int8.onnx", "--format", "json")
        runs(case, isas, ("network", "int8"), architecture in REFERENCE)
        case.drop("network.onnx")
    return body


def run_found(name, preprocessing, isas):
    def body(case):
        case.path("network.onnx").symlink_to(f"../inputs/networks/{name}.onnx")
        flags = ["--preprocessing", preprocessing] if preprocessing else []
        case.run("inspect", "inspect", "network.onnx")
        if name not in NOT_QUANTIZED:
            quantized(case, "network.onnx", [*flags, "--method", "minmax"], "../inputs/photos")
        runs(case, isas, ("network", "int8"))
        if name not in NOT_CLASSIFIED:
            case.run("classify", "classify", "../inputs/images", "--model", "network.onnx", *flags, "--threads", 1,
                     "--format", "json")
            case.run("classify-bf16", "classify", "../inputs/photos", "--model", "network.onnx", *flags, "--threads",
                     2, "--precision", "bf16", "--batch-size", 3)
        case.drop("network.onnx")
    return body


def quantized_by(method, isa):
    def body(case):
        case.copy(case.side.done("train-scratch-1") / "whole/model.onnx", "network.onnx")
        quantized(case, "network.onnx", ["--method", method], "../inputs/set", isa)
        case.run("evaluate", "evaluate", "int8.onnx", "../inputs/set", "--threads", 1, isa=isa)
    return body


def cases(isas):
    here = material.found()[0]
    architectures = own_networks()
    made = [(f"network-{name}", own(name)) for name in OWN if name in architectures or name != "resnet18"]
    made += [(f"run-{name}", run_own(name, isas)) for name in architectures]
    made += [(f"run-{name}", run_found(name, preprocessing, isas)) for name, _, preprocessing in here]
    made += [(f"quantize-{method}", quantized_by(method, isas[-1]))
             for method in ("auto", "minmax", "percentile", "mse")]
    made += [(f"quantize-{isa}", quantized_by("mse", isa)) for isa in isas[:-1]]
    return made
