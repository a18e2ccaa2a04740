#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

typedef struct {
  jmp_buf jump;
  const uint8_t *bytes;
  size_t count, position;
  int status;
  int lenient, partial;
  uint32_t rows;
  char *message;
} reader;

static void fail(png_structp png, png_const_charp text) {
  reader *state = png_get_error_ptr(png);
  // What was wrong first explains what follows.
  if (!state->partial)
    snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text ? text : "unknown libpng error");
  if (state->status == VN_CODEC_OK) state->status = VN_CODEC_CORRUPT;
  if (strstr(state->message, "emory")) state->status = VN_CODEC_MEMORY;
  longjmp(state->jump, 1);
}

// libpng only warns when the checksum of the decompressed pixels is wrong; a damaged picture is an error here.
static void warn(png_structp png, png_const_charp text) {
  reader *state = png_get_error_ptr(png);
  if (!text || !(strstr(text, "incorrect data check") || strstr(text, "CRC error"))) return;
  if (!state->lenient) fail(png, text);
  state->partial = 1;
  snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text);
}

static void read_bytes(png_structp png, png_bytep into, size_t wanted) {
  reader *state = png_get_io_ptr(png);
  size_t there = state->count - state->position;
  if (wanted > there) {
    state->status = VN_CODEC_TRUNCATED;
    if (state->lenient && there > 0) {
      // libpng reads in blocks: the last one may hold rows.
      if (!state->partial)
        snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "the file ends inside the picture");
      state->partial = 1;
      memcpy(into, state->bytes + state->position, there);
      memset(into + there, 0, wanted - there);
      state->position = state->count;
      return;
    }
    png_error(png, "the file ends inside the picture");
  }
  memcpy(into, state->bytes + state->position, wanted);
  state->position += wanted;
}

int vn_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int lenient,
                  uint8_t *rgb, char *message) {
  // Chunks that say nothing about the pixels are skipped unread: no profile is parsed, no text inflated.
  static const png_byte skipped[] =
      "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0zTXt";
  // On the heap, since the callbacks change it between setjmp and longjmp.
  reader *volatile state = calloc(1, sizeof(reader));
  png_structp volatile png = NULL;
  png_infop volatile info = NULL;
  message[0] = 0;
  if (!state) return VN_CODEC_MEMORY;
  state->bytes = bytes;
  state->count = count;
  state->message = message;
  state->lenient = lenient;
  if (setjmp(state->jump)) {
    png_structp dead = png;
    png_infop dead_info = info;
    if (dead) png_destroy_read_struct(&dead, dead_info ? &dead_info : NULL, NULL);
    int status = state->status;
    int viewable = status == VN_CODEC_TRUNCATED || status == VN_CODEC_CORRUPT;
    if (state->lenient && viewable && state->rows > 0) status = VN_CODEC_PARTIAL;
    free(state);
    return status;
  }
  png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, fail, warn);
  if (!png) {
    free(state);
    return VN_CODEC_MEMORY;
  }
  info = png_create_info_struct(png);
  if (!info) png_error(png, "Out of memory");

  png_set_read_fn(png, state, read_bytes);
  png_set_user_limits(png, width, height);
  png_set_chunk_malloc_max(png, 1 << 20);
  png_set_chunk_cache_max(png, 64);
  if (lenient) png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_WARN_USE);
#ifdef PNG_HANDLE_AS_UNKNOWN_SUPPORTED
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, skipped, (int)(sizeof skipped / 5));
#endif
  png_read_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
    png_error(png, "the size in the header changed");

  int color = png_get_color_type(png, info);
  int depth = png_get_bit_depth(png, info);
  if (depth == 16) png_set_strip_16(png);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (!(color & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != (size_t)width * 3) png_error(png, "unexpected row size");

  for (int pass = 0; pass < passes; pass++)
    for (uint32_t y = 0; y < height; y++) {
      png_read_row(png, rgb + (size_t)y * width * 3, NULL);
      state->rows++;
    }
  png_read_end(png, NULL);

  png_structp done = png;
  png_infop done_info = info;
  png_destroy_read_struct(&done, &done_info, NULL);
  int status = state->partial ? VN_CODEC_PARTIAL : VN_CODEC_OK;
  free(state);
  return status;
}
