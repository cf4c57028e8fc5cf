/// A linear least-squares fit `y_i = sum_j A_ij p_j` to data with errors.
///
/// `chi^2 = (y - A p)^T C^{-1} (y - A p)` is minimised, with `C` the covariance of the data, diagonal
/// for independent data. The covariance of the parameters is `(A^T C^{-1} A)^{-1}`; it is that of the
/// data carried over, not rescaled by `chi^2`. Solved by QR of the whitened matrix, whose condition
/// the normal equations would square.
///
/// Source: A. Bjorck, Numerical Methods for Least Squares Problems (SIAM 1996), chapters 1 and 2.
public struct LinearFit: Sendable, Hashable {
  /// The parameters `p_j` with their errors, the roots of the diagonal of `covariance`.
  public let parameters: [Estimate]

  /// The covariance of the parameters.
  public let covariance: [[Double]]

  /// `chi^2` at the minimum.
  public let chiSquared: Double

  /// The number of data less the number of parameters.
  public let degreesOfFreedom: Int

  /// `chi^2` per degree of freedom, nil without one.
  public var reducedChiSquared: Double? {
    degreesOfFreedom > 0 ? chiSquared / Double(degreesOfFreedom) : nil
  }

  /// The probability of a `chi^2` at least as great for Gaussian data, nil without a degree of
  /// freedom.
  public var probability: Double? {
    degreesOfFreedom > 0
      ? try? SpecialFunctions.chiSquaredTail(chiSquared, degreesOfFreedom: degreesOfFreedom) : nil
  }

