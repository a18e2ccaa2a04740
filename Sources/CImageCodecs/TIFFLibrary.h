#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "CImageCodecs.h"

// From tiffio.h (libtiff 4, sonames 5 and 6): opaque pointers, and tag numbers that the format itself defines.
typedef struct TIFF TIFF;
typedef struct TIFFOpenOptions TIFFOpenOptions;
typedef ptrdiff_t tiff_size;
typedef tiff_size (*tiff_transfer)(void *client, void *bytes, tiff_size count);
typedef uint64_t (*tiff_seek)(void *client, uint64_t offset, int whence);
typedef int (*tiff_close)(void *client);
typedef uint64_t (*tiff_count)(void *client);
typedef int (*tiff_map)(void *client, void **base, uint64_t *size);
typedef void (*tiff_unmap)(void *client, void *base, uint64_t size);
typedef void (*tiff_handler)(const char *module, const char *format, va_list arguments);
typedef int (*tiff_file_handler)(TIFF *file, void *user, const char *module, const char *format, va_list arguments);

enum {
  TIFFTAG_IMAGEWIDTH = 256,
  TIFFTAG_IMAGELENGTH = 257,
  TIFFTAG_BITSPERSAMPLE = 258,
  TIFFTAG_COMPRESSION = 259,
  TIFFTAG_PHOTOMETRIC = 262,
  TIFFTAG_ORIENTATION = 274,
  TIFFTAG_SAMPLESPERPIXEL = 277,
  TIFFTAG_PLANARCONFIG = 284,
  TIFFTAG_COLORMAP = 320,
  TIFFTAG_TILEWIDTH = 322,
  TIFFTAG_TILELENGTH = 323,
  TIFFTAG_EXTRASAMPLES = 338,
  TIFFTAG_SAMPLEFORMAT = 339,
  TIFFTAG_YCBCRSUBSAMPLING = 530,
  TIFFTAG_JPEGCOLORMODE = 65538,
};
enum { PHOTOMETRIC_WHITE_ZERO, PHOTOMETRIC_BLACK_ZERO, PHOTOMETRIC_RGB, PHOTOMETRIC_PALETTE, PHOTOMETRIC_MASK,
       PHOTOMETRIC_CMYK, PHOTOMETRIC_YCBCR };
enum { COMPRESSION_OLD_JPEG = 6, COMPRESSION_JPEG = 7 };
enum { PLANAR_SEPARATE = 2 };

typedef struct {
  TIFF *(*client_open)(const char *name, const char *mode, void *client, tiff_transfer read, tiff_transfer write,
                       tiff_seek seek, tiff_close close, tiff_count size, tiff_map map, tiff_unmap unmap);
  void (*close)(TIFF *);
  int (*get)(TIFF *, uint32_t tag, ...);
  int (*get_defaulted)(TIFF *, uint32_t tag, ...);
  int (*set)(TIFF *, uint32_t tag, ...);
  int (*is_tiled)(TIFF *);
  int (*is_configured)(uint16_t compression);
  tiff_size (*scanline_size)(TIFF *);
  int (*read_scanline)(TIFF *, void *row, uint32_t y, uint16_t sample);
  uint64_t (*tile_size)(TIFF *);
  uint64_t (*tile_row_size)(TIFF *);
  tiff_size (*read_tile)(TIFF *, void *tile, uint32_t x, uint32_t y, uint32_t z, uint16_t sample);
  int (*rgba_ok)(TIFF *, char message[1024]);
  int (*read_rgba)(TIFF *, uint32_t width, uint32_t height, uint32_t *pixels, int orientation, int stop);
  tiff_handler (*set_error_handler)(tiff_handler);
  tiff_handler (*set_warning_handler)(tiff_handler);
} vn_tiff_library;

// The state of one file that is being read.
typedef struct {
  vn_tiff_library tiff;
  const uint8_t *bytes;
  size_t count, position;
  // Whether bytes beyond the end were requested.
  int ended;
  int warned, failed;
  char *message;
} vn_tiff_source;

// Opens `source->bytes`. Messages of libtiff are stored in `source`, not printed. On errors, such as bytes that are not a TIFF,
// returns NULL and sets `status`.
TIFF *vn_tiff_open(const char *libraries, vn_tiff_source *source, size_t largest_block, int *status);
void vn_tiff_close(TIFF *file, vn_tiff_source *source);
