"""All cases in their order, and those of the commands that use a model or only images."""

import networks
import trainings

IMAGES, PHOTOS, SET, SPLIT = "../inputs/images", "../inputs/photos", "../inputs/set", "../inputs/split"
FORMATS = ("text", "json", "jsonl", "csv")


def model(case, name="train-scratch-1"):
    case.copy(case.side.done(name) / "whole/model.onnx", "model.onnx")
    return ["--model", "model.onnx"]


def classify(case):
    """Every format and flag, whole files and broken ones, from folders, names, standard input."""
    use = [*model(case), "--threads", 2]
    for form in FORMATS:
        case.run(form, "classify", IMAGES, *use, "--format", form)
        case.run(f"{form}-file", "classify", f"{IMAGES}/dog.jpg", f"{IMAGES}/empty.png", "missing.png", *use,
                 "--format", form, "--output", f"results.{form}", "--quiet")
        case.run(f"{form}-broken", "classify", f"{IMAGES}/zeros.jpg", *use, "--format", form)
    case.run("cold", "classify", IMAGES, *use, "--format", "json", "--no-cache")
    case.run("bf16", "classify", IMAGES, *use, "--format", "json", "--precision", "bf16", "--batch-size", 4)
    case.run("batches", "classify", SET, *use, "--format", "csv", "--batch-size", 5, "--top-k", 2)
    case.run("truncated", "classify", IMAGES, *use, "--format", "jsonl", "--allow-truncated")
    case.run("strict", "classify", IMAGES, *use, "--format", "jsonl", "--strict-decoding")
    case.run("levels", "classify", "../inputs/deep", *use, "--format", "jsonl", "--black", 100, "--white", 3000)
    case.run("first-error", "classify", IMAGES, *use, "--fail-on-error")
    case.run("verbose", "classify", f"{IMAGES}/dog.jpg", *use, "--verbose")
    case.run("missing", "classify", "nowhere", *use)
    case.run("no-model", "classify", IMAGES, "--model", "nowhere.onnx")
    case.run("no-images", "classify", "steps", *use)
    case.run("words", "classify", IMAGES, *use, "--format", "xml")
    case.run("preset", "classify", PHOTOS, *use, "--preprocessing", "clip")
    case.run("activation", "classify", PHOTOS, *use, "--activation", "sigmoid")
    photo = case.side.material / "photos/dog.jpg"
    case.run("stdin", "classify", "-", *use, "--format", "json", stdin=photo.read_bytes())
    case.run("stdin-broken", "classify", "-", *use, "--format", "json", stdin=photo.read_bytes()[:999])
    paths = [f"{IMAGES}/{name}" for name in ("eagle.jpg", "cut.jpg", "below/und ä.png")]
    case.run("paths", "classify", "-", *use, stdin="\n".join(paths).encode() + b"\n")
    case.run("paths-0", "classify", "-", "-0", *use, "--format", "csv", stdin="\0".join(paths).encode() + b"\0")


def classify_by_others(case):
    """Models of every kind of training, and the parts of the data that they had."""
    for name, file in (("train-frozen-1", "whole"), ("train-fine-all-1", "whole"), ("train-gray", "run"),
                       ("train-deep", "run"), ("network-mobilenet_v2", "run"), ("train-table", "run")):
        case.copy(case.side.done(name) / file / "model.onnx", f"{name}.onnx")
        for threads in (1, 2):
            case.run(f"{name}-{threads}", "classify", IMAGES, "../inputs/deep/x", "../inputs/gray/y", "--model",
                     f"{name}.onnx", "--threads", threads, "--format", "jsonl")


def evaluate(case):
    use = model(case)[1:]
    for form in ("text", "json", "html"):
        case.run(form, "evaluate", *use, SET, "--format", form, "--threads", 1)
        case.run(f"{form}-file", "evaluate", *use, SET, "--format", form, "--threads", 2, "--output", f"page.{form}")
    case.run("bf16", "evaluate", *use, SET, "--precision", "bf16", "--format", "json")
    case.run("table", "evaluate", *use, "../inputs/set.csv", "--label-column", "label")
    case.run("strict", "evaluate", *use, SET, "--strict")
    case.run("classes", "evaluate", *use, "../inputs/gray")
    case.copy(case.side.done("train-heads") / "split/model.onnx", "split.onnx")
    for part in ("train", "val", "test", "all"):
        case.run(part, "evaluate", "split.onnx", SPLIT, "--split", part, "--format", "json", "--threads", 2)


