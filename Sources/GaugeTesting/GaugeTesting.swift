// A user's test needs plain fields, groups, matrices and layers beside the expectations.
@_exported import ComplexModule
@_exported import Compute
@_exported import GaugeChecks
@_exported import Lattice
@_exported import LatticeSymmetry
import Testing

/// Records a finding that is not as it should be.
func record(_ finding: String, unless isFine: Bool, _ sourceLocation: SourceLocation) {
  if !isFine { Issue.record(Comment(rawValue: finding), sourceLocation: sourceLocation) }
}

/// Records a report of a property that does not hold, and hands it on.
func expectHolds(_ report: SuiteReport, _ sourceLocation: SourceLocation) -> SuiteReport {
  record("\(report)", unless: report.holds, sourceLocation)
  return report
}
