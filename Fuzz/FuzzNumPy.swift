@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  readConfiguration(data, size, opening: [0x93] + Array("NUMPY".utf8))
  return 0
}
