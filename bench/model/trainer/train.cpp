// Trains a table with one vector a piece: texts that mean the same get near vectors (symmetric InfoNCE; van den Oord, Li, Vinyals,
// "Representation Learning with Contrastive Predictive Coding", 2018). usage: train FOLDER PIECES DIMENSIONS EPOCHS RATE SEED
// FOLDER holds pieces.u16 and pairs.u32 of encode.ts; table.f32 is written there. The same input gives the same bytes.
#include "initialise.h"
#include <cstring>

constexpr long BATCH = 2048, RUN = 256;
constexpr float TEMPERATURE = 0.05f, DROPOUT = 0.1f, WARM_UP = 0.05f;
constexpr float MOMENTUM = 0.9f, SECOND_MOMENTUM = 0.999f;

/** A piece of a text, with 1 + ln of how often the text holds it. */
struct Term {
  uint16_t piece;
  float weight;
};
/** A text of the batch: its terms, and a hash that is the same for the same text. */
struct Side {
  std::vector<Term> terms;
  uint64_t hash;
};

/** Within 1e-6 of e^x for x <= 0; the same on every machine, and vectorised. */
static inline float exponential(float x) {
  float y = std::max(x, -80.f) * 1.44269504f, whole = floorf(y), part = y - whole;
  float power = 1.f + part * (0.69314718f + part * (0.24022651f + part * (0.05550411f + part * (0.00961813f + part * (0.00133336f + part * 0.000154f)))));
  int32_t bits = ((int32_t)whole + 127) << 23;
  float scale;
  memcpy(&scale, &bits, 4);
  return power * scale;
}

template <class T> void shuffle(std::vector<T> &values, std::mt19937 &random) {
  for (size_t left = values.size(); left > 1; left--) std::swap(values[left - 1], values[random() % left]);
}

/** All pairs anew, in runs of one source, so that a pair is told from others of its kind; the runs in any order. */
static std::vector<uint32_t> epochOrder(const std::vector<Pair> &pairs, std::mt19937 &random) {
  std::vector<uint32_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0);
  shuffle(order, random);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return pairs[a].source < pairs[b].source; });
  std::vector<std::vector<uint32_t>> runs;
  for (uint32_t pair : order) {
    if (runs.empty() || runs.back().size() == RUN || pairs[runs.back()[0]].source != pairs[pair].source) runs.emplace_back();
    runs.back().push_back(pair);
  }
  shuffle(runs, random);
  order.clear();
  for (auto &run : runs) order.insert(order.end(), run.begin(), run.end());
  return order;
}

static Side sideOf(const Text &text, const uint16_t *pieces, std::mt19937 &random) {
  std::vector<uint16_t> sorted(pieces + text.start, pieces + text.start + text.length);
  Side side{{}, 1469598103934665603ull};
  for (uint16_t piece : sorted) side.hash = (side.hash ^ piece) * 1099511628211ull;
  std::sort(sorted.begin(), sorted.end());
  for (size_t at = 0; at < sorted.size();) {
    size_t end = at;
    while (end < sorted.size() && sorted[end] == sorted[at]) end++;
    side.terms.push_back({sorted[at], 1 + logf(end - at)});
    at = end;
  }
  if (side.terms.size() < 5) return side;
  std::vector<Term> kept;
  for (const Term &term : side.terms)
    if (random() >= DROPOUT * 4294967296.f) kept.push_back(term);
  if (!kept.empty()) side.terms = kept;
  return side;
}

class Trainer {
public:
  Trainer(std::vector<float> table, long dimensions)
      : table(std::move(table)), D(dimensions), mean(this->table.size()), square(this->table.size()), lastStep(this->table.size() / dimensions), users(this->table.size() / dimensions) {
    for (auto *matrix : {&unit[0], &unit[1], &gradient[0], &gradient[1]}) matrix->resize(BATCH * D);
    likeness.resize(BATCH * BATCH);
  }

  std::vector<float> table;