def explain(case):
    use = model(case)
    case.run("one", "explain", f"{IMAGES}/dog.jpg", *use, "--output", "one.png", "--threads", 1)
    case.run("ranks", "explain", f"{IMAGES}/turned.jpg", *use, "--output", "rank.png", "--top-k", 3, "--threads", 2)
    case.run("jpeg", "explain", f"{SET}/bars/01.png", *use, "--output", "one.jpg", "--class", "slope")
    case.run("default", "explain", f"{IMAGES}/gray.png", *use)
    case.run("class", "explain", f"{IMAGES}/gray.png", *use, "--class", "zebra", "--output", "none.png")
    case.run("broken", "explain", f"{IMAGES}/cut.jpg", *use, "--output", "none.png")


def doctor(case):
    for name in ("set", "split", "gray", "deep", "images", "set.csv"):
        for form in ("text", "json"):
            case.run(f"{name}-{form}", "doctor", f"../inputs/{name}", "--format", form, "--threads", 2)
    case.run("all", "doctor", SET, "--all", "--strict", "--strict-decoding", "--image-size", 128, "--threads", 1)
    case.run("near", "doctor", SET, "--no-near")
    case.run("missing", "doctor", "nowhere")


def preview(case):
    for name in ("set", "split", "gray", "deep", "set.csv"):
        case.run(name, "preview", f"../inputs/{name}", "--count", 3, "--output", f"{name}.png")
    for augment in ("none", "light", "strong",
                    "padAndCrop(padding: 4), horizontalFlip, colorJitter(brightness: 0.3)"):
        case.run(augment[:6], "preview", SPLIT, "--augment", augment, "--count", 4, "--seed", 7, "--image-size", 48,
                 "--output", f"{augment[:6]}.png")
    case.run("jpeg", "preview", SPLIT, "--classes", 2, "--output", "sheet.jpg")
    case.run("words", "preview", SPLIT, "--augment", "wobble")


def preprocessing(case):
    model(case)
    case.run("list", "preprocessing", "list")
    for preset in ("imagenet", "imagenet-inception", "clip", "zero-to-one", "bytes"):
        case.run(f"{preset}", "preprocessing", "show", preset)
        case.run(f"{preset}-gray", "preprocessing", "show", preset, "--size", "40x56", "--channels", 1)
        case.path("steps.json").write_bytes(case.path(f"steps/{preset}.out").read_bytes())
        for image in ("turned.jpg", "gray.png", "deep.png"):
            case.run(f"{preset}-{image}", "preprocess", f"{IMAGES}/{image}", "--preprocessing", "steps.json",
                     "--output", f"{preset}-{image}.png")
    case.run("model", "preprocessing", "show", "model.onnx")
    case.run("image", "preprocess", f"{IMAGES}/eagle.jpg", "--model", "model.onnx", "--output", "eagle.png")
    case.run("words", "preprocessing", "show", "no-such")


def images(case):
    """Decoding and what is told of files."""
    names = sorted(path.name for path in (case.side.material / "images").iterdir() if path.is_file())
    for name in names:
        case.run(f"inspect-{name}", "inspect", f"{IMAGES}/{name}")
        case.run(f"convert-{name}", "convert", f"{IMAGES}/{name}", f"{name}.png")
    case.run("json", "inspect", f"{IMAGES}/turned.jpg", "--format", "json")
    case.run("jpeg", "convert", f"{IMAGES}/turned.jpg", "as-stored.jpg", "--no-orientation", "--quality", 60)
    case.run("truncated", "convert", f"{IMAGES}/cut.jpg", "cut-taken.png", "--allow-truncated")
    case.run("levels", "convert", f"{IMAGES}/deep.png", "levels.png", "--black", 50, "--white", 2000)
    case.copy(case.side.done("train-scratch-1") / "whole/checkpoint.safetensors", "checkpoint.safetensors")
    case.run("tensors", "inspect", "checkpoint.safetensors", "--format", "json")
    case.drop("checkpoint.safetensors")


def lists(case):
    """What is there by name, the drawn set of data, and the help of every command."""
    case.run("help", "--help")
    commands = ["classify", "explain", "train", "preview", "doctor", "evaluate", "quantize", "inspect", "convert",
                "preprocess", "preprocessing show", "run", "bench", "models pull", "datasets pull"]
    for command in commands:
        case.run(f"help-{command}", *command.split(), "--help")
    case.run("version", "--version")
    case.run("words", "clasify")
    case.run("models", "models", "list")
    case.run("models-path", "models", "path", "efficientnet-lite0")
    case.run("datasets", "datasets", "list")
    case.run("shapes", "datasets", "pull", "shapes", "--output", "shapes")
    for path in sorted(case.path("shapes").rglob("*.png"))[10:]:
        path.unlink()


def cases(isas):
    """Name and body of each case; a later one may use what an earlier one left."""
    return [*trainings.cases(isas), *networks.cases(isas), ("classify", classify),
            ("classify-others", classify_by_others), ("evaluate", evaluate), ("explain", explain),
            ("doctor", doctor), ("preview", preview), ("preprocessing", preprocessing), ("images", images),
            ("lists", lists)]
