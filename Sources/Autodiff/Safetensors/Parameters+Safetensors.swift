import Compute

extension Parameters {
  /// Reads tensors from a file, all of them or those behind a prefix and a dot.
  ///
  /// - Parameters:
  ///   - file: the content; F16, BF16 and F32 are widened where that is exact.
  ///   - prefix: what names must begin with; it is not part of the parameters' names.
  ///   - rounding: whether F64 may be rounded to single precision.
  ///   - path: the file's name for errors.
  /// - Throws: `.usage` for a tensor that is not of such a type or whose name is not one of a
  ///   parameter.
  public init(
    _ file: Safetensors, prefix: String? = nil, rounding: Bool = false,
    path: String = "safetensors"
  ) throws(SafetensorsError) {
    self.init()
    let start = prefix.map { $0 + "." } ?? ""
    for name in file.names where name.utf8.starts(with: start.utf8) {
      let stored = file[name]!
      guard let tensor = stored.tensor(as: Scalar.self, rounding: rounding) else {
        throw SafetensorsError(
          .usage, file: path,
          expected: "'\(name)' in a precision that \(Scalar.precisionName) holds exactly",
          found: stored.elementType.rawValue)
      }
      do throws(AutodiffError) {
        try add(String(decoding: name.utf8.dropFirst(start.utf8.count), as: UTF8.self), tensor)
      } catch {
        throw SafetensorsError(
          .usage, file: path, expected: "names of parameters", found: "\(error)")
      }
    }
  }

  /// Reads the tensors of a file as `init(_:prefix:rounding:path:)` does.
  public init(path: String, rounding: Bool = false) throws(SafetensorsError) {
    try self.init(try Safetensors(path: path), rounding: rounding, path: path)
  }

  /// The tensors as the content of a file, in their own precision and under their own names.
  public func safetensors(metadata: [String: String] = [:]) -> Safetensors {
    var file = Safetensors(metadata: metadata)
    // Names of parameters are distinct and not reserved.
    for (name, tensor) in self { try! file.add(name, StoredTensor(tensor)) }
    return file
  }
}
