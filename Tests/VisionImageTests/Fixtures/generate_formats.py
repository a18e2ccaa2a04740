"""Writes formats/ and formats.tsv: some of the small images of scripts/make-formats, and what scripts/check-formats
compares them with. Needs Pillow 13, NumPy, tiffcp, heif-enc and heif-convert."""

import os
import re
import shutil
import tempfile
import zlib
from importlib.machinery import SourceFileLoader

here = os.path.dirname(os.path.abspath(__file__))
scripts = os.path.join(here, "../../../scripts")
make = SourceFileLoader("make_formats", os.path.join(scripts, "make-formats")).load_module()
check = SourceFileLoader("check_formats", os.path.join(scripts, "check-formats")).load_module()

COMMUTING = ["imir0irot0", "imir1irot0", "imir0irot2", "imir1irot2"]
NAMES = """
bmp-1-5x1.bmp bmp-RGB-5x1.bmp bmp-RGBA-1x1.bmp bmp-palette1-7x5.bmp bmp-palette4-7x5.bmp bmp-few4-7x5.bmp
bmp-os2-4-7x5.bmp bmp-os2-24-7x5.bmp bmp-os22-1x1.bmp bmp-topdown-7x5.bmp bmp-555-7x5.bmp bmp-565-7x5.bmp
bmp-masks40-7x5.bmp bmp-masks124-7x5.bmp bmp-rgba-7x5.bmp bmp-rle8-runs-7x5.bmp bmp-rle8-absolute-7x5.bmp
bmp-rle4-absolute-7x5.bmp bmp-rle4-delta-7x5.bmp
gif-1-17x31.gif gif-L-16x16.gif gif-P-5x1.gif gif-transparent-0.gif gif-animated-0.gif gif-inside-1-0.gif gif-beyond-0-0.gif
tiff-1-group4-17x31.tif tiff-L-jpeg-17x31.tif tiff-LA-tiff_lzw-17x31.tif tiff-P-packbits-1x1.tif tiff-RGB-raw-17x31.tif
tiff-RGB-tiff_adobe_deflate-17x31.tif tiff-RGBA-tiff_lzw-1x1.tif tiff-CMYK-tiff_lzw-17x31.tif tiff-YCbCr-jpeg-17x31.tif
tiff-YCbCr-raw-1x1.tif tiff-I16-raw-17x31.tif tiff-gray1-0ii.tif tiff-gray4-1mm.tif tiff-palette2ii.tif
tiff-xmp6.tif tiff-turned5.tif tiff-1-tiles.tif
webp-lossy-17x31.webp webp-lossless-5x1.webp webp-alpha-17x31.webp webp-alphalossless-1x7.webp webp-turned6.webp webp-xmp8.webp
webp-animatedRGB0.webp webp-inside0.webp
heic-45x31.heic heic-64x64.heic heic-q20-45x31.heic heic-alpha-45x31.heic
heic-deep-45x31.heic heic-exif.heic
avif-45x31.avif avif-q20-45x31.avif avif-pillow6.avif avif-400.avif avif-exif.avif
""".split()
# A quarter and a mirror image do not commute, a half and a mirror image do.
NAMES += [
    f"{format}-{turned}.{format}" for format in ["heic", "avif"]
    for turned in [turned for turned, _ in make.turns() if turned not in COMMUTING] + ["exif-irot1imir0"]
]

target = os.path.join(here, "formats")
shutil.rmtree(target, ignore_errors=True)
os.makedirs(target)
with tempfile.TemporaryDirectory() as folder, open(os.path.join(here, "formats.tsv"), "w") as table:
    maker = make.Maker(os.path.join(folder, "all"))
    for part in [make.make_bmp, make.make_gif, make.make_tiff, make.make_webp, make.make_heif]:
        part(maker)
    for name in NAMES:
        name = re.sub("^(heic|avif)-(?=[0-9]*x)", r"\1--", name)
        source = os.path.join(folder, "all", name)
        pixels, _ = check.converted(source, folder) if name.endswith((".heic", ".avif")) else check.pillow(source)
        height, width, _ = pixels.shape
        shutil.copyfile(source, os.path.join(target, name))
        print(name, width, height, zlib.crc32(pixels.tobytes()), sep="\t", file=table)
