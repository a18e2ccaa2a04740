#include <stdio.h>
#include <string.h>

#include "CImageCodecs.h"
#include "SystemLibrary.h"

// From gif_lib.h (giflib 5.1 and later, soname 7). The structure behind the pointer is never accessed: the frame's header
// is parsed beforehand, and giflib is given a file with this one frame.
typedef struct GifFileType GifFileType;
typedef int (*input_function)(GifFileType *, uint8_t *, int);
enum { IMAGE_DESC_RECORD_TYPE = 2 };

typedef struct {
  GifFileType *(*open)(void *user, input_function read, int *error);
  int (*next_record)(GifFileType *file, int *type);
  int (*read_descriptor)(GifFileType *file);
  int (*read_line)(GifFileType *file, uint8_t *line, int count);
  int (*close)(GifFileType *file, int *error);
} library;

static const char *const names[] = {"DGifOpen", "DGifGetRecordType", "DGifGetImageDesc", "DGifGetLine",
                                    "DGifCloseFile"};

// The functions and their addresses share memory.
typedef union {
  library functions;
  void *addresses[sizeof names / sizeof *names];
} function_table;
_Static_assert(sizeof(library) == sizeof names, "a name for each function");

// The size of a screen descriptor without a palette and the descriptor of a frame that covers the screen.
enum { PREFIX_BYTES = 23 };

typedef struct {
  uint8_t prefix[PREFIX_BYTES];
  const uint8_t *bytes;
  size_t count, position;
  // Whether the bytes end at the end of a block.
  int complete;
  // Whether to decode incomplete bytes as far as possible.
  int lenient;
  int ended;
} source;

// The callback's state, which otherwise could only be found in a field of giflib's structure.
static _Thread_local source *current;

static int read_bytes(GifFileType *file, uint8_t *into, int wanted) {
  (void)file;
  source *state = current;
  int done = 0;
  while (done < wanted) {
    if (state->position < PREFIX_BYTES) {
      into[done++] = state->prefix[state->position++];
    } else if (state->position - PREFIX_BYTES < state->count) {
      into[done++] = state->bytes[state->position++ - PREFIX_BYTES];
    } else {
      state->ended = 1;
      if (!state->complete && !state->lenient) return done;
      // The empty block that ends the pixels. The file may lack it although all pixels are there.
      into[done++] = 0;
    }
  }
  return done;
}

// Whether the bytes (the size of the first code, then blocks that begin with their length) end with a complete block.
static int ends_with_block(const uint8_t *bytes, size_t count) {
  size_t position = 1;
  while (position < count) position += (size_t)bytes[position] + 1;
  return position == count;
}

static void put_word(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
}

static int decode_rows(const library *gif, GifFileType *file, uint32_t width, uint32_t height, uint8_t *indices,
                       uint32_t *rows) {
  int type = 0;
  if (!gif->next_record(file, &type) || type != IMAGE_DESC_RECORD_TYPE || !gif->read_descriptor(file)) return 0;
  for (*rows = 0; *rows < height; (*rows)++)
    if (!gif->read_line(file, indices + (size_t)*rows * width, (int)width)) return 0;
  return 1;
}

int vn_gif_decode(const char *libraries, const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                  int lenient, uint8_t *indices, char *message) {
  function_table table;
  int status = vn_system_codec(libraries, names, table.addresses, sizeof names / sizeof *names, message);
  if (status != VN_CODEC_OK) return status;
  const library gif = table.functions;
  source state = {.prefix = "GIF89a", .bytes = bytes, .count = count, .lenient = lenient};
  state.complete = ends_with_block(bytes, count);
  put_word(state.prefix + 6, width);
  put_word(state.prefix + 8, height);
  state.prefix[13] = ',';
  put_word(state.prefix + 18, width);
  put_word(state.prefix + 20, height);
  int error = 0;
  uint32_t rows = 0;
  current = &state;
  GifFileType *file = gif.open(NULL, read_bytes, &error);
  int whole = file && decode_rows(&gif, file, width, height, indices, &rows);
  if (file) gif.close(file, &error);
  current = NULL;
  if (!file) return VN_CODEC_MEMORY;
  if (whole && !state.ended) return VN_CODEC_OK;
  if (whole && state.complete) {
    snprintf(message, VN_CODEC_MESSAGE_BYTES, "the mark behind its pixels is missing");
    return VN_CODEC_UNENDED;
  }
  snprintf(message, VN_CODEC_MESSAGE_BYTES,
           state.ended ? "the file ends inside the image" : "the compressed pixels make no sense");
  if (lenient && rows > 0) return VN_CODEC_PARTIAL;
  return state.ended ? VN_CODEC_TRUNCATED : VN_CODEC_CORRUPT;
}
