import Compute

extension Variable {
  /// x + y, of one shape; adjoints g and g.
  ///
  /// - Throws: `.shapeMismatch` where the shapes differ.
  public func adding<Scalar>(_ other: Variable) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    try requireShape(of: other, "the second term")
    return tape.record(elementSum(value, other.value), inputs: [self, other]) { g, cotangents in
      cotangents.add(g, to: self)
      cotangents.add(g, to: other)
    }
  }

  /// x - y, of one shape; adjoints g and -g.
  ///
  /// - Throws: `.shapeMismatch` where the shapes differ.
  public func subtracting<Scalar>(_ other: Variable) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    try requireShape(of: other, "the second term")
    return tape.record(difference(value, other.value), inputs: [self, other]) { g, cotangents in
      cotangents.add(g, to: self)
      if other.isActive { cotangents.add(multiple(g, -1), to: other) }
    }
  }

  /// x_i y_i, of one shape; adjoints `g_i y_i` and `g_i x_i`.
  ///
  /// - Throws: `.shapeMismatch` where the shapes differ.
  public func multiplied<Scalar>(by other: Variable) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    try requireShape(of: other, "the second factor")
    return tape.record(product(value, other.value), inputs: [self, other]) { g, cotangents in
      if isActive { cotangents.add(product(g, other.value), to: self) }
      if other.isActive { cotangents.add(product(g, value), to: other) }
    }
  }

  /// c x; adjoint c g.
  public func scaled<Scalar>(by factor: Scalar) -> Variable where Value == Tensor<Scalar> {
    tape.record(multiple(value, factor), inputs: [self]) { g, cotangents in
      cotangents.add(multiple(g, factor), to: self)
    }
  }

  /// x_i + c; adjoint g.
  public func adding<Scalar>(_ constant: Scalar) -> Variable where Value == Tensor<Scalar> {
    tape.record(shifted(value, constant), inputs: [self]) { g, cotangents in
      cotangents.add(g, to: self)
    }
  }

  /// -x; adjoint -g.
  public func negated<Scalar>() -> Variable where Value == Tensor<Scalar> { scaled(by: -1) }

  /// x_i^2; adjoint `2 g_i x_i`.
  public func squared<Scalar>() -> Variable where Value == Tensor<Scalar> {
    tape.record(product(value, value), inputs: [self]) { g, cotangents in
      cotangents.add(twiceProduct(g, value), to: self)
    }
  }

  /// Throws `.shapeMismatch` where another variable has not this one's shape.
  func requireShape<Scalar>(of other: Variable, _ name: String) throws(AutodiffError)
  where Value == Tensor<Scalar> {
    guard other.value.shape == value.shape else {
      throw .shapeMismatch(name: name, expected: value.shape, found: other.value.shape)
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func elementSum<Scalar: LatticeReal>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<
  Scalar
> {
  combineElements(x, y) { $0 + $1 }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func difference<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  combineElements(x, y) { $0 - $1 }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func product<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  combineElements(x, y) { $0 * $1 }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func twiceProduct<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  combineElements(x, y) { 2 * $0 * $1 }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func multiple<Scalar: LatticeReal>(_ x: Tensor<Scalar>, _ factor: Scalar) -> Tensor<Scalar> {
  transformElements(x) { factor * $0 }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func shifted<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, _ constant: Scalar
) -> Tensor<Scalar> {
  transformElements(x) { $0 + constant }
}
