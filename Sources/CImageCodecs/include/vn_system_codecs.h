#pragma once

#include <stddef.h>
#include <stdint.h>

// Image formats that the system's own libraries decode. `libraries` names the files to look for, one per line; they
// are opened when an image of the format is met and not before, and nothing of them is needed to build. The few
// prototypes that are used are declared in the C files, beside the header that they were taken from: functions with
// plain arguments only, which have not changed for as long as the library has had its name. All of them give a code of
// CImageCodecs.h and, where it is not `VN_CODEC_OK`, a message.

// 1 when one of `libraries` can be opened.
int vn_system_library_exists(const char *libraries);

// Decodes one frame of WebP, the bytes of a whole still file or of a frame's chunks, into rows `pitch` bytes apart, which
// hold `width` RGB pixels. The stream has to be of this size. `lenient` as for PNG.
int vn_webp_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                   size_t pitch, int lenient, uint8_t *rgb, char *message);

// Decodes the compressed pixels of one GIF frame, which begin with the size of the first code, into width * height
// palette indices, rows in the order of the file.
int vn_gif_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                  int lenient, uint8_t *indices, char *message);

// Decodes the first page of a TIFF of known size, in the stored order of rows and columns. Alpha is dropped (colors
// that were multiplied by it are divided again), 16-bit samples give their high byte, or what `levels` say.
int vn_tiff_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                   vn_sample_levels levels, int lenient, uint8_t *rgb, char *message);

// A decoded HEIC or AVIF image, turned and cropped as its container says.
typedef struct vn_heif_image vn_heif_image;

// The bytes must outlive the image, which is to be released with `vn_heif_close`, also after errors.
int vn_heif_open(const char *libraries, const uint8_t *bytes, size_t count, vn_heif_image **image,
                 uint32_t *width, uint32_t *height, char *message);
// Width * height * 3 bytes; samples of more than 8 bits give their 8 highest.
void vn_heif_copy(const vn_heif_image *image, uint8_t *rgb);
void vn_heif_close(vn_heif_image *image);
