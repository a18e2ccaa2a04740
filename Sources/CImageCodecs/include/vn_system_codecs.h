#pragma once

#include <stddef.h>
#include <stdint.h>

// Image formats that system libraries decode. `libraries` names the files to look for, one per line. They are opened only
// when an image of the format is read, and are not needed for building. The C files declare the few prototypes that are
// used and name the header that they come from: functions with plain arguments only, which have never changed under the
// library's soname. All functions return a code of CImageCodecs.h and, if it is not `VN_CODEC_OK`, a message.

// 1 when one of `libraries` can be opened.
int vn_system_library_exists(const char *libraries);

// Decodes one frame of WebP, given a whole still file or the chunks of a frame, into rows of `width` RGB pixels, `pitch`
// bytes apart. The stream must have this size. `lenient` as for PNG.
int vn_webp_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                   size_t pitch, int lenient, uint8_t *rgb, char *message);

// Decodes the compressed pixels of one GIF frame, which begin with the size of the first code, into width * height palette
// indices. Rows are in the order of the file.
int vn_gif_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                  int lenient, uint8_t *indices, char *message);

// Decodes the first page of a TIFF of known size, in the stored order of rows and columns. Alpha is dropped (colors that
// were multiplied by it are divided by it). 16-bit samples are mapped by `levels` if given, or give their high byte.
int vn_tiff_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                   vn_sample_levels levels, int lenient, uint8_t *rgb, char *message);

// A decoded HEIC or AVIF image, rotated and cropped as its container specifies.
typedef struct vn_heif_image vn_heif_image;

// Decodes an image. The bytes must outlive it. Release it with `vn_heif_close`, also after errors.
int vn_heif_open(const char *libraries, const uint8_t *bytes, size_t count, vn_heif_image **image,
                 uint32_t *width, uint32_t *height, char *message);
// Copies the pixels: width * height * 3 bytes. Samples of more than 8 bits give their highest 8.
void vn_heif_copy(const vn_heif_image *image, uint8_t *rgb);
void vn_heif_close(vn_heif_image *image);
