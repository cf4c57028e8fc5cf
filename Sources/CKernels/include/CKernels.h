// Vector operations that Swift cannot express without a call per lane on some target:
// multiply-add that contracts to FMA where the CPU has it, lane permutations, comparisons
// as bit masks, prefetch. Everything is inlined into its Swift caller.
#ifndef LATTICEGAUGE_CKERNELS_H
#define LATTICEGAUGE_CKERNELS_H

#include <stdint.h>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#define CK_INLINE static inline __attribute__((always_inline))

// Vectors cross the Swift border with the alignment of Swift's own SIMD types.
typedef double ck_f64x8 __attribute__((ext_vector_type(8)));
typedef float ck_f32x16 __attribute__((ext_vector_type(16)));
typedef long ck_i64x8 __attribute__((ext_vector_type(8)));
typedef int ck_i32x16 __attribute__((ext_vector_type(16)));


// Plain arithmetic, so that Swift operators on these types can be redirected here.
CK_INLINE ck_f64x8 ck_add_f64(ck_f64x8 a, ck_f64x8 b) { return a + b; }
CK_INLINE ck_f64x8 ck_sub_f64(ck_f64x8 a, ck_f64x8 b) { return a - b; }
CK_INLINE ck_f64x8 ck_mul_f64(ck_f64x8 a, ck_f64x8 b) { return a * b; }
CK_INLINE ck_f64x8 ck_div_f64(ck_f64x8 a, ck_f64x8 b) { return a / b; }
CK_INLINE ck_f32x16 ck_add_f32(ck_f32x16 a, ck_f32x16 b) { return a + b; }
CK_INLINE ck_f32x16 ck_sub_f32(ck_f32x16 a, ck_f32x16 b) { return a - b; }
CK_INLINE ck_f32x16 ck_mul_f32(ck_f32x16 a, ck_f32x16 b) { return a * b; }
CK_INLINE ck_f32x16 ck_div_f32(ck_f32x16 a, ck_f32x16 b) { return a / b; }

// a * b + c
CK_INLINE ck_f64x8 ck_madd_f64(ck_f64x8 a, ck_f64x8 b, ck_f64x8 c) {
#pragma clang fp contract(fast)
  return a * b + c;
}
CK_INLINE ck_f32x16 ck_madd_f32(ck_f32x16 a, ck_f32x16 b, ck_f32x16 c) {
#pragma clang fp contract(fast)
  return a * b + c;
}
// c - a * b
CK_INLINE ck_f64x8 ck_nmadd_f64(ck_f64x8 a, ck_f64x8 b, ck_f64x8 c) {
#pragma clang fp contract(fast)
  return c - a * b;
}
CK_INLINE ck_f32x16 ck_nmadd_f32(ck_f32x16 a, ck_f32x16 b, ck_f32x16 c) {
#pragma clang fp contract(fast)
  return c - a * b;
}

CK_INLINE ck_f64x8 ck_sqrt_f64(ck_f64x8 a) { return __builtin_elementwise_sqrt(a); }
CK_INLINE ck_f32x16 ck_sqrt_f32(ck_f32x16 a) { return __builtin_elementwise_sqrt(a); }

// All bits of a lane set where a >= b.
CK_INLINE ck_i64x8 ck_ge_f64(ck_f64x8 a, ck_f64x8 b) { return a >= b; }
CK_INLINE ck_i32x16 ck_ge_f32(ck_f32x16 a, ck_f32x16 b) { return a >= b; }

CK_INLINE ck_f64x8 ck_select_f64(ck_i64x8 m, ck_f64x8 a, ck_f64x8 b) {
  return (ck_f64x8)(((ck_i64x8)a & m) | ((ck_i64x8)b & ~m));
}
CK_INLINE ck_f32x16 ck_select_f32(ck_i32x16 m, ck_f32x16 a, ck_f32x16 b) {
  return (ck_f32x16)(((ck_i32x16)a & m) | ((ck_i32x16)b & ~m));
}
CK_INLINE int ck_all_f64(ck_i64x8 m) { return __builtin_reduce_and(m) != 0; }
CK_INLINE int ck_all_f32(ck_i32x16 m) { return __builtin_reduce_and(m) != 0; }

// The 64-bit product of the low 32 bits of every lane: one instruction, where a full 64-bit
// multiplication is three.
typedef unsigned long ck_u64x8 __attribute__((ext_vector_type(8)));
CK_INLINE ck_u64x8 ck_mul_low32(ck_u64x8 a, ck_u64x8 b) {
  return (a & 0xffffffffUL) * (b & 0xffffffffUL);
}

// The vector instructions that this build uses.
CK_INLINE int ck_instruction_set(void) {
#if defined(__AVX512F__)
  return 3;
#elif defined(__AVX2__) && defined(__FMA__)
  return 2;
#elif defined(__aarch64__)
  return 4;
#else
  return 1;
#endif
}

CK_INLINE void ck_prefetch_read(const void *p) { __builtin_prefetch(p, 0, 3); }

