@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  readConfiguration(data, size, opening: [0x87, 0x4e, 0, 0])
  return 0
}
