#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

typedef struct {
  jmp_buf jump;
  uint8_t *bytes;
  size_t count, capacity;
  char *message;
} writer;

static void fail(png_structp png, png_const_charp text) {
  writer *state = png_get_error_ptr(png);
  snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text ? text : "unknown libpng error");
  longjmp(state->jump, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void append(png_structp png, png_bytep data, size_t length) {
  writer *state = png_get_io_ptr(png);
  if (length > state->capacity - state->count) {
    if (length > SIZE_MAX / 4 || state->count > SIZE_MAX / 4) png_error(png, "Out of memory");
    size_t capacity = (state->count + length) * 2;
    uint8_t *grown = realloc(state->bytes, capacity);
    if (!grown) png_error(png, "Out of memory");
    state->bytes = grown;
    state->capacity = capacity;
  }
  memcpy(state->bytes + state->count, data, length);
  state->count += length;
}

static void flush(png_structp png) { (void)png; }

int vn_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **encoded,
                  size_t *count, char *message) {
  // On the heap, since `append` changes it between setjmp and longjmp.
  writer *volatile state = calloc(1, sizeof(writer));
  png_structp volatile png = NULL;
  png_infop volatile info = NULL;
  message[0] = 0;
  *encoded = NULL;
  *count = 0;
  if (!state) return VN_CODEC_MEMORY;
  state->message = message;
  if (setjmp(state->jump)) {
    png_structp dead = png;
    png_infop dead_info = info;
    if (dead) png_destroy_write_struct(&dead, dead_info ? &dead_info : NULL);
    free(state->bytes);
    free(state);
    return strstr(message, "emory") ? VN_CODEC_MEMORY : VN_CODEC_CORRUPT;
  }
  png = png_create_write_struct(PNG_LIBPNG_VER_STRING, state, fail, ignore);
  if (!png) {
    free(state);
    return VN_CODEC_MEMORY;
  }
  info = png_create_info_struct(png);
  if (!info) png_error(png, "Out of memory");
  png_set_write_fn(png, state, append, flush);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_IHDR(png, info, width, height, 8,
               channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, pixels + (size_t)y * width * channels);
  png_write_end(png, NULL);

  png_structp done = png;
  png_infop done_info = info;
  png_destroy_write_struct(&done, &done_info);
  *encoded = state->bytes;
  *count = state->count;
  free(state);
  return VN_CODEC_OK;
}

void vn_codec_free(void *memory) { free(memory); }
