"""Makes the configurations in this folder and `expected.tsv`, what transformers and Pillow make of noise with them.

    python generate.py        with transformers 4.56, Pillow 13 and NumPy; the tests themselves need no Python

The configurations are those that transformers writes (`save_pretrained`), some of them in the older forms, and those of
timm. A row: configuration, width and height of the noise, CRC-32 of the image before it is normalized, and the first,
middle and last number of each channel. What timm does is done here with Pillow alone, as torchvision's Resize and
CenterCrop are defined.
"""

import json
import math
import zlib
from pathlib import Path

import numpy as np
import transformers
from PIL import Image

here = Path(__file__).parent
sizes = [(300, 301), (97, 141), (333, 250), (64, 64), (259, 260)]


def noise(width, height):
    state, out = 1, bytearray(width * height * 3)
    for index in range(len(out)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[index] = state >> 24
    return Image.frombytes("RGB", (width, height), bytes(out))


def saved(processor, **changes):
    """The text that transformers writes, with changes."""
    members = json.loads(processor.to_json_string())
    members.update(changes)
    return {key: value for key, value in members.items() if value is not ...}


def configurations():
    t = transformers
    yield "vit", saved(t.ViTImageProcessor(size={"height": 56, "width": 48}))
    yield "vit_old", {
        "do_normalize": True, "do_resize": True, "feature_extractor_type": "ViTFeatureExtractor",
        "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 2, "size": 56}
    yield "clip", saved(t.CLIPImageProcessor(size={"shortest_edge": 56}, crop_size=56))
    yield "clip_old", {
        "crop_size": 56, "do_center_crop": True, "do_normalize": True, "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "size": 57}
    yield "convnext", saved(t.ConvNextImageProcessor(size={"shortest_edge": 56}, crop_pct=0.875))
    yield "convnext_old", {
        "crop_pct": 0.95, "do_normalize": True, "do_resize": True, "feature_extractor_type": "ConvNextFeatureExtractor",
        "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3, "size": 61}
    yield "convnext_384", saved(t.ConvNextImageProcessor(size={"shortest_edge": 384}))
    yield "deit", saved(t.DeiTImageProcessor(size={"height": 64, "width": 67}, crop_size={"height": 56, "width": 56}))
    yield "beit", saved(t.BeitImageProcessor(size={"height": 56, "width": 56}, do_center_crop=False))
    yield "bit", saved(t.BitImageProcessor(size={"shortest_edge": 64}, crop_size=57, resample=2))
    yield "levit", saved(t.LevitImageProcessor(size={"shortest_edge": 60}, crop_size=56))
    yield "poolformer", saved(t.PoolFormerImageProcessor(size={"shortest_edge": 56}, crop_pct=0.9, crop_size=56))
    yield "mobilenet_v2", saved(t.MobileNetV2ImageProcessor(size={"shortest_edge": 64}, crop_size=56))
    yield "mobilevit", saved(t.MobileViTImageProcessor(size={"shortest_edge": 67}, crop_size=64))
    yield "efficientnet", saved(t.EfficientNetImageProcessor(
        size={"height": 60, "width": 60}, rescale_offset=True, rescale_factor=1 / 127.5, resample=0))
    yield "efficientnet_plain", saved(t.EfficientNetImageProcessor(
        size={"height": 60, "width": 60}, include_top=False, do_center_crop=True, crop_size=51, resample=3))
    yield "siglip", saved(t.SiglipImageProcessor(size={"height": 56, "width": 56}))
    yield "siglip_nested", {"image_processor": saved(t.SiglipImageProcessor(size={"height": 56, "width": 56}, resample=1)),
                            "processor_class": "SiglipProcessor"}
    yield "bytes", saved(t.ViTImageProcessor(size=48, do_rescale=False, do_normalize=False, resample=4))
    cfg = {"input_size": [3, 56, 56], "interpolation": "bicubic", "crop_pct": 0.9, "crop_mode": "center",
           "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "num_classes": 1000, "pool_size": [7, 7]}
    yield "timm", {"architecture": "vit_tiny", "num_classes": 1000, "pretrained_cfg": cfg}
    yield "timm_squash", {"architecture": "x", "pretrained_cfg": {**cfg, "crop_mode": "squash", "crop_pct": 0.85}}
    yield "timm_wide", {"architecture": "x", "pretrained_cfg": {
        **cfg, "input_size": [3, 48, 64], "crop_mode": "squash", "crop_pct": 1.0, "interpolation": "bilinear"}}
    yield "timm_old", {"architecture": "resnet", "input_size": [3, 64, 64], "interpolation": "bilinear",
                       "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "crop_pct": 0.875}


def timm(config, image):
    cfg = config.get("pretrained_cfg", config)
    filters = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
    height, width = cfg["input_size"][1:]
    scaled = [math.floor(side / cfg["crop_pct"]) for side in (height, width)]
    if cfg.get("crop_mode") == "squash":
        size = (scaled[1], scaled[0])
    else:
        w, h = image.size
        size = (scaled[0], int(scaled[0] * h / w)) if w <= h else (int(scaled[0] * w / h), scaled[0])
    image = image.resize(size, filters[cfg["interpolation"]])
    left, top = round((image.width - width) / 2.0), round((image.height - height) / 2.0)
    image = np.asarray(image.crop((left, top, left + width, top + height)))
    values = (image.astype(np.float64) / 255 - cfg["mean"]) / cfg["std"]
    return image, values.transpose(2, 0, 1)


def hub(config, image):
    config = dict(config.get("image_processor", config))
    name = config.get("image_processor_type") or config["feature_extractor_type"].replace("FeatureExtractor", "ImageProcessor")
    processor = getattr(transformers, name.removesuffix("Fast")).from_dict(config)
    values = processor(image, return_tensors="np")["pixel_values"][0].astype(np.float64)
    # The pixels from which it was normalized, by settings that change no position.
    for key in ["do_rescale", "do_normalize", "include_top", "rescale_offset"]:
        config[key] = False
    plain = getattr(transformers, name.removesuffix("Fast")).from_dict(config)
    pixels = plain(image, return_tensors="np")["pixel_values"][0].transpose(1, 2, 0)
    if config.get("do_flip_channel_order"):
        pixels = pixels[..., ::-1]
    assert (pixels == pixels.astype(np.uint8)).all()
    return pixels.astype(np.uint8), values


rows = []
for name, config in configurations():
    (here / f"{name}.json").write_text(json.dumps(config, indent=2) + "\n")
    for width, height in sizes:
        image = noise(width, height)
        pixels, values = (timm if "architecture" in config else hub)(config, image)
        flat = values.reshape(values.shape[0], -1)
        numbers = [f"{flat[c][i]:.7g}" for c in range(flat.shape[0]) for i in (0, flat.shape[1] // 2, flat.shape[1] - 1)]
        rows.append([name, width, height, zlib.crc32(np.ascontiguousarray(pixels).tobytes()), *numbers])
(here / "expected.tsv").write_text("\n".join("\t".join(map(str, row)) for row in rows) + "\n")
