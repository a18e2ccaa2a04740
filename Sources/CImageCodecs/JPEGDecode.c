#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>

#include <jerror.h>

#include "CImageCodecs.h"

// Every few bytes of a progressive file may cause a pass (scan) over the whole image; real files have about ten.
enum { MAXIMUM_SCANS = 256 };
// Beyond this many scans, the pixels of all passes together are limited too: large images have fewer scans.
enum { USUAL_SCANS = 20 };
static const uint64_t MAXIMUM_PASSED_PIXELS = (uint64_t)1 << 32;

typedef struct {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf jump;
  int status;
  int lenient, partial;
  // The bytes ended before the end marker; perhaps only the marker is missing.
  int ended;
  // Something is wrong that does not affect the pixels.
  int odd;
  char *message;
} reader;

static reader *reader_of(j_common_ptr info) { return info->client_data; }

static void leave(j_common_ptr info, int status) {
  char text[JMSG_LENGTH_MAX];
  reader *state = reader_of(info);
  info->err->format_message(info, text);
  snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text);
  state->status = status;
  longjmp(state->jump, 1);
}

// Handles a warning about wrong pixels.
static void damage(j_common_ptr info, int status) {
  reader *state = reader_of(info);
  // Pixels are missing because the file is truncated.
  if (state->ended) status = VN_CODEC_TRUNCATED;
  if (!state->lenient) leave(info, status);
  if (state->partial) return;
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text);
  state->partial = 1;
}

static void error_exit(j_common_ptr info) {
  switch (info->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
      leave(info, VN_CODEC_MEMORY);
      break;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      leave(info, VN_CODEC_TOO_LARGE);
      break;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_NOTIMPL:
    case JERR_SOF_UNSUPPORTED:
      leave(info, VN_CODEC_UNSUPPORTED);
      break;
    default:
      leave(info, reader_of(info)->ended ? VN_CODEC_TRUNCATED : VN_CODEC_CORRUPT);
  }
}

// Handles a warning about something that does not affect the pixels.
static void remark(j_common_ptr info) {
  char text[JMSG_LENGTH_MAX];
  reader *state = reader_of(info);
  if (state->partial || state->odd) return;
  info->err->format_message(info, text);
  snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text);
  state->odd = 1;
}

// After some warnings libjpeg continues with gray or repeated pixels; here the image is rejected instead. Extra bytes before
// markers and oddities of application segments do not affect the pixels. A missing end marker is damage only if the
// decoder then lacks bits or scans.
static void emit_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_JPEG_EOF:
      reader_of(info)->ended = 1;
      break;
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
      damage(info, VN_CODEC_CORRUPT);
      break;
    default:
      remark(info);
      break;
  }
}

// Whether a file without an end marker contains all data of its pixels: a scan of every component and, if it is
// progressive, every bit of every coefficient. Arithmetic coding omits zeros at the end, so it cannot tell whether data is
// missing.
static int is_complete(j_decompress_ptr info) {
  if (info->arith_code) return 0;
  for (int index = 0; index < info->num_components; index++) {
    if (!info->comp_info[index].quant_table) return 0;
    if (!info->progressive_mode) continue;
    if (!info->coef_bits) return 0;
    for (int coefficient = 0; coefficient < DCTSIZE2; coefficient++)
      if (info->coef_bits[index][coefficient] != 0) return 0;
  }
  return 1;
}

static int finish(reader *state, int whole) {
  j_decompress_ptr info = &state->info;
  // Determined first, since jpeg_finish_decompress discards what is known of the scans.
  const int complete = is_complete(info);
  jpeg_finish_decompress(info);
  int status = state->partial ? VN_CODEC_PARTIAL : state->odd ? VN_CODEC_ODD : VN_CODEC_OK;
  if (!whole || (state->ended && !state->partial && !complete)) {
    snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "the file ends inside the image");
    status = whole && state->lenient ? VN_CODEC_PARTIAL : VN_CODEC_TRUNCATED;
  } else if (state->ended && !state->partial) {
    snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "the marker that ends it is missing");
    status = VN_CODEC_UNENDED;
  }
  jpeg_destroy_decompress(info);
  free(state);
  return status;
}

