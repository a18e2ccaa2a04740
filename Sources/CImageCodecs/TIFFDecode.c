#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "TIFFLibrary.h"
#include "TIFFSamples.h"

// The state of the page that is being decoded.
typedef struct {
  vn_tiff_source *source;
  const vn_tiff_library *tiff;
  TIFF *file;
  uint32_t width, height;
  uint16_t compression, planes;
  vn_tiff_samples form;
  uint8_t *rgb;
  // Rows that are complete.
  uint32_t rows;
} page;

static int refuse(page *page, int status, const char *text) {
  snprintf(page->source->message, VN_CODEC_MESSAGE_BYTES, "%s", text);
  return status;
}

// The status for an error that libtiff has reported.
static int failure(const page *page) {
  if (!page->source->failed)
    snprintf(page->source->message, VN_CODEC_MESSAGE_BYTES, "the pixels cannot be decoded");
  return page->source->ended ? VN_CODEC_TRUNCATED : VN_CODEC_CORRUPT;
}

// Decodes rows one by one into `row`: interleaved samples, or one plane at a time.
static int read_strips(page *page, uint8_t *row, uint8_t *bytes) {
  const vn_tiff_samples *form = &page->form;
  const uint32_t width = page->width;
  const size_t pitch = (size_t)width * form->samples;
  for (uint16_t plane = 0; plane < page->planes; plane++)
    for (uint32_t y = 0; y < page->height; y++) {
      if (page->tiff->read_scanline(page->file, row, y, plane) != 1) return failure(page);
      if (page->planes > 1) {
        vn_tiff_to_bytes(form, row, width, bytes + pitch * y + plane, form->samples);
        if (plane + 1 < page->planes) continue;
        vn_tiff_to_rgb(form, bytes + pitch * y, width, page->rgb + (size_t)width * 3 * y);
      } else {
        vn_tiff_to_bytes(form, row, pitch, bytes, 1);
        vn_tiff_to_rgb(form, bytes, width, page->rgb + (size_t)width * 3 * y);
      }
      page->rows = y + 1;
    }
  return VN_CODEC_OK;
}

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

// Decodes all planes of one tile, up to the edge of the image.
static int read_tile(page *page, uint8_t *tile, uint8_t *bytes, uint32_t x, uint32_t y, uint32_t columns, uint32_t rows) {
  const vn_tiff_samples *form = &page->form;
  const size_t row_size = (size_t)page->tiff->tile_row_size(page->file);
  const size_t pitch = (size_t)columns * form->samples;
  for (uint16_t plane = 0; plane < page->planes; plane++) {
    if (page->tiff->read_tile(page->file, tile, x, y, 0, plane) < 0) return failure(page);
    for (uint32_t row = 0; row < rows; row++) {
      if (page->planes > 1)
        vn_tiff_to_bytes(form, tile + row_size * row, columns, bytes + pitch * row + plane, form->samples);
      else
        vn_tiff_to_bytes(form, tile + row_size * row, pitch, bytes + pitch * row, 1);
    }
  }
  for (uint32_t row = 0; row < rows; row++)
    vn_tiff_to_rgb(form, bytes + pitch * row, columns, page->rgb + ((size_t)(y + row) * page->width + x) * 3);
  return VN_CODEC_OK;
}

static int read_tiles(page *page) {
  uint32_t width = 0, height = 0;
  page->tiff->get(page->file, TIFFTAG_TILEWIDTH, &width);
  page->tiff->get(page->file, TIFFTAG_TILELENGTH, &height);
  const uint64_t size = page->tiff->tile_size(page->file), row_size = page->tiff->tile_row_size(page->file);
  const uint64_t samples = page->planes > 1 ? 1 : page->form.samples;
  const uint64_t needed = ((uint64_t)width * samples * page->form.bits + 7) / 8;
  // A tile may be larger than the image, but no larger than usual tiles are.
  const uint64_t area = (uint64_t)page->width * page->height, usual = 1 << 24;
  if (width == 0 || height == 0 || row_size < needed || size / height < needed ||
      (uint64_t)width * height > (area > usual ? area : usual))
    return refuse(page, VN_CODEC_CORRUPT, "its tiles have an impossible size");
  uint8_t *tile = malloc((size_t)size);
  uint8_t *bytes = malloc((size_t)smaller(width, page->width) * smaller(height, page->height) * page->form.samples);
  int status = tile && bytes ? VN_CODEC_OK : VN_CODEC_MEMORY;
  for (uint32_t y = 0; status == VN_CODEC_OK && y < page->height; y += smaller(height, page->height - y)) {
    for (uint32_t x = 0; status == VN_CODEC_OK && x < page->width; x += smaller(width, page->width - x))
      status = read_tile(page, tile, bytes, x, y, smaller(width, page->width - x), smaller(height, page->height - y));
    if (status == VN_CODEC_OK) page->rows = y + 1;
  }
  free(tile);
  free(bytes);
  return status;
}

