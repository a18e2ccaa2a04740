#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vn_augment.h"

// Shims around libpng and libjpeg. `setjmp` and `longjmp` stay inside one C function each; what the libraries report is
// returned as one of these codes, with a message.
enum {
  VN_CODEC_OK = 0,
  VN_CODEC_TRUNCATED = 1,
  VN_CODEC_CORRUPT = 2,
  VN_CODEC_UNSUPPORTED = 3,
  VN_CODEC_MEMORY = 4,
  VN_CODEC_TOO_LARGE = 5,
  // Damaged, with `lenient`: the pixels contain what could be read; the message describes the damage.
  VN_CODEC_PARTIAL = 6,
  // All pixels are there, but something else in the file is wrong; the message describes it.
  VN_CODEC_ODD = 7,
  // All pixels are there, but the mark that ends the file is missing.
  VN_CODEC_UNENDED = 8,
  // A system library is missing, or too old; then the message names the missing function.
  VN_CODEC_NO_LIBRARY = 9,
};

// The libraries that this was built with, such as `libpng 1.6.39`.
const char *vn_png_version(void);
const char *vn_jpeg_version(void);

// The values of 16-bit samples that become 0 and 255; values between them are scaled linearly. No levels if `white` is 0.
typedef struct {
  uint16_t black, white;
} vn_sample_levels;

#include "vn_system_codecs.h"

// The size in bytes of the caller's message buffer, including the closing zero.
enum { VN_CODEC_MESSAGE_BYTES = 256 };

// Decodes a whole PNG of known size into `rgb`, width * height * 3 bytes. Gamma and profiles are ignored, and alpha is
// dropped. 16-bit samples are mapped by `levels` if given; otherwise they give their high byte, or, if only their lowest
// `significant` bits are used, the highest 8 of these. With `lenient`, damage after the first row gives
// `VN_CODEC_PARTIAL`, and pixels that could not be read are unchanged.
int vn_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int significant,
                  vn_sample_levels levels, int lenient, uint8_t *rgb, char *message);

// Decodes a whole 8-bit JPEG of known size and 1, 3 or 4 components into `rgb`: three bytes for each of width / part by
// height / part pixels, both rounded up; `part` is 1, 2, 4 or 8. `lenient` as above.
int vn_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int components, int part,
                   int lenient, uint8_t *rgb, char *message);

// Encodes 8-bit RGB, or gray if `channels` is 1 instead of 3. Release `*encoded` with `vn_codec_free`.
int vn_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **encoded,
                  size_t *count, char *message);
int vn_jpeg_encode(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **encoded,
                   size_t *count, char *message);
void vn_codec_free(void *memory);

// One axis of a resize: for each output, the first input, the number of inputs, and `taps` weights in units of 2^-22 (zero
// beyond the number of inputs). The input memory begins with input `origin`.
typedef struct {
  const int32_t *first;
  const int32_t *count;
  const int32_t *weights;
  int32_t taps;
  int32_t origin;
} vn_resample_axis;

// Instruction sets of the resampling loops; every one gives the same bytes.
enum { VN_RESAMPLE_BEST = 0, VN_RESAMPLE_PORTABLE = 1, VN_RESAMPLE_AVX2 = 2, VN_RESAMPLE_AVX512 = 3 };

// 1 when the machine can run `level`.
int vn_resample_supports(int level);

// Resizes rows of RGB pixels to rows of `outputs` pixels. Reads one byte beyond the last pixel of a row.
void vn_resample_horizontal(const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output,
                            ptrdiff_t output_pitch, int32_t rows, int32_t outputs, vn_resample_axis axis,
                            int level);

// Computes `outputs` rows of `row_bytes` bytes, each from several rows of the input.
void vn_resample_vertical(const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output,
                          ptrdiff_t output_pitch, int32_t row_bytes, int32_t outputs, vn_resample_axis axis,
                          int level);
