import Compute
import Lattice
import Sampling
import Statistics

extension CheckSuite {
  /// Whether an updater of the Wilson action in two dimensions has the exact plaquette and its square on a
  /// torus: a statistical test with a stated false-alarm rate.
  ///
  /// - Parameters:
  ///   - beta: the coupling.
  ///   - plan: its groups, and of its lattices those of two dimensions.
  ///   - effort: replicas and updates; each replica is updated on its own.
  ///   - falseAlarmRate: the chance of failing though the updater is right, for every setting.
  ///   - update: one update; the number differs from call to call and is to be the seed, or part of it.
  public static func detailedBalance<Field: PlainConvertible>(
    of name: String, beta: Double, _ plan: CheckPlan, effort: SamplingEffort,
    falseAlarmRate: Double = 1e-5,
    update: @escaping (inout Field, _ number: UInt64) throws -> Void
  ) -> SuiteReport {
    let code = CheckedCode(name, precision: Field.precision ?? .double) { input, _ in
      .links(input.links)
    }
    var plan = plan
    plan.lattices = plan.lattices.filter { $0.count == 2 }
    return settingReport("balance", code, plan) { setting, shrinking in
      // Statistics take too long for a search, and small lattices come first anyway.
      if shrinking { return nil }
      let checkSetting = CheckSetting(setting.geometry, setting.group, seed: plan.seed)
      let report: BalanceReport
      do {
        report = try SamplerCheck.detailedBalance(
          of: name, on: checkSetting, beta: beta, effort: effort, falseAlarmRate: falseAlarmRate
        ) { (u: inout LinkField<Double>, number) in
          for member in 0..<u.batch {
            var field: Field = try converted(u.alone(member), setting.precision)
            try update(&field, UInt64(number) * UInt64(u.batch) + UInt64(member))
            let moved = try links(field)
            guard moved.layout.geometry == u.geometry, moved.group == u.group else {
              throw SuiteStop(
                problem: .changedShape(
                  expected: "\(u.group) on \(u.geometry)",
                  found: "\(moved.group) on \(moved.geometry)"))
            }
            if let (place, value) = CheckOutput(moved).firstNotFinite {
              throw SuiteStop(problem: .notFinite(place: place, value: value))
            }
            u.setMember(member, to: moved)
          }
        }
      } catch let stop as SuiteStop {
        throw SuiteStop(problem: stop.problem, setting: "\(setting)", input: "equilibrium")
      } catch {
        throw SuiteStop(problem: .threw("\(error)"), setting: "\(setting)", input: "equilibrium")
      }
      return try deviation(of: report, "\(setting)")
    }
  }

  /// The comparison that is furthest off, in errors.
  static func deviation(
    of report: BalanceReport, _ setting: String
  ) throws -> SuiteReport.Deviation {
    guard !report.isUnresolved,
      let worst = report.comparisons.max(by: { abs($0.pull) < abs($1.pull) })
    else {
      throw SuiteStop(
        problem: .unresolved("the updater moved nothing, or too slowly for errors to be known"),
        setting: setting)
    }
    let limit = normalQuantile(
      twoSidedTail: report.falseAlarmRate / Double(report.comparisons.count))
    return SuiteReport.Deviation(
      setting: setting, input: "\(report.samples) samples in equilibrium",
      transformation: "updates, in units of the statistical error,",
      place: "the mean \(worst.observable)", relative: abs(worst.pull), tolerance: limit,
      expected: [worst.expected.value], found: [worst.found.value])
  }
}

extension LinkField {
  /// One member as a field of its own.
  fileprivate func alone(_ member: Int) -> LinkField {
    var field = LinkField(layout: Self.layout(of: geometry), group: group)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: geometry.volume * numbersPerSite) {
      exportSites(0..<geometry.volume, member: member, to: $0)
      field.importSites(0..<geometry.volume, from: UnsafeBufferPointer($0))
    }
    return field
  }

  fileprivate mutating func setMember(_ member: Int, to field: LinkField) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: geometry.volume * numbersPerSite) {
      field.exportSites(0..<geometry.volume, to: $0)
      importSites(0..<geometry.volume, member: member, from: UnsafeBufferPointer($0))
    }
  }
}
