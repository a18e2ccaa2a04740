"""Makes the fixtures of VisionImageTests with Pillow, NumPy and torchvision; the tests themselves need no Python.

    python generate.py [DECODERS]

`images/` holds small images of our own; `decoded.tsv` what Pillow's convert("RGB") makes of them (CRC-32 of the
RGB bytes, upright); `decoders.tsv` the same for the public decoder suites under DECODERS; `resized.tsv` Pillow's
resize of noise; `preprocessed.tsv` the float32 inputs of preprocessings.
"""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from torchvision import transforms

here = Path(__file__).parent
images = here / "images"
images.mkdir(exist_ok=True)


def noise(width, height):
    """The image that the tests make too: a linear congruential generator's high bytes."""
    state, out = 1, bytearray(width * height * 3)
    for index in range(len(out)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out[index] = state >> 24
    return Image.frombytes("RGB", (width, height), bytes(out))


def smooth(width, height, channels):
    """A smooth image with one sharp corner, so that JPEG has something to do and orientations show."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 120 * np.sin((x * (c + 1) + y * (3 - c)) / 9.0 + c) for c in range(channels)]
    array = np.stack(planes, -1).clip(0, 255).astype(np.uint8)
    array[: height // 3, : width // 4] = [250, 10, 30, 90][:channels]
    return array


# --- PNG: every color type and depth, written here because Pillow writes only some ---


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pack(samples, depth):
    """Rows of samples (H, W, C) as PNG stores them, without filter bytes."""
    height = samples.shape[0]
    flat = samples.reshape(height, -1)
    if depth == 16:
        return [row.astype(">u2").tobytes() for row in flat]
    if depth == 8:
        return [row.astype(np.uint8).tobytes() for row in flat]
    rows = []
    for row in flat:
        bits = ((row[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8).reshape(-1)
        rows.append(np.packbits(bits).tobytes())
    return rows


def png(samples, color, depth, interlaced=False, before=b"", after=b""):
    height, width = samples.shape[:2]
    data = b""
    if interlaced:
        for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
            part = samples[y0::dy, x0::dx]
            if part.size:
                data += b"".join(b"\0" + row for row in pack(part, depth))
    else:
        data = b"".join(b"\0" + row for row in pack(samples, depth))
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(data, 9))
            + after + chunk(b"IEND", b""))


def exif(orientation, order="<"):
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return ({"<": b"II", ">": b"MM"}[order] + struct.pack(order + "HI", 42, 8) + struct.pack(order + "H", 1) + entry
            + struct.pack(order + "I", 0))


names = []
exact = {}  # RGB where Pillow is known to differ from the rule "high byte"


def save(name, data, rgb=None):
    (images / name).write_bytes(data)
    names.append(name)
    if rgb is not None:
        exact[name] = np.ascontiguousarray(rgb)


rng = np.random.default_rng(7)
W, H = 19, 13
for depth in (1, 2, 4, 8, 16):
    for interlaced in (False, True):
        suffix = f"{depth}{'i' if interlaced else ''}.png"
        gray = rng.integers(0, 1 << depth, (H, W, 1))
        level = (gray >> 8) if depth == 16 else gray * (255 // ((1 << depth) - 1))
        save("gray" + suffix, png(gray, 0, depth, interlaced), np.repeat(level, 3, 2).astype(np.uint8))
        if depth <= 8:
            colors = rng.integers(0, 256, (1 << depth, 3)).astype(np.uint8)
            palette = chunk(b"PLTE", colors.tobytes())
            save("palette" + suffix, png(gray, 3, depth, interlaced, before=palette))
        if depth >= 8:
            for color, channels, kind in ((2, 3, "rgb"), (4, 2, "grayalpha"), (6, 4, "rgba")):
                samples = rng.integers(0, 1 << depth, (H, W, channels))
                high = samples >> (depth - 8)
                rgb = high[..., [0, 0, 0]] if channels == 2 else high[..., :3]
                save(kind + suffix, png(samples, color, depth, interlaced), rgb.astype(np.uint8))
samples = rng.integers(0, 256, (H, W, 3))
gamma = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3))
save("gamma.png", png(samples, 2, 8, before=gamma))
transparent = chunk(b"PLTE", colors.tobytes()) + chunk(b"tRNS", bytes(range(200)))
save("transparent.png", png(rng.integers(0, 256, (H, W, 1)), 3, 8, before=transparent))
save("exif-before.png", png(samples, 2, 8, before=chunk(b"eXIf", exif(6))))
save("exif-after.png", png(samples, 2, 8, after=chunk(b"eXIf", exif(5, ">"))))

# --- JPEG ---


def jpeg(array, mode=None, **options):
    out = io.BytesIO()
    Image.fromarray(array, mode).save(out, "JPEG", **options)
    return out.getvalue()


color = smooth(45, 31, 3)
for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
    save(f"rgb{name}.jpg", jpeg(color, quality=85, subsampling=subsampling))
    save(f"progressive{name}.jpg", jpeg(color, quality=85, subsampling=subsampling, progressive=True))
save("gray.jpg", jpeg(smooth(45, 31, 1)[..., 0], quality=85))
save("gray-progressive.jpg", jpeg(smooth(45, 31, 1)[..., 0], quality=85, progressive=True))
save("plain-rgb.jpg", jpeg(color, quality=85, keep_rgb=True))
save("restart.jpg", jpeg(color, quality=85, restart_marker_blocks=1))
save("cmyk.jpg", jpeg(smooth(45, 31, 4), "CMYK", quality=85))
# The same inks read as YCCK: only Adobe's transform byte differs.
ycck = jpeg(smooth(45, 31, 4), "CMYK", quality=85)
place = ycck.index(b"Adobe") + 11
assert ycck[place] in (0, 2)
save("ycck.jpg", ycck[:place] + b"\2" + ycck[place + 1:])
for orientation in range(1, 9):
    save(f"orientation{orientation}.jpg",
         jpeg(smooth(21, 14, 3), quality=85, exif=b"Exif\0\0" + exif(orientation, "<>"[orientation % 2])))


def run(command, data):
    """The output of one of libjpeg-turbo's programs."""
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


# What Pillow does not write: other samplings, scans of one component each, arithmetic coding.
ppm = b"P6 45 31 255 " + color.tobytes()
save("rgb440.jpg", run(["cjpeg", "-quality", "85", "-sample", "1x2"], ppm))
save("rgb411.jpg", run(["cjpeg", "-quality", "85", "-sample", "4x1"], ppm))
interleaved = (images / "rgb420.jpg").read_bytes()
scans = here / "scans.txt"
scans.write_text("0; 1; 2;")
save("scans.jpg", run(["jpegtran", "-scans", str(scans)], interleaved))
scans.unlink()
save("arithmetic.jpg", run(["jpegtran", "-arithmetic"], interleaved))
save("arithmetic-progressive.jpg", run(["jpegtran", "-arithmetic", "-progressive"], interleaved))
# Several images in one file: the first counts.
frames = [Image.fromarray(smooth(21, 14, 3)), Image.fromarray(smooth(21, 14, 3)[::-1])]
for name, kind in (("several.jpg", "MPO"), ("animated.png", "PNG")):
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    save(name, out.getvalue())


# Pillow does not check IDAT's checksum; 12 bits are a kind of JPEG, not damage.
refusals = {"monkey12.jpg": "unsupported", "xcsn0g01.png": "corrupt"}


def golden(path):
    if path.name in refusals:
        raise ValueError(refusals[path.name])
    image = Image.open(path)
    upright = ImageOps.exif_transpose(image)
    if path.name in exact:
        array = exact[path.name]
        if upright.mode not in ("I;16", "I"):
            assert np.array_equal(np.asarray(upright.convert("RGB")), array), path
        return array
    if upright.mode in ("I;16", "I"):
        return np.repeat((np.asarray(upright).astype(np.uint16) >> 8).astype(np.uint8)[..., None], 3, 2)
    return np.asarray(upright.convert("RGB"))


def table(file, paths, root):
    lines = []
    for path in sorted(paths):
        try:
            array = golden(path)
            lines.append(f"{path.relative_to(root)}\t{array.shape[1]}\t{array.shape[0]}\t{zlib.crc32(array.tobytes())}")
        except Exception as error:
            lines.append(f"{path.relative_to(root)}\terror\t{refusals.get(path.name, 'corrupt')}\t0")
    (here / file).write_text("\n".join(lines) + "\n")


table("decoded.tsv", [images / name for name in names], images)
if len(sys.argv) > 1:
    root = Path(sys.argv[1])
    table("decoders.tsv", [p for p in root.rglob("*") if p.suffix in (".png", ".jpg")], root)

# --- resizing ---

filters = {"nearest": Image.NEAREST, "box": Image.BOX, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC,
           "lanczos": Image.LANCZOS}
sizes = [((37, 23), (11, 7)), ((37, 23), (74, 61)), ((37, 23), (37, 9)), ((37, 23), (12, 23)), ((37, 23), (37, 23)),
         ((1, 1), (5, 3)), ((5, 3), (1, 1)), ((101, 67), (33, 67)), ((64, 64), (63, 65)), ((3, 97), (97, 3)),
         ((120, 90), (16, 12)), ((7, 7), (17, 16)), ((130, 1), (9, 4)), ((2, 131), (6, 50))]
lines = []
for (width, height), size in sizes:
    for name, kind in filters.items():
        out = noise(width, height).resize(size, kind)
        lines.append(f"{width}\t{height}\t{name}\t{size[0]}\t{size[1]}\t{zlib.crc32(out.tobytes())}")
(here / "resized.tsv").write_text("\n".join(lines) + "\n")

# --- preprocessing: the image seen and the numbers ---

lines = []


def record(name, image, seen, order, scale, mean, deviation):
    seen = np.asarray(seen.convert("RGB"))
    channels = {"rgb": seen, "bgr": seen[..., ::-1], "gray": np.asarray(Image.fromarray(seen).convert("L"))[..., None]}[order]
    values = ((channels.astype(np.float64) * np.array(scale) - np.array(mean)) / np.array(deviation)).astype("<f4")
    image = channels.repeat(3, 2) if order == "gray" else seen
    lines.append(f"{name}\t{image.width}\t{image.height}\t{zlib.crc32(np.ascontiguousarray(image).tobytes())}\t"
                 f"{zlib.crc32(np.ascontiguousarray(values.transpose(2, 0, 1)).tobytes())}")


def lite(image, size, filter=Image.BICUBIC):
    w, h = image.size
    c = int(size / (size + 32) * min(h, w))
    y, x = ((h - c) + 1) // 2, ((w - c) + 1) // 2
    return image.crop((x, y, x + c, y + c)).resize((size, size), filter)


unit = ([1 / 255] * 3, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
for width, height in ((161, 121), (90, 203), (64, 64), (33, 21), (257, 40), (300, 299)):
    image = noise(width, height)
    record("lite64", image, lite(image, 64), "rgb", [1] * 3, [127] * 3, [128] * 3)
    record("lite56gray", image, lite(image, 56), "gray", [1], [0], [255])
    for size in (64, 61):
        shorter = (size * 256 + 112) // 224
        steps = transforms.Compose([transforms.Resize(shorter), transforms.CenterCrop(size)])
        record(f"imagenet{size}", image, steps(image), "rgb", *unit)
    both = image.resize((73, 70), Image.BILINEAR)
    x, y = (73 - 58) // 2, (70 - 57) // 2
    record("caffe", image, both.crop((x, y, x + 58, y + 57)), "bgr", [1] * 3, [104, 117, 123], [1] * 3)
    record("squash32", image, image.resize((32, 32), Image.BILINEAR), "rgb", [1 / 255] * 3, [0] * 3, [1] * 3)
    record("letterbox", image, ImageOps.pad(image, (60, 47), Image.LANCZOS, color=(114, 5, 250)), "rgb",
           [1 / 255] * 3, [0] * 3, [1] * 3)
(here / "preprocessed.tsv").write_text("\n".join(lines) + "\n")