// Decodes everything else that libtiff itself can convert to RGB: YCbCr that is not JPEG, CIELAB and others.
static int read_shown(page *page) {
  char text[1024] = "";
  if (!page->tiff->rgba_ok(page->file, text)) return refuse(page, VN_CODEC_UNSUPPORTED, text);
  uint16_t orientation = 1;
  page->tiff->get_defaulted(page->file, TIFFTAG_ORIENTATION, &orientation);
  const size_t pixels = (size_t)page->width * page->height;
  uint32_t *raster = calloc(pixels, 4);
  if (!raster) return VN_CODEC_MEMORY;
  // With the file's own orientation requested, rows and columns keep their stored order.
  int done = page->tiff->read_rgba(page->file, page->width, page->height, raster, orientation, 1);
  for (size_t index = 0; done && index < pixels; index++)
    for (int channel = 0; channel < 3; channel++)
      page->rgb[3 * index + (size_t)channel] = (uint8_t)(raster[index] >> (8 * channel));
  free(raster);
  return done ? VN_CODEC_OK : failure(page);
}

static int read_samples(page *page) {
  if (page->tiff->is_tiled(page->file)) return read_tiles(page);
  const uint64_t samples = page->planes > 1 ? 1 : page->form.samples;
  const uint64_t needed = ((uint64_t)page->width * samples * page->form.bits + 7) / 8;
  const tiff_size size = page->tiff->scanline_size(page->file);
  if (size <= 0 || (uint64_t)size < needed) return refuse(page, VN_CODEC_CORRUPT, "its rows have an impossible size");
  uint8_t *row = calloc((size_t)size, 1);
  uint8_t *bytes = malloc((size_t)page->width * page->form.samples * (page->planes > 1 ? page->height : 1));
  int status = row && bytes ? read_strips(page, row, bytes) : VN_CODEC_MEMORY;
  free(row);
  free(bytes);
  return status;
}

// The index of the alpha sample by which colors were multiplied; 0 if there is none, or if it does not affect the colors.
static uint16_t associated_alpha(page *page, uint16_t channels) {
  uint16_t count = 0, *kinds = NULL;
  if (!page->tiff->get(page->file, TIFFTAG_EXTRASAMPLES, &count, &kinds) || count == 0 || !kinds) return 0;
  return kinds[0] == 1 && page->form.samples > channels ? channels : 0;
}

// Whether YCbCr samples are stored uncompressed for every pixel; libtiff converts all other YCbCr.
static int is_plain_ycbcr(page *page) {
  uint16_t across = 2, down = 2;
  page->tiff->get_defaulted(page->file, TIFFTAG_YCBCRSUBSAMPLING, &across, &down);
  return page->compression == 1 && page->form.samples == 3 && page->form.bits == 8 && across == 1 && down == 1;
}

