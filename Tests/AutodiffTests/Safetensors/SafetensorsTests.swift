import Autodiff
import Foundation
import Testing

/// A file of a header and data.
private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  let text = Array(header.utf8)
  return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + data
}

private func kind(_ bytes: [UInt8]) -> SafetensorsError.Kind? {
  do {
    _ = try Safetensors(bytes: bytes)
    return nil
  } catch { return error.kind }
}

@Suite struct SafetensorsTests {
  /// Written by hand: `a` = [1, -2] in F32 and the metadata {"k": "v"}.
  private let handMade =
    file(
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"# + " ",
      [0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0])

  @Test func handMadeBytes() throws {
    #expect(handMade.prefix(8) == [80, 0, 0, 0, 0, 0, 0, 0])
    let read = try Safetensors(bytes: handMade)
    #expect(read.metadata == ["k": "v"] && read.names == ["a"])
    #expect(read["a"]?.tensor(as: Float.self)?.values == [1, -2])
    #expect(read["a"]?.tensor(as: Double.self)?.values == [1, -2])
    #expect(try read.encoded() == handMade)
  }

  @Test func contentSurvives() throws {
    var content = Safetensors(metadata: ["\"\\\n\u{1}": "π 😀", "": ""])
    let doubles = try Tensor<Double>(
      shape: [2, 1, 2], values: [0.1, -0.0, .infinity, .leastNonzeroMagnitude])
    try content.add("z", StoredTensor(doubles))
    try content.add("ü\u{7f}\"", StoredTensor(Tensor<Float>(.pi)))
    try content.add("empty", StoredTensor(try Tensor<Float>(shape: [0, 3])))
    try content.add("i", StoredTensor(shape: [2], integers: [.min, 7]))
    try content.add("b", StoredTensor(elementType: .bool, shape: [3], bytes: [1, 0, 1]))
    let bytes = try content.encoded()
    let read = try Safetensors(bytes: bytes)
    #expect(read == content)
    #expect(
      read["z"]?.tensor(as: Double.self)?.values.map(\.bitPattern)
        == doubles.values.map(\.bitPattern))
    #expect(read["z"]?.tensor(as: Float.self) == nil)
    #expect(read["z"]?.tensor(as: Float.self, rounding: true)?.values[0] == 0.1)
    #expect(read["i"]?.integers == [.min, 7] && read["i"]?.tensor(as: Double.self) == nil)
    #expect(try read.encoded() == bytes)
    let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(header % 8 == 0)
    #expect(try Safetensors(bytes: Safetensors().encoded()) == Safetensors())
    #expect(throws: AutodiffError.duplicateParameter("z")) {
      try content.add("z", StoredTensor(doubles))
    }
  }

  @Test func halfPrecisionIsWidened() throws {
    // 1, -2, the largest, the least subnormal, -0, infinity
    let half: [UInt16] = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00]
    func stored(_ type: StoredTensor.ElementType, _ words: [UInt16]) throws -> StoredTensor {
      try StoredTensor(
        elementType: type, shape: [words.count],
        bytes: words.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
    }
    let f16 = try #require(try stored(.float16, half).tensor(as: Float.self))
    #expect(f16.values == [1, -2, 65504, 0x1p-24, -0.0, .infinity])
    #expect(f16.values[4].sign == .minus)
    let notANumber = try stored(.float16, [0x7e00]).tensor(as: Float.self)
    #expect(notANumber?.values[0].isNaN == true)
    let bf16 = try stored(.bfloat16, [0x3f80, 0xc000, 0x7f80, 0x0001]).tensor(as: Double.self)
    #expect(bf16?.values == [1, -2, .infinity, 0x1p-133])
    #if !(os(macOS) && arch(x86_64))
      for bits in UInt16.min...UInt16.max where bits & 0x7c00 != 0x7c00 {
        let own = try stored(.float16, [bits]).tensor(as: Float.self)!.values[0]
        if own.bitPattern != Float(Float16(bitPattern: bits)).bitPattern {
          Issue.record("\(bits)")
        }
      }
    #endif
  }

  @Test(arguments: [
    "", "{", "[]", "{}x", " {}", "{\"a\":1}", "{\"a\":{}}", "{\"a\":[]}", "null",
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]} "b"}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#,
    #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"U16","shape":[1],"data_offsets":[0,2]},"a":{"dtype":"U16","shape":[1],"data_offsets":[2,4]}}"#,
    #"{"a":{"dtype":"U16","shape":[1],"data_offsets":[0,2]},"\u0061":{"dtype":"U16","shape":[1],"data_offsets":[2,4]}}"#,
    #"{"é":{"dtype":"U16","shape":[1],"data_offsets":[0,2]},"e\u0301":{"dtype":"U16","shape":[1],"data_offsets":[2,4]}}"#,
    #"{"a":{"dtype":"U16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"U16","shape":[1],"data_offsets":[0,2]}}"#,
    #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
    #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
    #"{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"__metadata__":{},"__metadata__":{},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"\ud800\u0041":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"\x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"\u+123":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    "{\"a\n\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
    "{\"a", "{\"a\\", "{\"a\\u12",
  ]) func damagedHeadersAreRefused(header: String) {
    #expect(kind(file(header, [0, 0, 0, 0])) == .damaged)
  }

  @Test func damagedFilesAreRefused() throws {
    for count in handMade.indices { #expect(kind(Array(handMade.prefix(count))) == .damaged) }
    #expect(kind(handMade + [0]) == .damaged)
    #expect(kind([UInt8](repeating: 0xff, count: 8) + Array("{}".utf8)) == .damaged)
    #expect(kind([3, 0, 0, 0, 0, 0, 0, 0x80] + Array("{} ".utf8)) == .damaged)
    #expect(kind([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d]) == .damaged)
    let unknown = #"{"a":{"dtype":"F4","shape":[8],"data_offsets":[0,4]}}"#
    #expect(kind(file(unknown, [0, 0, 0, 0])) == .unsupported)
    // Any one changed byte gives another content or an error, never a trap.
    for position in handMade.indices {
      for value in [0x00, 0x20, 0x22, 0x30, 0x5c, 0x7d, 0x80, 0xff] as [UInt8] {
        var bytes = handMade
        bytes[position] = value
        _ = kind(bytes)
      }
    }
  }

  @Test func orderAndSpaceAreFree() throws {
    let header = #"""
      {"b" : {"shape":[],"data_offsets":[2, 4],"dtype":"U16"} ,
      "n": {"dtype":"U8","shape":[0, 5],"data_offsets":[2,2]},
      "\u0061\/\ud83d\ude00":{"dtype":"U16","shape":[1],"data_offsets":[0,2]}}
      """#
    let read = try Safetensors(bytes: file(header, [1, 2, 3, 4]))
    #expect(read.names == ["a/😀", "b", "n"] && read["b"]?.bytes == [3, 4])
  }

  @Test func filesAreReplacedWhole() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "weights.safetensors").path
    let parameters: Parameters<Float> = try waves([5, 3], phase: 0)
    try parameters.safetensors(metadata: ["k": "v"]).write(to: path)
    #expect(try Parameters<Float>(path: path) == parameters)
    #expect(try Parameters<Double>(path: path)["layer1.weight"]?.count == 3)
    try Safetensors().write(to: path)
    #expect(try Safetensors(path: path) == Safetensors())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    #expect { try Safetensors(path: path + ".none") } throws: {
      ($0 as? SafetensorsError)?.kind == .missing
    }
    #expect { try Safetensors(path: folder.path) } throws: {
      ($0 as? SafetensorsError)?.kind == .missing
    }
    for bad in ["", folder.path, folder.path + "/none/x", path + "/"] {
      #expect { try Safetensors().write(to: bad) } throws: {
        ($0 as? SafetensorsError)?.kind == .cannotCreate
      }
    }
  }

  @Test func parametersOfOtherTypesAreRefused() throws {
    var content = Safetensors()
    try content.add("a.w", StoredTensor(Tensor<Double>(0.1)))
    #expect(throws: SafetensorsError.self) { try Parameters<Float>(content) }
    #expect(try Parameters<Float>(content, rounding: true)["a.w"]?.values == [0.1])
    #expect(try Parameters<Double>(content, prefix: "a").names == ["w"])
    #expect(try Parameters<Float>(content, prefix: "b").isEmpty)
    try content.add("i", StoredTensor(shape: [1], integers: [1]))
    #expect(throws: SafetensorsError.self) { try Parameters<Double>(content) }
  }
}
