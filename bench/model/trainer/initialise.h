// Where training begins: pieces that stand near the same others begin near each other.
#pragma once
#include "matrix.h"
#include "texts.h"
#include <cmath>
#include <numeric>
#include <random>

constexpr long WINDOW = 6;
constexpr double SMOOTHING = 0.75;
constexpr int POWER_ROUNDS = 3;
constexpr long OVERSAMPLING = 16;

/** Rows of a symmetric sparse matrix. */
struct Sparse {
  std::vector<std::vector<std::pair<uint16_t, float>>> rows;
};

/**
 * Positive pointwise mutual information of pieces within a window, neighbours weighted by 1 / distance, with the context smoothed (Levy,
 * Goldberg, Dagan, "Improving Distributional Similarity", 2015) on both sides, so that it is symmetric.
 */
inline Sparse mutualInformation(const std::vector<uint16_t> &pieces, const std::vector<Text> &texts, long vocabulary) {
  std::vector<uint32_t> textOf(pieces.size());
  std::vector<std::vector<uint32_t>> places(vocabulary);
  for (uint32_t t = 0; t < texts.size(); t++)
    for (uint32_t at = texts[t].start; at < texts[t].start + texts[t].length; at++) {
      textOf[at] = t;
      places[pieces[at]].push_back(at);
    }
  Sparse near;
  near.rows.resize(vocabulary);
  std::vector<double> sums(vocabulary, 0);
#pragma omp parallel
  {
    std::vector<float> row(vocabulary);
#pragma omp for schedule(dynamic, 64)
    for (long piece = 0; piece < vocabulary; piece++) {
      std::fill(row.begin(), row.end(), 0.f);
      for (uint32_t at : places[piece]) {
        const Text &text = texts[textOf[at]];
        long first = std::max<long>(text.start, (long)at - WINDOW), last = std::min<long>(text.start + text.length - 1, at + WINDOW);
        for (long other = first; other <= last; other++)
          if (other != (long)at) row[pieces[other]] += 1.f / std::abs(other - (long)at);
      }
      for (long other = 0; other < vocabulary; other++)
        if (row[other] > 0) {
          near.rows[piece].push_back({(uint16_t)other, row[other]});
          sums[piece] += row[other];
        }
    }
  }
  double total = 0, smoothTotal = 0;
  for (double sum : sums) total += sum, smoothTotal += std::pow(sum, SMOOTHING);
#pragma omp parallel for schedule(dynamic, 64)
  for (long piece = 0; piece < vocabulary; piece++) {
    auto &row = near.rows[piece];
    size_t kept = 0;
    for (auto [other, weight] : row) {
      double a = std::log(weight * smoothTotal / sums[piece] / std::pow(sums[other], SMOOTHING));
      double b = std::log(weight * smoothTotal / sums[other] / std::pow(sums[piece], SMOOTHING));
      float information = (a + b) / 2;
      if (information > 0) row[kept++] = {other, information};
    }
    row.resize(kept);
  }
  return near;
}

