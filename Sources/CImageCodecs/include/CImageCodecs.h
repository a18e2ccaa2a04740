#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vn_augment.h"

// The shims around libpng and libjpeg: `setjmp` and `longjmp` stay inside one C function each, and what the
// libraries report comes back as one of these codes with a message.
enum {
  VN_CODEC_OK = 0,
  VN_CODEC_TRUNCATED = 1,
  VN_CODEC_CORRUPT = 2,
  VN_CODEC_UNSUPPORTED = 3,
  VN_CODEC_MEMORY = 4,
  VN_CODEC_TOO_LARGE = 5,
  // Damaged, and `lenient`: what could be read stands in the pixels, the message tells the damage.
  VN_CODEC_PARTIAL = 6,
  // Every pixel is there, but the file is not quite as it should be; the message tells how.
  VN_CODEC_ODD = 7,
  // The same, and what is missing is the end of the file.
  VN_CODEC_UNENDED = 8,
  // A library of the system is missing, or too old; the message tells which function.
  VN_CODEC_NO_LIBRARY = 9,
};

// Which samples of 16 bits become 0 and 255; what lies between in proportion. None where `white` is 0.
typedef struct {
  uint16_t black, white;
} vn_sample_levels;

#include "vn_system_codecs.h"

// Bytes of the caller's message buffer, the closing zero included.
enum { VN_CODEC_MESSAGE_BYTES = 256 };

// Decodes a whole PNG of known size into `rgb`, width * height * 3 bytes. Gamma and profiles are ignored, alpha
// is dropped, 16-bit samples give their high byte, or, where only `significant` of their bits mean something and these
// are the lowest, the highest 8 of these, or as `levels` say. With `lenient`, damage after the first row is
// `VN_CODEC_PARTIAL`, and pixels that could not be read stay as they are.
int vn_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int significant,
                  vn_sample_levels levels, int lenient, uint8_t *rgb, char *message);

// Decodes a whole 8-bit JPEG of known size and 1, 3 or 4 components into `rgb`: three bytes for each of width / part by
// height / part pixels, both rounded up; `part` is 1, 2, 4 or 8. `lenient` as above.
int vn_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int components, int part,
                   int lenient, uint8_t *rgb, char *message);

// Encodes 8-bit RGB, or gray where `channels` is 1 instead of 3; `*encoded` is to be released with `vn_codec_free`.
int vn_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **encoded,
                  size_t *count, char *message);
int vn_jpeg_encode(const uint8_t *rgb, uint32_t width, uint32_t height, int quality, uint8_t **encoded,
                   size_t *count, char *message);
void vn_codec_free(void *memory);

// One axis of a resize: for each output, the first input, the number of inputs and `taps` weights (those beyond
// the number are zero) in units of 2^-22. The memory passed begins with input `origin`.
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

// Rows of RGB pixels to rows of `outputs` pixels. Reads one byte beyond the last pixel of a row.
void vn_resample_horizontal(const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output,
                            ptrdiff_t output_pitch, int32_t rows, int32_t outputs, vn_resample_axis axis,
                            int level);

// `outputs` rows of `row_bytes` bytes, each from several rows of the input.
void vn_resample_vertical(const uint8_t *input, ptrdiff_t input_pitch, uint8_t *output,
                          ptrdiff_t output_pitch, int32_t row_bytes, int32_t outputs, vn_resample_axis axis,
                          int level);
