"""Trainings: whole ones, killed and resumed ones, every optimizer, and folders of the old program gone on with."""

import signal

from side import epoch_of, work

SET = "../inputs/set"
SPLIT = "../inputs/split"

# Frozen and fine-tuned ones start from the model of this training, so that no network of others is needed.
SCRATCH = ["--from-scratch", "--architecture", "simple-cnn", "--epochs", 4, "--batch-size", 16, "--seed", 3]
FINE = ["--epochs", 3, "--batch-size", 16, "--seed", 5]

# Together they use every optimizer, schedule, augmentation, loss and rule once. `mlp` and `lenet5` are small.
VARIANTS = {
    "adam-step-light": (SPLIT, "--architecture lenet5 --optimizer adam --schedule step --augment light --epochs 4"),
    "sgd-cycle-none": (SPLIT, "--architecture resnet20 --optimizer sgd --schedule one-cycle --augment none --epochs 2 "
                              "--momentum 0.8 --weight-decay 0.001 --clip 0.5"),
    "rmsprop-strong-mixup": (SPLIT, "--architecture simple-cnn --optimizer rmsprop --schedule constant --augment "
                                    "strong --mixup 0.4 --epochs 3 --lr 0.0005"),
    "lamb-cutmix-ema": (SPLIT, "--architecture simple-cnn --optimizer lamb --cutmix 1 --ema 0.9 --epochs 3 "
                               "--label-smoothing 0.1"),
    "lars-focal-balanced": (SET, "--architecture lenet5 --optimizer lars --loss focal --class-weights balanced "
                                 "--epochs 3 --warmup 1 --lr 0.1 --image-size 32"),
    "adamw-patience": (SPLIT, "--architecture mlp --optimizer adamw --patience 1 --epochs 12 --image-size 16"),
    "gray": ("../inputs/gray", "--epochs 2 --validation 0.3 --seed 9"),
    "deep": ("../inputs/deep", "--architecture lenet5 --epochs 2 --white 4095 --no-image-hashes"),
    "table": ("../inputs/set.csv", "--architecture lenet5 --epochs 2 --label-column label --image-size 40x24"),
}


def first_epoch(file):
    """Whether the checkpoint is of the first epoch or a later one, and of which."""
    def ready(run):
        epoch = epoch_of(run / file)
        return epoch if epoch else None
    return ready


def begun(run):
    """Whether a training without checkpoints has begun."""
    return 1 if (run / "config.yaml").exists() and (run / "events.jsonl").exists() else None


def killed(case, flags, threads, data=SET, checkpoint="checkpoint.safetensors"):
    """A whole run, and the same one killed at its first checkpoint and gone on with."""
    case.run("whole", "train", data, *flags, "--threads", threads, "--output", "whole")
    ready = first_epoch(checkpoint) if checkpoint else begun
    for _ in range(5):
        epoch = case.stop("killed", "run", "train", data, *flags, "--threads", threads, "--output", "run", ready=ready)
        # What is compared is the first one: a slow machine may see only a later one.
        if epoch in (1, None):
            break
    case.copy(case.path("run"), "at-kill")
    case.run("resumed", "train", "--resume", "run", "--threads", threads)
    case.move("run", "resumed")


def scratch(threads):
    return lambda case: killed(case, SCRATCH, threads)


def model_of(case, name="train-scratch-1"):
    """A model that an earlier case trained, in this one's folder."""
    case.copy(case.side.done(name) / "whole/model.onnx", "backbone.onnx")
    return ["--model", "backbone.onnx"]


def frozen(threads):
    return lambda case: killed(case, [*model_of(case), "--seed", 4], threads, checkpoint=None)


def fine_tuned(layers, threads):
    return lambda case: killed(case, [*model_of(case), "--fine-tune", layers, *FINE], threads, SPLIT,
                               checkpoint="fine-tuning/checkpoint.safetensors")


def interrupted(case):
    """The interrupt key at the first checkpoint, and the run gone on with under another number of threads."""
    case.stop("interrupted", "run", "train", SET, *SCRATCH, "--threads", 1, "--output", "run",
              ready=first_epoch("checkpoint.safetensors"), signal_number=signal.SIGINT)
    case.run("resumed", "train", "--resume", "run", "--threads", 2)
    case.move("run", "resumed")
    case.run("again", "train", "--resume", "resumed")


def variant(name):
    data, flags = VARIANTS[name]

    def body(case):
        case.run("train", "train", data, "--from-scratch", "--threads", 2, "--output", "run", *flags.split())
    return body


