#pragma once

#include <stddef.h>
#include <stdint.h>

// Changes of 8-bit RGB images without padding between rows; the arithmetic is Pillow's, byte for byte.

// Mirrors in place: left and right, or top and bottom.
void vn_flip_columns(uint8_t *rgb, int32_t width, int32_t height);
void vn_flip_rows(uint8_t *rgb, int32_t width, int32_t height);

// Replaces each byte by its entry in the table of its channel: 3 × 256 bytes.
void vn_map_bytes(uint8_t *rgb, size_t pixels, const uint8_t *tables);

// How often each value occurs in each channel: 3 × 256 counts.
void vn_count_bytes(const uint8_t *rgb, size_t pixels, uint32_t *counts);

// The sum of the pixels' lumas, (19595 R + 38470 G + 7471 B + 2^15) / 2^16 each.
uint64_t vn_luma_sum(const uint8_t *rgb, size_t pixels);

// Moves each pixel away from its luma by `factor`: 0 gives gray, 1 the same image.
void vn_saturate(uint8_t *rgb, size_t pixels, float factor);

// Adds `turn` to the hue, a circle of 256 steps.
void vn_turn_hue(uint8_t *rgb, size_t pixels, uint8_t turn);

// Moves each pixel away from its smoothed neighborhood by `factor`: 0 gives the smooth image, 1 the same one.
// The outermost pixels stay.
void vn_sharpen(const uint8_t *rgb, uint8_t *output, int32_t width, int32_t height, float factor);

// Fetches the output pixel (x, y) from (m0 x + m1 y + m2, m3 x + m4 y + m5), pixels having their centers at halves:
// the nearest pixel, or with `smooth` a mix of four. What lies outside becomes `fill`, three bytes.
void vn_affine(const uint8_t *rgb, uint8_t *output, int32_t width, int32_t height, const double *m, int smooth,
               const uint8_t *fill);

// Images as numbers: output planes of `tables` (3 × 256 numbers, first for red or blue as `swapped` says).
void vn_planes(const uint8_t *rgb, size_t pixels, const float *tables, int swapped, float *output);
