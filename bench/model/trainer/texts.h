// What encode.ts wrote: the pieces of all texts one after the other, and pairs of texts.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

struct Text {
  uint32_t start, length;
};
/** `source` numbers the origin and kind of a pair. */
struct Pair {
  Text left, right;
  uint32_t source;
};

template <class T> std::vector<T> readAll(const std::string &path) {
  FILE *file = fopen(path.c_str(), "rb");
  if (!file) {
    fprintf(stderr, "%s cannot be read\n", path.c_str());
    exit(1);
  }
  fseek(file, 0, SEEK_END);
  std::vector<T> values(ftell(file) / sizeof(T));
  rewind(file);
  if (fread(values.data(), sizeof(T), values.size(), file) != values.size()) exit(1);
  fclose(file);
  return values;
}