def head_variants(case):
    """A pretrained network with what a last layer may have besides."""
    model = model_of(case)
    case.run("split", "train", SPLIT, *model, "--threads", 1, "--output", "split", "--no-cache")
    case.run("augmented", "train", SPLIT, *model, "--threads", 2, "--output", "augmented", "--image-size", 48,
             "--decoding", "scaled", "--fine-tune", "last-2", "--epochs", 1, "--augment", "strong", "--verbose")
    case.run("config", "train", "--config", "split/config.yaml", "--output", "config", "--threads", 2)
    case.run("no-network", "train", SPLIT, "--model", "no-such.onnx", "--output", "none")
    case.run("taken", "train", SPLIT, *model, "--output", "split")
    case.run("strict", "train", SET, *model, "--output", "strict", "--strict")
    case.run("words", "train", SPLIT, "--from-scratch", "--architecture", "lenet6", "--output", "none")


def dry(case):
    """What is said before a training, and the search for a learning rate."""
    model = model_of(case)
    case.run("scratch", "train", SET, "--from-scratch", "--dry-run")
    case.run("gray", "train", "../inputs/gray", "--from-scratch", "--dry-run", "--ema", 0.99, "--augment", "strong")
    case.run("frozen", "train", SET, *model, "--dry-run")
    case.run("fine-tuned", "train", SPLIT, *model, "--fine-tune", "all", "--dry-run")
    case.run("rates", "train", SPLIT, "--from-scratch", "--architecture", "lenet5", "--find-lr", "--output", "rates",
             "--threads", 1)


def on_isa(isa):
    """A short training of each kind by the kernels of an instruction set."""
    def body(case):
        for network, size in (("simple-cnn", 32), ("mobilenet_v2", 32)):
            case.run(network, "train", SPLIT, "--from-scratch", "--architecture", network, "--epochs", 1,
                     "--image-size", size, "--threads", 2, "--output", network, isa=isa)
        case.drop("mobilenet_v2/checkpoint.safetensors")
        model = model_of(case)
        case.run("fine-tuned", "train", SPLIT, *model, "--fine-tune", "all", "--epochs", 1, "--threads", 2,
                 "--output", "fine-tuned", isa=isa)
    return body


def given_run(name):
    """A run that the old program began, killed, gone on with by this one; then its model used by this one."""
    def body(case):
        case.copy(case.given(name, "at-kill"), "run")
        backbone = case.given(name, "backbone.onnx")
        case.copy(backbone, "backbone.onnx")
        # The run's configuration says where its data and its network are, seen from the folder it began in.
        if not (work / name).exists():
            (work / name).mkdir()
            case.copy(backbone, f"../{name}/backbone.onnx")
        case.run("resumed", "train", "--resume", "run", "--threads", 1)
        case.move("run", "resumed")
    return body


def given_models(case):
    """Models that the old program trained, evaluated and used by this one."""
    for name in ("train-scratch-1", "train-frozen-1", "train-fine-all-1"):
        case.copy(case.given(name, "whole/model.onnx"), f"{name}.onnx")
        model = f"{name}.onnx"
        case.run(f"{name}-inspect", "inspect", model)
        case.run(f"{name}-evaluate", "evaluate", model, SET, "--threads", 1, "--format", "json")
        case.run(f"{name}-classify", "classify", "../inputs/images", "--model", model, "--format", "jsonl",
                 "--threads", 2)
        case.run(f"{name}-explain", "explain", "../inputs/images/dog.jpg", "--model", model, "--output",
                 f"{name}.png")
        case.run(f"{name}-quantize", "quantize", model, SPLIT, "--images", 8, "--test-images", 8, "--threads", 1,
                 "--output", f"{name}-int8.onnx")
    case.copy(case.given("train-scratch-1", "whole/config.yaml"), "config.yaml")
    case.run("config", "train", "--config", "config.yaml", "--output", "run")


def cases(isas):
    made = []
    for threads in (1, 2):
        made += [(f"train-scratch-{threads}", scratch(threads)), (f"train-frozen-{threads}", frozen(threads)),
                 (f"train-fine-last-{threads}", fine_tuned("last-1", threads)),
                 (f"train-fine-all-{threads}", fine_tuned("all", threads))]
    made += [("train-interrupted", interrupted), ("train-heads", head_variants), ("train-dry", dry)]
    made += [(f"train-{name}", variant(name)) for name in VARIANTS]
    made += [(f"train-{isa}", on_isa(isa)) for isa in isas[:-1]]
    return made


def crossed_cases():
    """What is run on the old program's files."""
    return [(f"old-{name}", given_run(f"train-{name}-1")) for name in ("scratch", "frozen", "fine-all")] + [
        ("old-models", given_models)]
