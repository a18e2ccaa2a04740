#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>

#include <jerror.h>

#include "CImageCodecs.h"

typedef struct {
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;
  jmp_buf jump;
  int status;
  char *message;
  unsigned char *bytes;
  unsigned long count;
} writer;

static void error_exit(j_common_ptr info) {
  char text[JMSG_LENGTH_MAX];
  writer *state = info->client_data;
  info->err->format_message(info, text);
  snprintf(state->message, VN_CODEC_MESSAGE_BYTES, "%s", text);
  switch (info->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
      state->status = VN_CODEC_MEMORY;
      break;
    case JERR_IMAGE_TOO_BIG:
      state->status = VN_CODEC_TOO_LARGE;
      break;
    default:
      state->status = VN_CODEC_CORRUPT;
  }
  longjmp(state->jump, 1);
}

static void emit_message(j_common_ptr info, int level) {
  (void)info;
  (void)level;
}

static void output_message(j_common_ptr info) { (void)info; }

int vn_jpeg_encode(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **encoded,
                   size_t *count, char *message) {
  writer *volatile state = calloc(1, sizeof(writer));
  message[0] = 0;
  *encoded = NULL;
  *count = 0;
  if (!state) return VN_CODEC_MEMORY;
  state->message = message;
  state->info.err = jpeg_std_error(&state->errors);
  state->errors.error_exit = error_exit;
  state->errors.emit_message = emit_message;
  state->errors.output_message = output_message;
  state->info.client_data = state;
  if (setjmp(state->jump)) {
    int status = state->status;
    // Called before the buffer is freed: the destination manager may have replaced it, and stores the latest address here.
    if (state->info.dest && state->info.dest->term_destination)
      state->info.dest->term_destination(&state->info);
    jpeg_destroy_compress(&state->info);
    free(state->bytes);
    free(state);
    return status;
  }
  jpeg_create_compress(&state->info);
  jpeg_mem_dest(&state->info, &state->bytes, &state->count);
  j_compress_ptr info = &state->info;
  info->image_width = width;
  info->image_height = height;
  info->input_components = 3;
  info->in_color_space = JCS_RGB;
  jpeg_set_defaults(info);
  jpeg_set_quality(info, quality, TRUE);
  info->optimize_coding = TRUE;
  jpeg_start_compress(info, TRUE);
  while (info->next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(rgb + (size_t)info->next_scanline * width * 3);
    jpeg_write_scanlines(info, &row, 1);
  }
  jpeg_finish_compress(info);
  jpeg_destroy_compress(info);
  *encoded = state->bytes;
  *count = state->count;
  free(state);
  return VN_CODEC_OK;
}
