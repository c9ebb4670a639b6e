#pragma once
// ZSTD_decompressBound and ZSTD_findFrameCompressedSize's companions are declared only behind this.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>
