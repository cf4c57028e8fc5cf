@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  readConfiguration(data, size, opening: Array("1".utf8), group: .u1, extents: [2, 2])
  return 0
}
