#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"
#include "SampleLevels.h"

typedef struct {
  jmp_buf jump;
  const uint8_t *bytes;
  size_t count, position;
  int status;
  int lenient, partial;
  // Something is wrong that does not affect the pixels.
  int odd;
  // Every row has been read.
  int complete;
  uint32_t rows;
  uint16_t *deep;
  char *message;
} reader;

static void fail(png_structp png, png_const_charp text) {
  reader *state = png_get_error_ptr(png);
  // Keeps the first message, which explains later ones.
  if (!state->partial)
    snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text ? text : "unknown libpng error");
  state->odd = 0;
  if (state->status == VN_CODEC_OK) state->status = VN_CODEC_CORRUPT;
  if (strstr(state->message, "emory")) state->status = VN_CODEC_MEMORY;
  longjmp(state->jump, 1);
}

// libpng only warns when the checksum of the decompressed pixels is wrong; here a damaged image is an error. Names of
// ancillary chunks, which do not hold pixels, begin with a lowercase letter.
static int is_damage(const char *text) {
  return strstr(text, "incorrect data check") || (strstr(text, "CRC error") && text[0] >= 'A' && text[0] <= 'Z');
}

static void warn(png_structp png, png_const_charp text) {
  reader *state = png_get_error_ptr(png);
  if (!text) return;
  if (!is_damage(text)) {
    if (!state->partial && !state->odd) snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text);
    state->odd = 1;
    return;
  }
  if (!state->lenient) fail(png, text);
  state->partial = 1;
  snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text);
}

static void read_bytes(png_structp png, png_bytep into, size_t wanted) {
  reader *state = png_get_io_ptr(png);
  size_t there = state->count - state->position;
  if (wanted > there) {
    state->status = VN_CODEC_TRUNCATED;
    if (state->lenient && there > 0 && !state->complete) {
      // libpng reads in blocks: the last, incomplete one may contain rows.
      if (!state->partial)
        snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "the file ends inside the image");
      state->partial = 1;
      memcpy(into, state->bytes + state->position, there);
      memset(into + there, 0, wanted - there);
      state->position = state->count;
      return;
    }
    png_error(png, "the file ends inside the image");
  }
  memcpy(into, state->bytes + state->position, wanted);
  state->position += wanted;
}

// Samples with `significant` meaningful bits should have them in the highest bits, with zeros or a repetition of the highest
// bits in the free ones (ISO/IEC 15948, 11.3.3.4 and 12.5). If no sample exceeds the lowest `significant` bits and some do
// not have this form, the samples were stored unshifted.
static int is_unshifted(const uint16_t *samples, size_t count, int significant) {
  const unsigned free_bits = 16u - (unsigned)significant, mask = (1u << free_bits) - 1;
  int looks_shifted = 1;
  for (size_t index = 0; index < count; index++) {
    unsigned value = samples[index], rest = value & mask, repeated = 0;
    if (value >> significant) return 0;
    for (unsigned bits = value >> free_bits, filled = 0; filled < free_bits; filled += (unsigned)significant)
      repeated = repeated << significant | bits;
    unsigned copies = (free_bits + (unsigned)significant - 1) / (unsigned)significant;
    repeated >>= copies * (unsigned)significant - free_bits;
    if (rest != 0 && rest != (repeated & mask)) looks_shifted = 0;
  }
  return !looks_shifted;
}

// Converts the samples of a whole image to bytes.
static void narrow(uint16_t *samples, size_t count, int significant, vn_sample_levels levels, uint8_t *rgb) {
  // libpng returns the bytes as in the file, the high byte first.
  for (size_t index = 0; index < count; index++) {
    const uint8_t *bytes = (const uint8_t *)(samples + index);
    samples[index] = (uint16_t)(bytes[0] << 8 | bytes[1]);
  }
  if (levels.white > 0) {
    for (size_t index = 0; index < count; index++) rgb[index] = vn_leveled(samples[index], levels);
    return;
  }
  const int unshifted = is_unshifted(samples, count, significant);
  const unsigned most = (1u << significant) - 1;
  for (size_t index = 0; index < count; index++) {
    unsigned value = samples[index];
    if (!unshifted)
      value >>= 8;
    else if (significant >= 8)
      value >>= significant - 8;
    else
      value = value * 255 / most;
    rgb[index] = (uint8_t)value;
  }
}

static void read_rows(png_structp png, reader *state, uint8_t *rows, uint32_t height, size_t pitch, int passes) {
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t y = 0; y < height; y++) {
      png_read_row(png, rows + pitch * y, NULL);
      state->rows++;
    }
  state->complete = 1;
}

// Requests rows of RGB with 8 bits, or 16 if `deep`; returns the number of passes, more than 1 for an interlaced image.
static int ask_for_rgb(png_structp png, png_infop info, int deep) {
  const int color = png_get_color_type(png, info), depth = png_get_bit_depth(png, info);
  if (depth == 16 && !deep) png_set_strip_16(png);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (!(color & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  return png_set_interlace_handling(png);
}

// The status for an error of libpng, depending on the rows read before it.
static int failure(const reader *state) {
  int viewable = state->status == VN_CODEC_TRUNCATED || state->status == VN_CODEC_CORRUPT;
  if (state->complete && !state->partial && state->status == VN_CODEC_TRUNCATED) {
    snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "the chunk that ends it is missing");
    return VN_CODEC_UNENDED;
  }
  return state->lenient && viewable && state->rows > 0 ? VN_CODEC_PARTIAL : state->status;
}

int vn_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int significant, vn_sample_levels levels,
                  int lenient, uint8_t *rgb, char *message) {
  // Chunks that do not affect the pixels are skipped unread: no profile is parsed and no text is decompressed.
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
    const int status = failure(state);
    if (state->deep && state->rows > 0) narrow(state->deep, (size_t)width * height * 3, significant, levels, rgb);
    free(state->deep);
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

  const int deep = png_get_bit_depth(png, info) == 16 && (significant < 16 || levels.white > 0);
  const int passes = ask_for_rgb(png, info, deep);
  png_read_update_info(png, info);
  const size_t pitch = (size_t)width * (deep ? 6 : 3);
  if (png_get_rowbytes(png, info) != pitch) png_error(png, "unexpected row size");
  if (deep) {
    state->deep = calloc(height, pitch);
    if (!state->deep) png_error(png, "Out of memory");
  }
  read_rows(png, state, deep ? (uint8_t *)state->deep : rgb, height, pitch, passes);
  png_read_end(png, NULL);
  if (deep) narrow(state->deep, (size_t)width * height * 3, significant, levels, rgb);

  png_structp done = png;
  png_infop done_info = info;
  png_destroy_read_struct(&done, &done_info, NULL);
  int status = state->partial ? VN_CODEC_PARTIAL : state->odd ? VN_CODEC_ODD : VN_CODEC_OK;
  free(state->deep);
  free(state);
  return status;
}