  /// Fits independent data, `chi^2 = sum_i ((y_i - sum_j A_ij p_j) / error_i)^2`.
  ///
  /// - Parameters:
  ///   - basis: The functions at the data, `basis[i][j] = A_ij`.
  ///   - values: The data `y_i`.
  ///   - errors: Their errors, positive.
  /// - Throws: `StatisticsError.invalidParameter` for lengths that do not match, values that are not
  ///   finite and errors that are not positive, `.underdeterminedFit` for fewer data than
  ///   parameters, `.singularFit` for functions that depend linearly on each other at the data.
  public init(
    basis: [[Double]], values: [Double], errors: [Double]
  ) throws(StatisticsError) {
    guard errors.count == values.count else {
      throw .invalidParameter(
        name: "the number of errors", expected: "\(values.count)", found: "\(errors.count)")
    }
    if let bad = errors.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw .invalidParameter(
        name: "every error of the data", expected: "positive and finite", found: "\(bad)")
    }
    try Self.check(basis, values)
    try self.init(
      whitened: zip(basis, errors).map { row, error in row.map { $0 / error } },
      zip(values, errors).map { $0 / $1 })
  }

  /// Fits correlated data.
  ///
  /// - Parameter dataCovariance: `C`, symmetric and positive definite; an estimate from few samples
  ///   is not, or is close to singular.
  /// - Throws: As for independent data, and `StatisticsError.singularFit` where `C` is not positive
  ///   definite to rounding.
  public init(
    basis: [[Double]], values: [Double], dataCovariance: [[Double]]
  ) throws(StatisticsError) {
    let count = values.count
    guard dataCovariance.count == count, dataCovariance.allSatisfy({ $0.count == count }) else {
      throw .invalidParameter(
        name: "the covariance of the data", expected: "\(count) x \(count)",
        found: "\(dataCovariance.count) rows")
    }
    try Self.check(basis, values)
    let factor = try Self.choleskyFactor(dataCovariance)
    // L^{-1} y and L^{-1} A by forward substitution.
    var (rows, whitened) = (basis, values)
    for i in 0..<count {
      for k in 0..<i {
        whitened[i] -= factor[i][k] * whitened[k]
        for j in rows[i].indices { rows[i][j] -= factor[i][k] * rows[k][j] }
      }
      whitened[i] /= factor[i][i]
      for j in rows[i].indices { rows[i][j] /= factor[i][i] }
    }
    try self.init(whitened: rows, whitened)
  }

  private static func check(
    _ basis: [[Double]], _ values: [Double]
  ) throws(StatisticsError) {
    guard basis.count == values.count else {
      throw .invalidParameter(
        name: "the number of rows of the basis", expected: "\(values.count)",
        found: "\(basis.count)")
    }
    let parameters = basis.first?.count ?? 0
    guard parameters > 0, values.count >= parameters else {
      throw .underdeterminedFit(parameters: parameters, data: values.count)
    }
    guard basis.allSatisfy({ $0.count == parameters }) else {
      throw .invalidParameter(
        name: "every row of the basis", expected: "of length \(parameters)",
        found: "rows of different lengths")
    }
    guard values.allSatisfy(\.isFinite), basis.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .invalidParameter(
        name: "the data and the basis", expected: "finite", found: "NaN or infinity")
    }
  }

  /// Minimises `|y - A p|^2` by Householder reflections.
  private init(whitened matrix: [[Double]], _ data: [Double]) throws(StatisticsError) {
    let (count, parameters) = (data.count, matrix[0].count)
    // Columns of length 1, so that units do not decide what counts as singular.
    let lengths = (0..<parameters).map { j in
      matrix.reduce(0) { $0 + $1[j] * $1[j] }.squareRoot()
    }
    guard lengths.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw .singularFit(parameters: parameters)
    }
    var a = matrix.map { row in zip(row, lengths).map { $0 / $1 } }
    var y = data
    for j in 0..<parameters {
      let norm = (j..<count).reduce(0) { $0 + a[$1][j] * a[$1][j] }.squareRoot()
      guard norm > 1e-12 else { throw .singularFit(parameters: parameters) }
      let diagonal = a[j][j] > 0 ? -norm : norm
      var reflector = (j..<count).map { a[$0][j] }
      reflector[0] -= diagonal
      let square = reflector.reduce(0) { $0 + $1 * $1 }
      for c in j..<parameters {
        let dot = (j..<count).reduce(0) { $0 + reflector[$1 - j] * a[$1][c] }
        for i in j..<count { a[i][c] -= 2 * dot / square * reflector[i - j] }
      }
      let dot = (j..<count).reduce(0) { $0 + reflector[$1 - j] * y[$1] }
      for i in j..<count { y[i] -= 2 * dot / square * reflector[i - j] }
    }
    // R^{-1}, from which both the parameters and their covariance R^{-1} R^{-T} follow.
    var inverse = [[Double]](
      repeating: [Double](repeating: 0, count: parameters), count: parameters)
    for j in 0..<parameters {
      inverse[j][j] = 1 / a[j][j]
      for i in (0..<j).reversed() {
        let sum = ((i + 1)...j).reduce(0) { $0 + a[i][$1] * inverse[$1][j] }
        inverse[i][j] = -sum / a[i][i]
      }
    }
    let covariance = (0..<parameters).map { i in
      (0..<parameters).map { j in
        (max(i, j)..<parameters).reduce(0) { $0 + inverse[i][$1] * inverse[j][$1] }
          / (lengths[i] * lengths[j])
      }
    }
    self.covariance = covariance
    self.parameters = (0..<parameters).map { i in
      Estimate(
        value: (i..<parameters).reduce(0) { $0 + inverse[i][$1] * y[$1] } / lengths[i],
        error: covariance[i][i].squareRoot())
    }
    chiSquared = y[parameters...].reduce(0) { $0 + $1 * $1 }
    degreesOfFreedom = count - parameters
    guard self.parameters.allSatisfy({ $0.value.isFinite && $0.error.isFinite }) else {
      throw .overflow(quantity: "the parameters of the fit")
    }
  }

  /// The lower triangle `L` with `L L^T = C`.
  private static func choleskyFactor(_ matrix: [[Double]]) throws(StatisticsError) -> [[Double]] {
    var factor = matrix
    for i in matrix.indices {
      for j in 0...i {
        let dot = (0..<j).reduce(0) { $0 + factor[i][$1] * factor[j][$1] }
        let rest = matrix[i][j] - dot
        if i == j {
          guard rest > 1e-14 * matrix[i][i], rest.isFinite else {
            throw .singularFit(parameters: matrix.count)
          }
          factor[i][i] = rest.squareRoot()
        } else {
          factor[i][j] = rest / factor[j][j]
        }
      }
    }
    return factor
  }
}
