"""Makes `augmented.tsv` with Pillow and torchvision: CRC-32 of what each change makes of noise, 61 × 47 pixels.

    python generate_augmented.py
"""

import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F
from torchvision.transforms.autoaugment import RandAugment, TrivialAugmentWide, _apply_op

W, H = 61, 47
FILL = [9, 200, 77]


def noise(width, height):
    state, out = 1, bytearray(width * height * 3)
    for index in range(len(out)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[index] = state >> 24
    return Image.frombytes("RGB", (width, height), bytes(out))


def dull(image):
    """Values 40...167, red less, so that stretching and equalizing have something to do."""
    array = 40 + np.asarray(image).astype(int) // 2
    array[..., 0] = 60 + array[..., 0] // 4
    return Image.fromarray(array.astype(np.uint8))


names = {"Color": "color", "AutoContrast": "autoContrast"}
rows = []
image = noise(W, H)


def add(kind, name, magnitude, smooth, image):
    rows.append(f"{kind}\t{name}\t{magnitude!r}\t{smooth}\t{zlib.crc32(image.tobytes())}")


spaces = {"rand": (RandAugment()._augmentation_space(31, (H, W)), [9, 22, 30]),
          "trivial": (TrivialAugmentWide()._augmentation_space(31), [0, 13, 20, 30])}
for kind, (space, levels) in spaces.items():
    for name, (magnitudes, signed) in space.items():
        for level in levels if magnitudes.ndim else [0]:
            for sign in (1, -1) if signed else (1,):
                value = sign * (float(magnitudes[level]) if magnitudes.ndim else 0.0)
                for smooth in (0, 1) if name[:5] in ("Shear", "Trans", "Rotat") else (0,):
                    mode = InterpolationMode.BILINEAR if smooth else InterpolationMode.NEAREST
                    swift = names.get(name, name[0].lower() + name[1:])
                    add(kind, swift, sign * level, smooth, _apply_op(image, name, value, mode, FILL))
for name in ("AutoContrast", "Equalize"):
    add("dull", names.get(name, name.lower()), 0, 0, _apply_op(dull(image), name, 0.0, InterpolationMode.NEAREST, FILL))
for hue in (-0.5, -0.21, 0.0, 0.07, 0.5):
    add("hue", "hue", hue, 0, F.adjust_hue(image, hue))
add("flip", "horizontal", 0, 0, F.hflip(image))
add("flip", "vertical", 0, 0, F.vflip(image))
for x, y, w, h in ((3, 5, 40, 31), (0, 0, 61, 47), (20, 1, 7, 45), (50, 40, 1, 1)):
    crop = F.resized_crop(image, y, x, h, w, [H, W], InterpolationMode.BILINEAR)
    rows.append(f"crop\t{x} {y} {w} {h}\t0\t0\t{zlib.crc32(crop.tobytes())}")
(Path(__file__).parent / "augmented.tsv").write_text("\n".join(rows) + "\n")