  /** One step down; answers the loss. */
  double step(const std::vector<Side> (&batch)[2], float rate) {
    for (int s = 0; s < 2; s++) embed(batch[s], unit[s], inverseLength[s]);
    multiply({unit[0].data(), D, 1}, {unit[1].data(), 1, D}, likeness.data(), BATCH, BATCH, D, 1 / TEMPERATURE);
    double loss = softmax(batch);
    multiply({likeness.data(), BATCH, 1}, {unit[1].data(), D, 1}, gradient[0].data(), BATCH, D, BATCH, 0.5f / TEMPERATURE);
    multiply({likeness.data(), 1, BATCH}, {unit[0].data(), D, 1}, gradient[1].data(), BATCH, D, BATCH, 0.5f / TEMPERATURE);
    for (int s = 0; s < 2; s++) throughLength(unit[s], inverseLength[s], gradient[s]);
    update(batch, rate);
    return loss;
  }

private:
  const long D;
  std::vector<float> mean, square;
  std::vector<long> lastStep;
  /** By piece, the texts of the batch that hold it, and the weights. */
  std::vector<std::vector<std::pair<const float *, float>>> users;
  std::vector<float> unit[2], gradient[2], likeness;
  float inverseLength[2][BATCH];
  long steps = 0;

  void embed(const std::vector<Side> &sides, std::vector<float> &vectors, float *inverse) {
#pragma omp parallel for schedule(dynamic, 32)
    for (long i = 0; i < BATCH; i++) {
      float *to = &vectors[i * D];
      std::fill(to, to + D, 0.f);
      for (auto [piece, weight] : sides[i].terms) add(to, weight, &table[piece * D], D);
      inverse[i] = 1 / sqrtf(dot(to, to, D) + 1e-12f);
      for (long d = 0; d < D; d++) to[d] *= inverse[i];
    }
  }

  /** Likenesses become the gradient by them, over rows and over columns; the same text twice in a batch is no wrong answer. */
  double softmax(const std::vector<Side> (&batch)[2]) {
    static float rowSum[BATCH], columnSum[BATCH], right[BATCH];
    static uint64_t hashes[2][BATCH];
    for (int s = 0; s < 2; s++)
      for (long i = 0; i < BATCH; i++) hashes[s][i] = batch[s][i].hash;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < BATCH; i++) {
      float *row = &likeness[i * BATCH];
      right[i] = row[i];
      for (long j = 0; j < BATCH; j++) row[j] = exponential(row[j] - 1 / TEMPERATURE);
      for (long j = 0; j < BATCH; j++)
        if (j != i && (hashes[0][j] == hashes[0][i] || hashes[1][j] == hashes[1][i])) row[j] = 0;
      Lane sums = {};
      for (long j = 0; j < BATCH; j += COLUMNS) sums += *(Lane *)(row + j);
      rowSum[i] = 0;
      for (long j = 0; j < COLUMNS; j++) rowSum[i] += sums[j];
    }
#pragma omp parallel for schedule(static)
    for (long left = 0; left < BATCH; left += COLUMNS) {
      Lane sums = {};
      for (long i = 0; i < BATCH; i++) sums += *(Lane *)&likeness[i * BATCH + left];
      for (long j = 0; j < COLUMNS; j++) columnSum[left + j] = sums[j];
    }
    double loss = 0;
    for (long i = 0; i < BATCH; i++) loss += logf(rowSum[i]) + logf(columnSum[i]) + 2 / TEMPERATURE - 2 * right[i];
    for (long j = 0; j < BATCH; j++) columnSum[j] = 1 / columnSum[j];
#pragma omp parallel for schedule(static)
    for (long i = 0; i < BATCH; i++) {
      float *row = &likeness[i * BATCH];
      float inverse = 1 / rowSum[i];
      for (long j = 0; j < BATCH; j++) row[j] *= inverse + columnSum[j];
      row[i] -= 2;
    }
    return loss / (2 * BATCH);
  }

  /** From the gradient by the vectors of length 1 to that by the sums. */
  void throughLength(const std::vector<float> &vectors, const float *inverse, std::vector<float> &by) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < BATCH; i++) {
      const float *x = &vectors[i * D];
      float *g = &by[i * D], along = dot(g, x, D);
      for (long d = 0; d < D; d++) g[d] = (g[d] - along * x[d]) * inverse[i];
    }
  }

  /** Adam (Kingma, Ba, 2015) on the rows of the batch's pieces; a row that rests loses momentum as time passes. */
  void update(const std::vector<Side> (&batch)[2], float rate) {
    steps++;
    std::vector<uint16_t> touched;
    for (int s = 0; s < 2; s++)
      for (long i = 0; i < BATCH; i++)
        for (auto [piece, weight] : batch[s][i].terms) {
          if (users[piece].empty()) touched.push_back(piece);
          users[piece].push_back({&gradient[s][i * D], weight});
        }
    float mean1 = 1 - powf(MOMENTUM, steps), square1 = 1 - powf(SECOND_MOMENTUM, steps);
#pragma omp parallel
    {
      std::vector<float> g(D);
#pragma omp for schedule(dynamic, 32)
      for (size_t at = 0; at < touched.size(); at++) {
        uint16_t piece = touched[at];
        std::fill(g.begin(), g.end(), 0.f);
        for (auto [from, weight] : users[piece]) add(g.data(), weight, from, D);
        users[piece].clear();
        long passed = steps - lastStep[piece];
        lastStep[piece] = steps;
        float keepMean = powf(MOMENTUM, passed), keepSquare = powf(SECOND_MOMENTUM, passed);
        float *m = &mean[piece * D], *q = &square[piece * D], *x = &table[piece * D];
        for (long d = 0; d < D; d++) {
          // The sum over a batch's texts is small: scaled, so that Adam's 1e-6 is smaller.
          float scaled = g[d] * 1000;
          m[d] = keepMean * m[d] + (1 - MOMENTUM) * scaled;
          q[d] = keepSquare * q[d] + (1 - SECOND_MOMENTUM) * scaled * scaled;
          x[d] -= rate * (m[d] / mean1) / (sqrtf(q[d] / square1) + 1e-6f);
        }
      }
    }
  }
};

