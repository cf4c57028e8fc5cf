import CFFTW
import Compute
import Foundation
import Lattice

/// The precisions of FFTW: `Double` and `Float`.
public protocol FourierReal: LatticeReal {
  /// FFTW's functions of this precision.
  static var fftw: FourierLibrary<Self> { get }
}

/// FFTW's functions of one precision. All but `execute` may run in one thread at a time only.
public struct FourierLibrary<Scalar: LatticeReal>: Sendable {
  /// A plan of a transform of one real field; extents slowest first.
  let plan:
    @Sendable (
      _ direction: FourierDirection, _ extents: [Int32], _ real: UnsafeMutablePointer<Scalar>,
      _ complex: UnsafeMutablePointer<Scalar>, _ flags: UInt32
    ) -> OpaquePointer?
  let execute:
    @Sendable (
      _ direction: FourierDirection, _ plan: OpaquePointer, _ real: UnsafeMutablePointer<Scalar>,
      _ complex: UnsafeMutablePointer<Scalar>
    ) -> Void
  let destroy: @Sendable (OpaquePointer) -> Void
  let exportWisdom: @Sendable (_ path: String) -> Bool
  let importWisdom: @Sendable (_ path: String) -> Bool
  /// Leaves the planner without wisdom and hands out what it had.
  let takeWisdom: @Sendable () -> UnsafeMutablePointer<CChar>?
  /// Adds wisdom that was taken, and frees it.
  let returnWisdom: @Sendable (UnsafeMutablePointer<CChar>?) -> Void
}

/// Which way a transform goes.
enum FourierDirection: Hashable, Sendable {
  /// Real numbers at sites to complex numbers at momenta.
  case forward
  /// Back, without the division by the volume; destroys its input.
  case backward
}

extension Double: FourierReal {
  public static let fftw = FourierLibrary<Double>(
    plan: { direction, extents, real, complex, flags in
      let z = UnsafeMutableRawPointer(complex).assumingMemoryBound(to: fftw_complex.self)
      let rank = Int32(extents.count)
      return switch direction {
      case .forward: fftw_plan_dft_r2c(rank, extents, real, z, flags)
      case .backward: fftw_plan_dft_c2r(rank, extents, z, real, flags)
      }
    },
    execute: { direction, plan, real, complex in
      let z = UnsafeMutableRawPointer(complex).assumingMemoryBound(to: fftw_complex.self)
      switch direction {
      case .forward: fftw_execute_dft_r2c(plan, real, z)
      case .backward: fftw_execute_dft_c2r(plan, z, real)
      }
    },
    destroy: { fftw_destroy_plan($0) },
    exportWisdom: { fftw_export_wisdom_to_filename($0) != 0 },
    importWisdom: { fftw_import_wisdom_from_filename($0) != 0 },
    takeWisdom: {
      defer { fftw_forget_wisdom() }
      return fftw_export_wisdom_to_string()
    },
    returnWisdom: {
      guard let wisdom = $0 else { return }
      _ = fftw_import_wisdom_from_string(wisdom)
      free(wisdom)
    })
}

extension Float: FourierReal {
  public static let fftw = FourierLibrary<Float>(
    plan: { direction, extents, real, complex, flags in
      let z = UnsafeMutableRawPointer(complex).assumingMemoryBound(to: fftwf_complex.self)
      let rank = Int32(extents.count)
      return switch direction {
      case .forward: fftwf_plan_dft_r2c(rank, extents, real, z, flags)
      case .backward: fftwf_plan_dft_c2r(rank, extents, z, real, flags)
      }
    },
    execute: { direction, plan, real, complex in
      let z = UnsafeMutableRawPointer(complex).assumingMemoryBound(to: fftwf_complex.self)
      switch direction {
      case .forward: fftwf_execute_dft_r2c(plan, real, z)
      case .backward: fftwf_execute_dft_c2r(plan, z, real)
      }
    },
    destroy: { fftwf_destroy_plan($0) },
    exportWisdom: { fftwf_export_wisdom_to_filename($0) != 0 },
    importWisdom: { fftwf_import_wisdom_from_filename($0) != 0 },
    takeWisdom: {
      defer { fftwf_forget_wisdom() }
      return fftwf_export_wisdom_to_string()
    },
    returnWisdom: {
      guard let wisdom = $0 else { return }
      _ = fftwf_import_wisdom_from_string(wisdom)
      free(wisdom)
    })
}