// Whether the samples are of a kind that is converted here. An error in `status` means that they cannot be converted at all.
static int is_ordinary(page *page, int *status) {
  vn_tiff_samples *form = &page->form;
  uint16_t format = 1, planar = 1;
  page->tiff->get_defaulted(page->file, TIFFTAG_SAMPLEFORMAT, &format);
  page->tiff->get_defaulted(page->file, TIFFTAG_PLANARCONFIG, &planar);
  *status = VN_CODEC_OK;
  if (format == 2 || format == 3 || format == 5 || format == 6 || form->bits > 16) {
    // It is unknown which values are black and white.
    snprintf(page->source->message, VN_CODEC_MESSAGE_BYTES, "samples of %d bits that are %s", form->bits,
             format == 1 || format == 4 ? "whole numbers" : format == 3 ? "floating-point numbers" : "signed or complex");
    *status = VN_CODEC_UNSUPPORTED;
    return 0;
  }
  page->planes = planar == PLANAR_SEPARATE && form->samples > 1 ? form->samples : 1;
  if (page->compression == COMPRESSION_OLD_JPEG) return 0;
  if (form->photometric == PHOTOMETRIC_YCBCR && page->compression == COMPRESSION_JPEG && page->planes == 1 &&
      form->samples == 3 && form->bits == 8) {
    page->tiff->set(page->file, TIFFTAG_JPEGCOLORMODE, 1);
    form->photometric = PHOTOMETRIC_RGB;
  }
  if (form->photometric == PHOTOMETRIC_YCBCR && form->samples == 1) form->photometric = PHOTOMETRIC_BLACK_ZERO;
  if (form->photometric == PHOTOMETRIC_MASK) form->photometric = PHOTOMETRIC_BLACK_ZERO;
  const int plain = form->photometric == PHOTOMETRIC_YCBCR && is_plain_ycbcr(page);
  const uint16_t bits = form->bits, channels = plain || form->photometric == PHOTOMETRIC_RGB ? 3
                                               : form->photometric == PHOTOMETRIC_CMYK ? 4
                                                                                       : 1;
  if ((form->photometric > PHOTOMETRIC_CMYK && !plain) || form->samples < channels || form->samples > 32) return 0;
  if (form->photometric == PHOTOMETRIC_PALETTE) {
    const uint16_t *red = NULL, *green = NULL, *blue = NULL;
    if (bits > 8 || !page->tiff->get(page->file, TIFFTAG_COLORMAP, &red, &green, &blue)) return 0;
    if (!red || !green || !blue) return 0;
    form->red = red;
    form->green = green;
    form->blue = blue;
  } else {
    form->associated_alpha = channels == 4 ? 0 : associated_alpha(page, channels);
  }
  return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 12 || bits == 16;
}

static int decode(page *page) {
  uint32_t width = 0, height = 0;
  const vn_tiff_library *tiff = page->tiff;
  tiff->get(page->file, TIFFTAG_IMAGEWIDTH, &width);
  tiff->get(page->file, TIFFTAG_IMAGELENGTH, &height);
  if (width != page->width || height != page->height)
    return refuse(page, VN_CODEC_CORRUPT, "libtiff finds another size in it");
  page->form.samples = 1;
  page->form.bits = 1;
  page->compression = 1;
  tiff->get_defaulted(page->file, TIFFTAG_COMPRESSION, &page->compression);
  tiff->get_defaulted(page->file, TIFFTAG_SAMPLESPERPIXEL, &page->form.samples);
  tiff->get_defaulted(page->file, TIFFTAG_BITSPERSAMPLE, &page->form.bits);
  if (!tiff->get(page->file, TIFFTAG_PHOTOMETRIC, &page->form.photometric))
    page->form.photometric = page->form.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_WHITE_ZERO;
  if (!tiff->is_configured(page->compression)) {
    snprintf(page->source->message, VN_CODEC_MESSAGE_BYTES, "this libtiff has no decoder for compression %d",
             page->compression);
    return VN_CODEC_UNSUPPORTED;
  }
  int status;
  if (is_ordinary(page, &status)) return read_samples(page);
  return status == VN_CODEC_OK ? read_shown(page) : status;
}

int vn_tiff_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                   vn_sample_levels levels, int lenient, uint8_t *rgb, char *message) {
  vn_tiff_source source = {.bytes = bytes, .count = count, .message = message};
  message[0] = 0;
  int status = VN_CODEC_OK;
  // A strip may contain the whole image with four samples of two bytes; all other memory is smaller than the file.
  const uint64_t largest = (uint64_t)width * height * 8 + count + ((uint64_t)1 << 26);
  TIFF *file = vn_tiff_open(libraries, &source, largest < PTRDIFF_MAX ? (size_t)largest : PTRDIFF_MAX, &status);
  if (!file) return status;
  page page = {.source = &source, .tiff = &source.tiff, .file = file, .width = width, .height = height, .rgb = rgb};
  page.form.levels = levels;
  status = decode(&page);
  vn_tiff_close(file, &source);
  if ((status == VN_CODEC_TRUNCATED || status == VN_CODEC_CORRUPT) && lenient && page.rows > 0)
    return VN_CODEC_PARTIAL;
  // Errors after which libtiff continues, such as damaged fax lines, leave wrong pixels.
  if (status == VN_CODEC_OK && source.failed) return lenient ? VN_CODEC_PARTIAL : VN_CODEC_CORRUPT;
  return status == VN_CODEC_OK && source.warned ? VN_CODEC_ODD : status;
}