static void output_message(j_common_ptr info) { (void)info; }

static void progress_monitor(j_common_ptr info) {
  j_decompress_ptr image = (j_decompress_ptr)info;
  int scans = image->input_scan_number;
  uint64_t passed = (uint64_t)image->image_width * image->image_height * (uint64_t)scans;
  if (scans > MAXIMUM_SCANS || (scans > USUAL_SCANS && passed > MAXIMUM_PASSED_PIXELS)) {
    reader *state = reader_of(info);
    snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%d scans are too many for its size", scans);
    state->status = VN_CODEC_TOO_LARGE;
    longjmp(state->jump, 1);
  }
}

// a · b / 255, rounded, for values in 0...255.
static inline unsigned product255(unsigned a, unsigned b) {
  unsigned sum = a * b + 128;
  return ((sum >> 8) + sum) >> 8;
}

// Adobe's convention: the file holds inverted ink, so a stored sample is already 255 minus the ink.
static void rgb_from_inverted_cmyk(const uint8_t *cmyk, uint8_t *rgb, uint32_t width) {
  for (uint32_t x = 0; x < width; x++, cmyk += 4, rgb += 3)
    for (int channel = 0; channel < 3; channel++)
      rgb[channel] = (uint8_t)(cmyk[3] - product255(255u - cmyk[channel], cmyk[3]));
}

int vn_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int components, int part,
                   int lenient, uint8_t *rgb, char *message) {
  // On the heap, since libjpeg changes it between setjmp and longjmp.
  reader *volatile state = calloc(1, sizeof(reader));
  message[0] = 0;
  if (!state) return VN_CODEC_MEMORY;
  state->message = message;
  state->lenient = lenient;
  state->info.err = jpeg_std_error(&state->errors);
  state->errors.error_exit = error_exit;
  state->errors.emit_message = emit_message;
  state->errors.output_message = output_message;
  state->info.client_data = state;
  if (setjmp(state->jump)) {
    int status = state->status;
    int viewable = status == VN_CODEC_TRUNCATED || status == VN_CODEC_CORRUPT;
    if (state->lenient && viewable && state->info.output_scanline > 0) status = VN_CODEC_PARTIAL;
    jpeg_destroy_decompress(&state->info);
    free(state);
    return status;
  }
  jpeg_create_decompress(&state->info);
  state->progress.progress_monitor = progress_monitor;
  state->info.progress = &state->progress;
  jpeg_mem_src(&state->info, (unsigned char *)bytes, (unsigned long)count);
  jpeg_read_header(&state->info, TRUE);
  j_decompress_ptr info = &state->info;
  if (info->image_width != width || info->image_height != height || info->num_components != components) {
    snprintf(message, VN_CODEC_MESSAGE_BYTES, "the size in the header changed");
    jpeg_destroy_decompress(info);
    free(state);
    return VN_CODEC_CORRUPT;
  }
  info->out_color_space = components == 4 ? JCS_CMYK : JCS_RGB;
  info->scale_num = 1;
  info->scale_denom = (unsigned)part;
  jpeg_start_decompress(info);
  const uint32_t columns = (width - 1) / (uint32_t)part + 1, rows = (height - 1) / (uint32_t)part + 1;
  if (info->output_width != columns || info->output_height != rows) {
    // This libjpeg computes other sizes than expected, for which the memory may be too small.
    snprintf(message, VN_CODEC_MESSAGE_BYTES, "decoding at 1/%d", part);
    jpeg_destroy_decompress(info);
    free(state);
    return VN_CODEC_UNSUPPORTED;
  }
  JSAMPARRAY row = NULL;
  if (components == 4)
    row = (*info->mem->alloc_sarray)((j_common_ptr)info, JPOOL_IMAGE, columns * 4, 1);
  while (info->output_scanline < rows) {
    uint8_t *output = rgb + (size_t)info->output_scanline * columns * 3;
    JSAMPROW target = row ? row[0] : output;
    if (jpeg_read_scanlines(info, &target, 1) != 1) break;
    if (row) rgb_from_inverted_cmyk(row[0], output, columns);
  }
  int whole = info->output_scanline == rows;
  return finish(state, whole);
}