// Lane permutations: result[l] = source[index[l]]. `index` points at one machine word a lane,
// 64 bytes in all. Without AVX-512 the common case, a lane grid of factors two, is a chain of
// exchanges (`code` bit k exchanges lanes l and l ^ 2^k); `code` < 0 asks for the general case.
#if defined(__AVX512F__)
CK_INLINE void ck_permute_f64(double *d, const double *s, const int64_t *index, int code, int n) {
  (void)code;
  __m512i i = _mm512_loadu_si512(index);
  for (int k = 0; k < n; k++)
    _mm512_storeu_pd(d + 8 * k, _mm512_permutexvar_pd(i, _mm512_loadu_pd(s + 8 * k)));
}
CK_INLINE void ck_permute_f32(float *d, const float *s, const int32_t *index, int code, int n) {
  (void)code;
  __m512i i = _mm512_loadu_si512(index);
  for (int k = 0; k < n; k++)
    _mm512_storeu_ps(d + 16 * k, _mm512_permutexvar_ps(i, _mm512_loadu_ps(s + 16 * k)));
}
#else
typedef double ck_loose_f64x8 __attribute__((ext_vector_type(8), aligned(8)));
typedef float ck_loose_f32x16 __attribute__((ext_vector_type(16), aligned(4)));
CK_INLINE void ck_permute_f64(double *d, const double *s, const int64_t *index, int code, int n) {
  if (code < 0) {
    for (int k = 0; k < n; k++)
      for (int l = 0; l < 8; l++) d[8 * k + l] = s[8 * k + index[l]];
    return;
  }
  for (int k = 0; k < n; k++) {
    ck_f64x8 v = *(const ck_loose_f64x8 *)(s + 8 * k);
    if (code & 1) v = __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6);
    if (code & 2) v = __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5);
    if (code & 4) v = __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3);
    *(ck_loose_f64x8 *)(d + 8 * k) = v;
  }
}
CK_INLINE void ck_permute_f32(float *d, const float *s, const int32_t *index, int code, int n) {
  if (code < 0) {
    for (int k = 0; k < n; k++)
      for (int l = 0; l < 16; l++) d[16 * k + l] = s[16 * k + index[l]];
    return;
  }
  for (int k = 0; k < n; k++) {
    ck_f32x16 v = *(const ck_loose_f32x16 *)(s + 16 * k);
    if (code & 1)
      v = __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    if (code & 2)
      v = __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    if (code & 4)
      v = __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    if (code & 8)
      v = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    *(ck_loose_f32x16 *)(d + 16 * k) = v;
  }
}
#endif

// Sums in double precision of single-precision lanes.
CK_INLINE void ck_add_widened_f32(void *sums, ck_f32x16 a) {
  ck_f64x8 *s = (ck_f64x8 *)sums;
  s[0] += __builtin_convertvector(
      __builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7), ck_f64x8);
  s[1] += __builtin_convertvector(
      __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15), ck_f64x8);
}

// Transposition of a square of lanes, d[l][k] = s[k * stride][l]: for every bit of the index, from
// the highest, halves, quarters, ... of pairs of rows change places.
CK_INLINE void ck_transpose_f64(void *destination, const void *source, long stride) {
  const ck_f64x8 *s = (const ck_f64x8 *)source;
  ck_f64x8 *d = (ck_f64x8 *)destination, a[8], b[8];
  for (int i = 0; i < 8; i++) a[i] = s[i * stride];
  for (int i = 0; i < 4; i++) {
    b[i] = __builtin_shufflevector(a[i], a[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    b[i + 4] = __builtin_shufflevector(a[i], a[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (int i = 0; i < 8; i++)
    if (!(i & 2)) {
      a[i] = __builtin_shufflevector(b[i], b[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      a[i + 2] = __builtin_shufflevector(b[i], b[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 8; i += 2) {
    d[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    d[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
}
CK_INLINE void ck_transpose_f32(void *destination, const void *source, long stride) {
  const ck_f32x16 *s = (const ck_f32x16 *)source;
  ck_f32x16 *d = (ck_f32x16 *)destination, a[16], b[16];
  for (int i = 0; i < 16; i++) a[i] = s[i * stride];
  for (int i = 0; i < 8; i++) {
    b[i] = __builtin_shufflevector(
        a[i], a[i + 8], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    b[i + 8] = __builtin_shufflevector(
        a[i], a[i + 8], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
  for (int i = 0; i < 16; i++)
    if (!(i & 4)) {
      a[i] = __builtin_shufflevector(
          b[i], b[i + 4], 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
      a[i + 4] = __builtin_shufflevector(
          b[i], b[i + 4], 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
    }
  for (int i = 0; i < 16; i++)
    if (!(i & 2)) {
      b[i] = __builtin_shufflevector(
          a[i], a[i + 2], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
      b[i + 2] = __builtin_shufflevector(
          a[i], a[i + 2], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
  for (int i = 0; i < 16; i += 2) {
    d[i] = __builtin_shufflevector(
        b[i], b[i + 1], 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    d[i + 1] = __builtin_shufflevector(
        b[i], b[i + 1], 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
  }
}

#include "CKernelsMoves.h"

#endif
