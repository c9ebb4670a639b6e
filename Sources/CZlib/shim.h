#pragma once
#include <zlib.h>

// A macro with sizeof, which Swift does not import. 15 + 32: the largest window, gzip or zlib by its header.
static inline int rookery_inflate_init(z_stream *s) { return inflateInit2(s, 15 + 32); }
