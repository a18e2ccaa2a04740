#include "TIFFLibrary.h"

#include <stdio.h>
#include <string.h>

#include "SystemLibrary.h"

static const char *const names[] = {
    "TIFFClientOpen",  "TIFFClose",         "TIFFGetField",          "TIFFGetFieldDefaulted",
    "TIFFSetField",    "TIFFIsTiled",       "TIFFIsCODECConfigured", "TIFFScanlineSize",
    "TIFFReadScanline", "TIFFTileSize64",   "TIFFTileRowSize64",     "TIFFReadTile",
    "TIFFRGBAImageOK", "TIFFReadRGBAImageOriented", "TIFFSetErrorHandler", "TIFFSetWarningHandler",
};
// libtiff 4.5 and later: handlers for one file instead of the whole process, and a limit for memory allocations.
typedef struct {
  TIFFOpenOptions *(*alloc)(void);
  void (*free)(TIFFOpenOptions *);
  void (*limit)(TIFFOpenOptions *, tiff_size bytes);
  void (*error_handler)(TIFFOpenOptions *, tiff_file_handler, void *user);
  void (*warning_handler)(TIFFOpenOptions *, tiff_file_handler, void *user);
  TIFF *(*open)(const char *name, const char *mode, void *client, tiff_transfer read, tiff_transfer write,
                tiff_seek seek, tiff_close close, tiff_count size, tiff_map map, tiff_unmap unmap,
                TIFFOpenOptions *options);
} newer_library;

static const char *const newer_names[] = {
    "TIFFOpenOptionsAlloc",
    "TIFFOpenOptionsFree",
    "TIFFOpenOptionsSetMaxSingleMemAlloc",
    "TIFFOpenOptionsSetErrorHandlerExtR",
    "TIFFOpenOptionsSetWarningHandlerExtR",
    "TIFFClientOpenExt",
};

// The functions and their addresses share memory.
typedef union {
  vn_tiff_library functions;
  void *addresses[sizeof names / sizeof *names];
} function_table;
typedef union {
  newer_library functions;
  void *addresses[sizeof newer_names / sizeof *newer_names];
} newer_table;
_Static_assert(sizeof(vn_tiff_library) == sizeof names, "a name for each function");
_Static_assert(sizeof(newer_library) == sizeof newer_names, "a name for each function");

// The file that this thread reads, for the handlers of older versions, which are called without a pointer to it.
static _Thread_local vn_tiff_source *current;

static void note(vn_tiff_source *source, int is_error, const char *format, va_list arguments) {
  if (!source) return;
  // Tags of cameras and maps are not worth a warning.
  if (!is_error && strstr(format, "nknown field with tag")) return;
  // The first error explains later ones, and is more important than any warning.
  if (source->failed || (source->warned && !is_error)) return;
  vsnprintf(source->message, VN_CODEC_MESSAGE_BYTES, format, arguments);
  source->warned |= !is_error;
  source->failed |= is_error;
}

static void process_error(const char *module, const char *format, va_list arguments) {
  (void)module;
  note(current, 1, format, arguments);
}

static void process_warning(const char *module, const char *format, va_list arguments) {
  (void)module;
  note(current, 0, format, arguments);
}

static int file_error(TIFF *file, void *user, const char *module, const char *format, va_list arguments) {
  (void)file;
  (void)module;
  note(user, 1, format, arguments);
  return 1;
}

static int file_warning(TIFF *file, void *user, const char *module, const char *format, va_list arguments) {
  (void)file;
  (void)module;
  note(user, 0, format, arguments);
  return 1;
}

static tiff_size read_bytes(void *client, void *into, tiff_size wanted) {
  vn_tiff_source *source = client;
  size_t there = source->position < source->count ? source->count - source->position : 0;
  if (wanted < 0) return -1;
  if ((size_t)wanted > there) {
    source->ended = 1;
    wanted = (tiff_size)there;
  }
  if (wanted > 0) memcpy(into, source->bytes + source->position, (size_t)wanted);
  source->position += (size_t)wanted;
  return wanted;
}

static tiff_size write_nothing(void *client, void *bytes, tiff_size count) {
  (void)client;
  (void)bytes;
  (void)count;
  return -1;
}

static uint64_t seek(void *client, uint64_t offset, int whence) {
  vn_tiff_source *source = client;
  uint64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source->position : source->count;
  uint64_t target = base + offset;
  if (target > SIZE_MAX) return (uint64_t)-1;
  source->position = (size_t)target;
  return target;
}

static int close_nothing(void *client) {
  (void)client;
  return 0;
}

static uint64_t count_bytes(void *client) { return ((vn_tiff_source *)client)->count; }

TIFF *vn_tiff_open(const char *libraries, vn_tiff_source *source, size_t largest_block, int *status) {
  function_table table;
  newer_table newer;
  *status = VN_CODEC_NO_LIBRARY;
  void *library = vn_system_library(libraries);
  if (!library) return NULL;
  const char *missing = vn_system_functions(library, names, table.addresses, sizeof names / sizeof *names);
  if (missing) {
    snprintf(source->message, VN_CODEC_MESSAGE_BYTES, "%s", missing);
    return NULL;
  }
  source->tiff = table.functions;
  *status = VN_CODEC_MEMORY;
  size_t count = sizeof newer_names / sizeof *newer_names;
  // Opened for reading without mapping, since the bytes are in memory already.
  if (!vn_system_functions(library, newer_names, newer.addresses, count)) {
    TIFFOpenOptions *options = newer.functions.alloc();
    if (!options) return NULL;
    newer.functions.limit(options, (tiff_size)largest_block);
    newer.functions.error_handler(options, file_error, source);
    newer.functions.warning_handler(options, file_warning, source);
    TIFF *file = newer.functions.open("TIFF", "rm", source, read_bytes, write_nothing, seek, close_nothing,
                                      count_bytes, NULL, NULL, options);
    newer.functions.free(options);
    *status = file ? VN_CODEC_OK : source->ended ? VN_CODEC_TRUNCATED : VN_CODEC_CORRUPT;
    return file;
  }
  // The handlers are the same for every call, so it does not matter which thread sets them.
  source->tiff.set_error_handler(process_error);
  source->tiff.set_warning_handler(process_warning);
  current = source;
  TIFF *file = source->tiff.client_open("TIFF", "rm", source, read_bytes, write_nothing, seek, close_nothing,
                                        count_bytes, NULL, NULL);
  if (!file) current = NULL;
  *status = file ? VN_CODEC_OK : source->ended ? VN_CODEC_TRUNCATED : VN_CODEC_CORRUPT;
  return file;
}

void vn_tiff_close(TIFF *file, vn_tiff_source *source) {
  source->tiff.close(file);
  current = NULL;
}
