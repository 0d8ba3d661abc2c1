#pragma once
#include <zlib.h>

// zlib's start-up calls are macros, which Swift does not see.

// A stream that writes the gzip format (RFC 1952): 16 added to the window bits.
static inline int czlib_start_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

// A stream that reads the gzip format.
static inline int czlib_start_gunzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
