#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"
#include "SystemLibrary.h"

// From libheif/heif.h (libheif 1.0 and later, soname 1): opaque pointers, one small structure passed by value, and
// enumerations whose numbers are part of the interface.
typedef struct heif_context heif_context;
typedef struct heif_image_handle heif_image_handle;
typedef struct heif_image heif_image;
typedef struct {
  int code, subcode;
  const char *message;
} heif_error;

enum { COLORSPACE_RGB = 1 };
enum { CHROMA_RGB = 10, CHROMA_RGBA = 11, CHROMA_RRGGBB_BE = 12, CHROMA_RRGGBBAA_BE = 13 };
enum { CHANNEL_INTERLEAVED = 10 };
// heif_error_code and heif_suberror_code.
enum { UNSUPPORTED_FILETYPE = 3, UNSUPPORTED_FEATURE = 4, MEMORY = 6, DECODER_PLUGIN = 7 };
enum { END_OF_DATA = 100, SECURITY_LIMIT = 1000, UNSUPPORTED_CODEC = 3000 };

typedef struct {
  heif_context *(*context_alloc)(void);
  void (*context_free)(heif_context *);
  heif_error (*read)(heif_context *, const void *, size_t, const void *options);
  heif_error (*primary)(heif_context *, heif_image_handle **);
  void (*handle_release)(const heif_image_handle *);
  int (*has_alpha)(const heif_image_handle *);
  int (*bits)(const heif_image_handle *);
  heif_error (*decode)(const heif_image_handle *, heif_image **, int colorspace, int chroma, const void *options);
  int (*width)(const heif_image *, int channel);
  int (*height)(const heif_image *, int channel);
  int (*range)(const heif_image *, int channel);
  const uint8_t *(*plane)(const heif_image *, int channel, int *pitch);
  void (*image_release)(const heif_image *);
} library;

static const char *const names[] = {
    "heif_context_alloc",
    "heif_context_free",
    "heif_context_read_from_memory_without_copy",
    "heif_context_get_primary_image_handle",
    "heif_image_handle_release",
    "heif_image_handle_has_alpha_channel",
    "heif_image_handle_get_luma_bits_per_pixel",
    "heif_decode_image",
    "heif_image_get_width",
    "heif_image_get_height",
    "heif_image_get_bits_per_pixel_range",
    "heif_image_get_plane_readonly",
    "heif_image_release",
};

// The functions and their addresses share memory.
typedef union {
  library functions;
  void *addresses[sizeof names / sizeof *names];
} function_table;
_Static_assert(sizeof(library) == sizeof names, "a name for each function");

struct vn_heif_image {
  library heif;
  heif_context *context;
  heif_image_handle *handle;
  heif_image *image;
  int width, height;
  // Bytes per sample, samples per pixel, and bits of a sample beyond 8.
  int bytes, samples, shift;
};

static int status_of(heif_error error, char *message) {
  snprintf(message, VN_CODEC_MESSAGE_BYTES, "%s", error.message ? error.message : "libheif gives no reason");
  if (error.subcode == END_OF_DATA) return VN_CODEC_TRUNCATED;
  if (error.subcode == SECURITY_LIMIT) return VN_CODEC_TOO_LARGE;
  // A decoder is a separate library or plugin.
  if (error.subcode == UNSUPPORTED_CODEC) return VN_CODEC_NO_LIBRARY;
  switch (error.code) {
    case UNSUPPORTED_FILETYPE:
    case UNSUPPORTED_FEATURE: return VN_CODEC_UNSUPPORTED;
    case MEMORY: return VN_CODEC_MEMORY;
    default: return VN_CODEC_CORRUPT;
  }
}

static int decode(vn_heif_image *image, char *message) {
  const library *heif = &image->heif;
  // Like `heif-convert`, so that pixels are the same: alpha is decoded with the colors and dropped afterwards, and samples of
  // more than 8 bits are kept until the colors have been converted.
  int alpha = heif->has_alpha(image->handle), deep = heif->bits(image->handle) > 8;
  int chroma = deep ? (alpha ? CHROMA_RRGGBBAA_BE : CHROMA_RRGGBB_BE) : (alpha ? CHROMA_RGBA : CHROMA_RGB);
  heif_error error = heif->decode(image->handle, &image->image, COLORSPACE_RGB, chroma, NULL);
  if (error.code != 0) return status_of(error, message);
  int range = heif->range(image->image, CHANNEL_INTERLEAVED);
  image->width = heif->width(image->image, CHANNEL_INTERLEAVED);
  image->height = heif->height(image->image, CHANNEL_INTERLEAVED);
  image->bytes = deep ? 2 : 1;
  image->samples = alpha ? 4 : 3;
  image->shift = deep && range > 8 && range <= 16 ? range - 8 : 0;
  int pitch = 0;
  const uint8_t *plane = heif->plane(image->image, CHANNEL_INTERLEAVED, &pitch);
  int fits = plane && image->width > 0 && image->height > 0 &&
             (size_t)pitch >= (size_t)image->width * (size_t)(image->samples * image->bytes);
  if (fits) return VN_CODEC_OK;
  snprintf(message, VN_CODEC_MESSAGE_BYTES, "libheif gave no pixels");
  return VN_CODEC_CORRUPT;
}

int vn_heif_open(const char *libraries, const uint8_t *bytes, size_t count, vn_heif_image **result,
                 uint32_t *width, uint32_t *height, char *message) {
  *result = NULL;
  function_table table;
  int status = vn_system_codec(libraries, names, table.addresses, sizeof names / sizeof *names, message);
  if (status != VN_CODEC_OK) return status;
  vn_heif_image *image = calloc(1, sizeof *image);
  if (!image) return VN_CODEC_MEMORY;
  *result = image;
  image->heif = table.functions;
  image->context = image->heif.context_alloc();
  if (!image->context) return VN_CODEC_MEMORY;
  heif_error error = image->heif.read(image->context, bytes, count, NULL);
  if (error.code != 0) return status_of(error, message);
  error = image->heif.primary(image->context, &image->handle);
  if (error.code != 0) return status_of(error, message);
  status = decode(image, message);
  *width = (uint32_t)image->width;
  *height = (uint32_t)image->height;
  return status;
}

void vn_heif_copy(const vn_heif_image *image, uint8_t *rgb) {
  int pitch = 0;
  const uint8_t *plane = image->heif.plane(image->image, CHANNEL_INTERLEAVED, &pitch);
  const int samples = image->samples;
  for (int y = 0; y < image->height; y++) {
    const uint8_t *row = plane + (size_t)y * (size_t)pitch;
    uint8_t *out = rgb + (size_t)y * (size_t)image->width * 3;
    for (int x = 0; x < image->width; x++, out += 3)
      for (int channel = 0; channel < 3; channel++) {
        size_t index = (size_t)x * (size_t)samples + (size_t)channel;
        out[channel] = image->bytes == 1
                           ? row[index]
                           : (uint8_t)((row[2 * index] << 8 | row[2 * index + 1]) >> image->shift);
      }
  }
}

void vn_heif_close(vn_heif_image *image) {
  if (!image) return;
  if (image->image) image->heif.image_release(image->image);
  if (image->handle) image->heif.handle_release(image->handle);
  if (image->context) image->heif.context_free(image->context);
  free(image);
}
