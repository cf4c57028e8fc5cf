import Lattice

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let source = MemorySource(name: "fuzz", Array(UnsafeBufferPointer(start: data, count: size)))
  _ = try? ConfigurationDiagnosis.diagnose(source, group: nil, extents: [2, 2])
  _ = try? ConfigurationDiagnosis.diagnose(source, group: .su2, extents: nil)
  return 0
}
