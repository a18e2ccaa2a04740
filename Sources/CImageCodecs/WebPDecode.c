#include <stdio.h>
#include <string.h>

#include "CImageCodecs.h"
#include "SystemLibrary.h"

// From webp/decode.h (libwebp 0.2 and later, soname 6 and 7): the simple interface, and the incremental one over the
// caller's memory. Neither uses a versioned structure.
typedef struct WebPIDecoder WebPIDecoder;
enum { MODE_RGB = 0 };
enum { STATUS_OK = 0, STATUS_OUT_OF_MEMORY = 1, STATUS_UNSUPPORTED = 4, STATUS_SUSPENDED = 5, STATUS_NOT_ENOUGH = 7 };

typedef struct {
  int (*get_info)(const uint8_t *data, size_t count, int *width, int *height);
  uint8_t *(*decode_into)(const uint8_t *data, size_t count, uint8_t *rgb, size_t size, int pitch);
  WebPIDecoder *(*new_decoder)(int mode, uint8_t *rgb, size_t size, int pitch);
  int (*update)(WebPIDecoder *decoder, const uint8_t *data, size_t count);
  uint8_t *(*rows)(const WebPIDecoder *decoder, int *last_row, int *width, int *height, int *pitch);
  void (*delete_decoder)(WebPIDecoder *decoder);
} library;

static const char *const names[] = {"WebPGetInfo", "WebPDecodeRGBInto", "WebPINewRGB",
                                    "WebPIUpdate", "WebPIDecGetRGB",    "WebPIDelete"};

// The functions and their addresses share memory.
typedef union {
  library functions;
  void *addresses[sizeof names / sizeof *names];
} function_table;
_Static_assert(sizeof(library) == sizeof names, "a name for each function");

static int finish(char *message, int status, const char *text) {
  snprintf(message, VN_CODEC_MESSAGE_BYTES, "%s", text);
  return status;
}

// Finds out why the image could not be decoded; with `lenient`, `rgb` receives the rows before the damage.
static int explain(const library *webp, const uint8_t *bytes, size_t count, uint8_t *rgb, size_t size, int pitch,
                   int lenient, char *message) {
  WebPIDecoder *decoder = webp->new_decoder(MODE_RGB, rgb, size, pitch);
  if (!decoder) return VN_CODEC_MEMORY;
  int status = webp->update(decoder, bytes, count);
  int rows = 0;
  if (!webp->rows(decoder, &rows, NULL, NULL, NULL)) rows = 0;
  webp->delete_decoder(decoder);
  switch (status) {
    case STATUS_OK: return VN_CODEC_OK;
    case STATUS_OUT_OF_MEMORY: return VN_CODEC_MEMORY;
    case STATUS_UNSUPPORTED: return finish(message, VN_CODEC_UNSUPPORTED, "libwebp does not know it");
    case STATUS_SUSPENDED:
    case STATUS_NOT_ENOUGH:
      return finish(message, lenient && rows > 0 ? VN_CODEC_PARTIAL : VN_CODEC_TRUNCATED,
                    "the file ends inside the image");
    default:
      return finish(message, lenient && rows > 0 ? VN_CODEC_PARTIAL : VN_CODEC_CORRUPT,
                    "the compressed pixels make no sense");
  }
}

int vn_webp_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                   size_t pitch, int lenient, uint8_t *rgb, char *message) {
  function_table table;
  int status = vn_system_codec(libraries, names, table.addresses, sizeof names / sizeof *names, message);
  if (status != VN_CODEC_OK) return status;
  const library webp = table.functions;
  int real_width = 0, real_height = 0;
  if (!webp.get_info(bytes, count, &real_width, &real_height))
    return finish(message, VN_CODEC_CORRUPT, "the header of the compressed pixels makes no sense");
  if (real_width < 0 || real_height < 0 || (uint32_t)real_width != width || (uint32_t)real_height != height)
    return finish(message, VN_CODEC_CORRUPT, "the compressed pixels have another size than the header says");
  // The last row of a frame inside a larger canvas is shorter than the pitch.
  const size_t size = pitch * (height - 1) + (size_t)width * 3;
  if (webp.decode_into(bytes, count, rgb, size, (int)pitch)) return VN_CODEC_OK;
  if (lenient)
    for (uint32_t y = 0; y < height; y++) memset(rgb + pitch * y, 0, (size_t)width * 3);
  return explain(&webp, bytes, count, rgb, size, (int)pitch, lenient, message);
}
