#pragma once

#include <stddef.h>
#include <stdint.h>

// Operations on 8-bit RGB images without padding between rows. Results equal Pillow's, byte for byte.

// Mirrors an image in place: left to right, or top to bottom.
void vn_flip_columns(uint8_t *rgb, int32_t width, int32_t height);
void vn_flip_rows(uint8_t *rgb, int32_t width, int32_t height);

// Replaces each byte by its entry in the table of its channel: 3 × 256 bytes.
void vn_map_bytes(uint8_t *rgb, size_t pixels, const uint8_t *tables);

// How often each value occurs in each channel: 3 × 256 counts.
void vn_count_bytes(const uint8_t *rgb, size_t pixels, uint32_t *counts);

// The sum of the pixels' lumas; a luma is (19595 R + 38470 G + 7471 B + 2^15) / 2^16, rounded down.
uint64_t vn_luma_sum(const uint8_t *rgb, size_t pixels);

// Multiplies each pixel's difference from its luma by `factor`: 0 gives gray, 1 the same image.
void vn_saturate(uint8_t *rgb, size_t pixels, float factor);

// Adds `turn` to the hue, a circle of 256 steps.
void vn_turn_hue(uint8_t *rgb, size_t pixels, uint8_t turn);

// Multiplies each pixel's difference from the smoothed image by `factor`: 0 gives the smoothed image, 1 the same image.
// The outermost pixels are unchanged.
void vn_sharpen(const uint8_t *rgb, uint8_t *output, int32_t width, int32_t height, float factor);

// Reads the output pixel (x, y) at (m0 x + m1 y + m2, m3 x + m4 y + m5) of the input; pixel centers are at half-integers.
// Takes the nearest pixel, or with `smooth` interpolates bilinearly. Pixels outside become `fill`, three bytes.
void vn_affine(const uint8_t *rgb, uint8_t *output, int32_t width, int32_t height, const double *m, int smooth,
               const uint8_t *fill);

// Converts pixels to three planes of numbers from `tables`, 3 × 256 numbers: red, green and blue, or the reverse if `swapped`.
void vn_planes(const uint8_t *rgb, size_t pixels, const float *tables, int swapped, float *output);