/** Columns of q made orthonormal, by the inverse of Cholesky's factor of their products, twice for precision. */
inline void orthonormalise(std::vector<float> &q, long rows, long columns) {
  for (int round = 0; round < 2; round++) {
    std::vector<float> products(columns * columns), inverse(columns * columns, 0.f);
    multiply({q.data(), 1, columns}, {q.data(), columns, 1}, products.data(), columns, columns, rows, 1);
    std::vector<double> factor(products.begin(), products.end()), solved(columns);
    for (long i = 0; i < columns; i++)
      for (long j = 0; j <= i; j++) {
        double sum = factor[i * columns + j];
        for (long k = 0; k < j; k++) sum -= factor[i * columns + k] * factor[j * columns + k];
        factor[i * columns + j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / factor[j * columns + j];
      }
    for (long unit = 0; unit < columns; unit++)
      for (long i = unit; i < columns; i++) {
        double sum = i == unit;
        for (long k = unit; k < i; k++) sum -= factor[i * columns + k] * solved[k];
        solved[i] = sum / factor[i * columns + i];
        inverse[unit * columns + i] = solved[i];
      }
    std::vector<float> straight(q.size());
    multiply({q.data(), columns, 1}, {inverse.data(), columns, 1}, straight.data(), rows, columns, columns, 1);
    q = straight;
  }
}

inline std::vector<float> product(const Sparse &a, const std::vector<float> &q, long columns) {
  std::vector<float> result(a.rows.size() * columns, 0.f);
#pragma omp parallel for schedule(dynamic, 64)
  for (size_t row = 0; row < a.rows.size(); row++)
    for (auto [other, weight] : a.rows[row]) add(&result[row * columns], weight, &q[other * columns], columns);
  return result;
}

/** Eigenvalues and eigenvectors (as rows) of a small symmetric matrix, by Jacobi's rotations. */
inline std::vector<double> eigen(std::vector<double> &a, std::vector<double> &vectors, long n) {
  vectors.assign(n * n, 0);
  for (long i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (int sweep = 0; sweep < 8; sweep++)
    for (long p = 0; p < n; p++)
      for (long q = p + 1; q < n; q++) {
        if (std::abs(a[p * n + q]) < 1e-9) continue;
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
        double t = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::sqrt(theta * theta + 1)), c = 1 / std::sqrt(t * t + 1), s = t * c;
        auto rotate = [&](double &x, double &y) {
          double before = x;
          x = c * before - s * y;
          y = s * before + c * y;
        };
        for (long k = 0; k < n; k++) rotate(a[k * n + p], a[k * n + q]);
        for (long k = 0; k < n; k++) rotate(a[p * n + k], a[q * n + k]);
        for (long k = 0; k < n; k++) rotate(vectors[p * n + k], vectors[q * n + k]);
      }
  std::vector<double> values(n);
  for (long i = 0; i < n; i++) values[i] = a[i * n + i];
  return values;
}

/**
 * The strongest `dimensions` of the pieces' mutual information, by subspace iteration (Halko, Martinsson, Tropp, "Finding Structure with
 * Randomness", 2011). Rows have the length that a random start would have, frequent pieces a shorter one (Arora et al., "A Simple but
 * Tough-to-Beat Baseline", 2017).
 */
inline std::vector<float> initialTable(const std::vector<uint16_t> &pieces, const std::vector<Text> &texts, long vocabulary, long dimensions, std::mt19937 &random) {
  Sparse near = mutualInformation(pieces, texts, vocabulary);
  long columns = dimensions + OVERSAMPLING;
  std::vector<float> q(vocabulary * columns);
  for (float &number : q) number = (random() >> 8) * 0x1p-23f - 1;
  for (int round = 0; round < POWER_ROUNDS; round++) {
    orthonormalise(q, vocabulary, columns);
    q = product(near, q, columns);
  }
  orthonormalise(q, vocabulary, columns);
  std::vector<float> image = product(near, q, columns);
  std::vector<float> products(columns * columns);
  multiply({q.data(), 1, columns}, {image.data(), columns, 1}, products.data(), columns, columns, vocabulary, 1);
  std::vector<double> small(products.begin(), products.end()), vectors;
  std::vector<double> values = eigen(small, vectors, columns);
  std::vector<long> order(columns);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](long a, long b) { return std::abs(values[a]) > std::abs(values[b]); });

  std::vector<double> counts(vocabulary, 1);
  for (uint16_t piece : pieces) counts[piece]++;
  double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  std::vector<float> weighted(columns * dimensions), table(vocabulary * dimensions);
  for (long k = 0; k < columns; k++)
    for (long d = 0; d < dimensions; d++) weighted[k * dimensions + d] = vectors[order[d] * columns + k] * std::sqrt(std::abs(values[order[d]]));
  multiply({q.data(), columns, 1}, {weighted.data(), dimensions, 1}, table.data(), vocabulary, dimensions, columns, 1);
  for (long row = 0; row < vocabulary; row++) {
    float *numbers = &table[row * dimensions];
    float length = 0.1 * std::sqrt(dimensions) * 1e-3 / (1e-3 + counts[row] / total);
    float factor = length / std::sqrt(dot(numbers, numbers, dimensions) + 1e-12f);
    for (long d = 0; d < dimensions; d++) numbers[d] *= factor;
  }
  return table;
}
