import Compute
import RealModule

/// A number that a header states about the links: their plaquette or their link trace.
struct HeaderClaim {
  enum Quantity: String {
    case plaquette
    case linkTrace = "link trace"
  }

  let quantity: Quantity
  let value: Double
  /// One unit of the last printed digit.
  let resolution: Double

  /// From the text of a header; nil where it is no number.
  init?(_ quantity: Quantity, text: String) {
    guard let value = Double(text), value.isFinite else { return nil }
    self.quantity = quantity
    self.value = value
    let parts = text.split(whereSeparator: { $0 == "e" || $0 == "E" })
    let decimals = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let digits = decimals.count == 2 ? decimals[1].count : 0
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    resolution = Double.pow(10, Double(exponent - digits))
  }

  /// Compares the header's number with that of the links.
  ///
  /// The last printed digit may be off by one, since some codes cut instead of rounding; links of
  /// 32 bits let their mean differ by a few of their own roundings, 10^-6; sums of 64-bit numbers
  /// in another order by 10^-12.
  ///
  /// - Throws: `.damaged` where they disagree.
  func verify<Scalar: LatticeReal>(
    _ field: LinkField<Scalar>, info: ConfigurationInfo
  ) throws(ConfigurationError) {
    let found = quantity == .plaquette ? field.plaquette() : field.linkTrace()
    let isSingle = info.storedBits == 32 || MemoryLayout<Scalar>.size == 4
    guard abs(found - value) <= resolution + (isSingle ? 1e-6 : 1e-12) else {
      throw ConfigurationError(
        .damaged, file: info.file,
        expected: "\(quantity.rawValue) \(value) as the header says",
        found: "\(found) in its links")
    }
  }
}
