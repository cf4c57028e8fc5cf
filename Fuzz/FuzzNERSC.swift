@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  readConfiguration(data, size, opening: Array("BEGIN_HEADER\n".utf8))
  return 0
}
