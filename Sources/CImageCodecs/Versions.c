#include <png.h>
#include <stdio.h>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>

#include "CImageCodecs.h"

#define VN_TEXT(value) #value
#define VN_EXPANDED(value) VN_TEXT(value)

const char *vn_png_version(void) { return "libpng " PNG_LIBPNG_VER_STRING; }

const char *vn_jpeg_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
  return "libjpeg-turbo " VN_EXPANDED(LIBJPEG_TURBO_VERSION);
#else
  return "libjpeg " VN_EXPANDED(JPEG_LIB_VERSION);
#endif
}
