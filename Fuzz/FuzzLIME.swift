@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let opening: [UInt8] = [0x45, 0x67, 0x89, 0xab, 0, 1]
  readConfiguration(data, size, opening: opening)
  readConfiguration(data, size, opening: opening, group: .su2, extents: [2, 2])
  return 0
}
