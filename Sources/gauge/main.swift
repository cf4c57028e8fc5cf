import Lattice
import Compute
import Foundation
import Sampling
func now() -> Double { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return Double(t.tv_sec)*1e9 + Double(t.tv_nsec) }
func best(_ secs: Double, _ f: () -> Void) -> Double { f(); var b = 1e30; let t0 = now(); repeat { let t = now(); f(); b = min(b, now()-t) } while now()-t0 < secs*1e9; return b }
func bench<S: LatticeReal>(_ t: S.Type, _ g: GaugeGroup) throws {
  let only = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1])! : 0
  for L in [8,16] { 
    if only > 0 && only != L { continue }
    for th in [1,2] {
    Threads.count = th
    var f = try LinkField<S>(Geometry([L,L,L,L]), group: g)
    let a = try WilsonAction(beta: 6.0, dimension: 4)
    let hb = HeatBath(action: a, seed: 1), or = Overrelaxation(action: a)
    var sw: UInt32 = 0
    for _ in 0..<10 { hb.update(&f, sweep: sw); sw += 1; or.update(&f) }
    let v = Double(L*L*L*L)
    let tp = best(0.7) { _ = f.plaquette() }/v
    let th_ = best(0.7) { hb.update(&f, sweep: sw); sw += 1 }/v/4
    let to = best(0.7) { or.update(&f) }/v/4
    print(S.precisionName, g, L, "threads", th, "plaq", tp, "hb/link", th_, "or/link", to, "P", f.plaquette())
  } }
}
try bench(Double.self, .su3)
try bench(Float.self, .su3)
try bench(Double.self, .su2)
try bench(Double.self, .u1)
try bench(Double.self, .su4)
