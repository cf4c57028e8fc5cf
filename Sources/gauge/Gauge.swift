import ArgumentParser
import Sampling

@main
struct Gauge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gauge",
    abstract: "SU(n) lattice gauge theory: sample, measure, convert and check gauge fields.",
    discussion: """
      EXAMPLE
        gauge sample --group su3 --lattice 8,8,8,8 --beta 6.0 --sweeps 500 --out run
        gauge measure run/configuration-*.ildg --json
        gauge measure run/*.ildg --observables susceptibility --flow-time 2
        gauge correlate run/*.ildg --observable plaquette --direction t
        gauge flow run/configuration-000010.ildg --time 1
        gauge infer run/configuration-*.ildg

      Exit status: 0 done, 1 a check did not hold, 64 bad usage, 65 bad or damaged input, 66 \
      input missing, 73 cannot create output, 74 read or write failed, 130 interrupted, of a chain \
      with a checkpoint.
      """,
    version: packageVersion,
    subcommands: [
      Sample.self, Measure.self, Flow.self, Info.self, Convert.self, Transform.self, Fix.self,
      Correlate.self, Detect.self, Infer.self, Bench.self, Train.self, Check.self, Demo.self,
    ])
}
