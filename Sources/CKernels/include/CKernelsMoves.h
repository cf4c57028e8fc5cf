// Matrices whose lanes move to other places: what lattice symmetries do to fields. Part of CKernels.h.
//
// d[place[k]][l] = (bit l of `bits` ? b : a)[k][index[l]] for vectors k < n, with the sign changed where
// negative[k] is set. `index` points at one machine word a lane. Where `stream` is set the result goes past the
// caches: d is aligned to 64 bytes then, and ck_stream_end() follows before others read it.
#ifndef LATTICEGAUGE_CKERNELS_MOVES_H
#define LATTICEGAUGE_CKERNELS_MOVES_H

#if defined(__AVX512F__) && defined(__AVX512DQ__)
CK_INLINE void ck_move_f64(
    double *d, const double *a, const double *b, const void *index, uint32_t bits, const int32_t *place,
    const int32_t *negative, int n, int stream) {
  __m512i i = _mm512_loadu_si512(index);
  for (int k = 0; k < n; k++) {
    __m512d v = _mm512_permutexvar_pd(i, _mm512_loadu_pd(a + 8 * k));
    if (bits)
      v = _mm512_mask_permutexvar_pd(v, (__mmask8)bits, i, _mm512_loadu_pd(b + 8 * k));
    v = _mm512_xor_pd(v, _mm512_set1_pd(negative[k] ? -0.0 : 0.0));
    if (stream)
      _mm512_stream_pd(d + 8 * place[k], v);
    else
      _mm512_storeu_pd(d + 8 * place[k], v);
  }
}
CK_INLINE void ck_move_f32(
    float *d, const float *a, const float *b, const void *index, uint32_t bits, const int32_t *place,
    const int32_t *negative, int n, int stream) {
  __m512i i = _mm512_loadu_si512(index);
  for (int k = 0; k < n; k++) {
    __m512 v = _mm512_permutexvar_ps(i, _mm512_loadu_ps(a + 16 * k));
    if (bits)
      v = _mm512_mask_permutexvar_ps(v, (__mmask16)bits, i, _mm512_loadu_ps(b + 16 * k));
    v = _mm512_xor_ps(v, _mm512_set1_ps(negative[k] ? -0.0f : 0.0f));
    if (stream)
      _mm512_stream_ps(d + 16 * place[k], v);
    else
      _mm512_storeu_ps(d + 16 * place[k], v);
  }
}
CK_INLINE void ck_stream_end(void) { _mm_sfence(); }
#else
CK_INLINE void ck_move_f64(
    double *d, const double *a, const double *b, const void *index, uint32_t bits, const int32_t *place,
    const int32_t *negative, int n, int stream) {
  const int64_t *from = (const int64_t *)index;
  (void)stream;
  for (int k = 0; k < n; k++)
    for (int l = 0; l < 8; l++) {
      double v = (bits >> l & 1 ? b : a)[8 * k + from[l]];
      d[8 * place[k] + l] = negative[k] ? -v : v;
    }
}
CK_INLINE void ck_move_f32(
    float *d, const float *a, const float *b, const void *index, uint32_t bits, const int32_t *place,
    const int32_t *negative, int n, int stream) {
  const int32_t *from = (const int32_t *)index;
  (void)stream;
  for (int k = 0; k < n; k++)
    for (int l = 0; l < 16; l++) {
      float v = (bits >> l & 1 ? b : a)[16 * k + from[l]];
      d[16 * place[k] + l] = negative[k] ? -v : v;
    }
}
CK_INLINE void ck_stream_end(void) {}
#endif

#endif
