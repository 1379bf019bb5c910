// Products of matrices whose every number is summed by one thread in one order: the bytes that come out do not depend on how many threads there are.
#pragma once
#include <algorithm>
#include <vector>

/** 16 numbers. Sums run over lanes as they are written here, so that the width of a machine's registers changes nothing either. */
typedef float Lane __attribute__((vector_size(64), aligned(4), may_alias));
/** What the registers of AVX-512 hold while a product is summed. */
constexpr long ROWS = 12, COLUMNS = 16;

/** A matrix or its transpose: where numbers of neighbouring rows and columns lie. */
struct View {
  const float *data;
  long rowStride, columnStride;
};

/** Of vectors whose length is a multiple of 16. */
inline float dot(const float *a, const float *b, long length) {
  Lane sums = {};
  for (long at = 0; at < length; at += COLUMNS) sums += *(const Lane *)(a + at) * *(const Lane *)(b + at);
  float sum = 0;
  for (long at = 0; at < COLUMNS; at++) sum += sums[at];
  return sum;
}

/** to += weight * from, likewise. */
inline void add(float *to, float weight, const float *from, long length) {
  for (long at = 0; at < length; at += COLUMNS) *(Lane *)(to + at) += weight * *(const Lane *)(from + at);
}

/** c (rows x columns, contiguous) = factor * a * b, where a has `inner` columns. `columns` is a multiple of 16. */
inline void multiply(View a, View b, float *c, long rows, long columns, long inner, float factor) {
  // Panels of 16 columns of b and of 6 rows of a, laid out in the order in which they are read.
  static std::vector<Lane> panels;
  panels.resize(columns / COLUMNS * inner);
#pragma omp parallel for schedule(static)
  for (long panel = 0; panel < columns / COLUMNS; panel++)
    for (long k = 0; k < inner; k++)
      for (long j = 0; j < COLUMNS; j++)
        panels[panel * inner + k][j] = b.data[k * b.rowStride + (panel * COLUMNS + j) * b.columnStride];
#pragma omp parallel
  {
    std::vector<float> strip(ROWS * inner);
#pragma omp for schedule(dynamic, 4)
    for (long top = 0; top < (rows + ROWS - 1) / ROWS * ROWS; top += ROWS) {
      long height = std::min(ROWS, rows - top);
      for (long k = 0; k < inner; k++)
        for (long i = 0; i < ROWS; i++)
          strip[k * ROWS + i] = i < height ? a.data[(top + i) * a.rowStride + k * a.columnStride] : 0;
      for (long panel = 0; panel < columns / COLUMNS; panel++) {
        const Lane *right = &panels[panel * inner];
        Lane sums[ROWS] = {};
        for (long k = 0; k < inner; k++)
#pragma GCC unroll 12
          for (long i = 0; i < ROWS; i++) sums[i] += strip[k * ROWS + i] * right[k];
#pragma GCC unroll 12
        for (long i = 0; i < ROWS; i++)
          if (i < height) *(Lane *)(c + (top + i) * columns + panel * COLUMNS) = factor * sums[i];
      }
    }
  }
}