int main(int, char **arguments) {
  std::string folder = arguments[1];
  long vocabulary = atol(arguments[2]), dimensions = atol(arguments[3]);
  float epochs = atof(arguments[4]), rate = atof(arguments[5]);
  std::mt19937 random(atol(arguments[6]));
  std::vector<uint16_t> pieces = readAll<uint16_t>(folder + "/pieces.u16");
  std::vector<Pair> pairs = readAll<Pair>(folder + "/pairs.u32");
  std::vector<Text> texts = readAll<Text>(folder + "/texts.u32");
  fprintf(stderr, "%zu pairs, %zu pieces in %zu texts\n", pairs.size(), pieces.size(), texts.size());

  Trainer trainer(initialTable(pieces, texts, vocabulary, dimensions, random), dimensions);
  fprintf(stderr, "initialised\n");
  long steps = epochs * pairs.size() / BATCH;
  std::vector<uint32_t> order;
  size_t at = 0;
  std::vector<Side> batch[2] = {std::vector<Side>(BATCH), std::vector<Side>(BATCH)};
  double loss = 0;
  for (long step = 0; step < steps; step++) {
    if (at + BATCH > order.size()) order = epochOrder(pairs, random), at = 0;
    for (long i = 0; i < BATCH; i++) {
      const Pair &pair = pairs[order[at++]];
      batch[0][i] = sideOf(pair.left, pieces.data(), random);
      batch[1][i] = sideOf(pair.right, pieces.data(), random);
    }
    float done = (float)step / steps;
    loss += trainer.step(batch, rate * (done < WARM_UP ? done / WARM_UP : (1 - done) / (1 - WARM_UP)));
    if ((step + 1) % 100 == 0) fprintf(stderr, "step %ld of %ld: loss %.4f\n", step + 1, steps, loss / 100), loss = 0;
  }
  FILE *file = fopen((folder + "/table.f32").c_str(), "wb");
  fwrite(trainer.table.data(), sizeof(float), trainer.table.size(), file);
  fclose(file);
}
