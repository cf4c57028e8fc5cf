import Foundation
import Lattice
import Loops
import Sampling
import Testing

@Suite("Parameters of chains")
struct ChainParametersTests {
  func changed(_ change: (inout ChainParameters) -> Void) -> ChainParameters {
    var p = ChainParameters(group: .su3, lattice: [4, 4, 4, 4], beta: 6)
    change(&p)
    return p
  }

  /// Validates, and tries to make a chain and a run in a folder, which must not appear.
  func refused<E: Error>(
    _ type: E.Type, _ change: (inout ChainParameters) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let p = changed(change)
    #expect(throws: type, sourceLocation: sourceLocation) { try p.validate() }
    #expect(throws: type, sourceLocation: sourceLocation) { try Chain<Double>(p) }
    let path = NSTemporaryDirectory() + "chain-\(UUID().uuidString)"
    #expect(throws: type, sourceLocation: sourceLocation) {
      try ChainRun(p, in: ChainDirectory(path), resumes: false).run(as: Double.self) { _ in true }
    }
    #expect(!FileManager.default.fileExists(atPath: path), sourceLocation: sourceLocation)
  }

  @Test("couplings that are not numbers")
  func couplings() {
    refused(ActionError.self) { $0.beta = .nan }
    refused(ActionError.self) { $0.beta = .infinity }
    refused(ActionError.self) { $0.xi0 = 0 }
    refused(ActionError.self) { $0.xi0 = -1 }
    refused(ActionError.self) { $0.xi0 = .nan }
    refused(ActionError.self) { $0.planeCouplings = [1, 2] }
    refused(ActionError.self) { $0.planeCouplings = [1, 2, 3, 4, 5, .nan] }
    // Couplings of planes take their place, but the file of the chain cannot have them.
    refused(ActionError.self) { ($0.beta, $0.planeCouplings) = (.nan, [1, 2, 3, 4, 5, 6]) }
    refused(ActionError.self) { ($0.xi0, $0.planeCouplings) = (.infinity, [1, 2, 3, 4, 5, 6]) }
  }

  @Test("lattices that are none")
  func lattices() {
    refused(GeometryError.self) { $0.lattice = [4, 4, 1, 4] }
    refused(GeometryError.self) { $0.lattice = [4] }
    refused(GeometryError.self) { $0.lattice = [] }
    refused(GeometryError.self) { $0.lattice = [4, -4, 4, 4] }
    refused(GeometryError.self) { $0.lattice = [1 << 20, 1 << 20, 4, 4] }
  }

  @Test("everything else")
  func others() {
    refused(ChainParameterError.self) { $0.group = "so3" }
    refused(ChainParameterError.self) { $0.group = "su17" }
    refused(ChainParameterError.self) { $0.action = "clover" }
    refused(ChainParameterError.self) { $0.action = "rectangle" }
    refused(ChainParameterError.self) { $0.c1 = -0.1 }
    refused(ActionError.self) { $0.action = "iwasaki" }
    refused(ActionError.self) { $0.theta = 2 }
    refused(ChainParameterError.self) { $0.hybrid = HybridParameters(steps: 10) }
    refused(ChainParameterError.self) {
      $0.algorithm = .hmc
      $0.hybrid = HybridParameters(steps: 0)
    }
    refused(ChainParameterError.self) { $0.sweeps = -1 }
    refused(ChainParameterError.self) { $0.sweeps = 1 << 40 }
    refused(ChainParameterError.self) { $0.thermalization = -1 }
    refused(ChainParameterError.self) { $0.overrelaxation = -1 }
    refused(ChainParameterError.self) { $0.saveEvery = -1 }
    refused(ChainParameterError.self) { $0.precision = "f16" }
    refused(ChainParameterError.self) { $0.format = "hdf5" }
    refused(BoundaryError.self) {
      $0.boundary = ["periodic", "periodic", "periodic", "closed"]
    }
    refused(BoundaryError.self) { $0.boundary = ["periodic", "periodic", "periodic"] }
    refused(ChainParameterError.self) { $0.boundaryWeight = 0.5 }
    refused(ChainParameterError.self) {
      $0.boundary[3] = "open"
      $0.boundaryWeight = -0.5
    }
    refused(ActionError.self) {
      $0.boundary[3] = "open"
      $0.boundaryWeight = .nan
    }
    refused(ChainParameterError.self) {
      $0.group = "su2"
      $0.format = "ildg"
    }
  }

  @Test("what hybrid Monte Carlo cannot do")
  func hybrid() {
    func refused(_ change: (inout ChainParameters) -> Void) {
      self.refused(ChainParameterError.self) {
        $0.algorithm = .hmc
        $0.hybrid = HybridParameters(steps: 5)
        change(&$0)
      }
    }
    refused { $0.algorithm = .heatbath }
    // One term has no inner level.
    refused { $0.hybrid!.innerSteps = 2 }
    // No window in which steps could be tuned.
    refused {
      $0.hybrid!.targetAcceptance = 0.8
      $0.thermalization = 9
    }
    // Rectangles have no weight of their own at a boundary.
    refused {
      $0.action = "symanzik"
      $0.boundary[3] = "open"
      $0.boundaryWeight = 0.5
    }
    #expect(HybridParameters.defaultSteps(n: 3, lattice: [4, 4], beta: 1e300) == 1000)
  }

  @Test("the default format is what the standard covers")
  func formats() {
    #expect(ChainParameters(group: .su3, lattice: [4, 4, 4, 4], beta: 6).format == "ildg")
    #expect(ChainParameters(group: .su3, lattice: [4, 4, 4], beta: 6).format == "scidac")
    #expect(ChainParameters(group: .su2, lattice: [4, 4, 4, 4], beta: 6).format == "scidac")
  }

  @Test("parameters survive JSON, and differences are named")
  func identity() throws {
    let p = changed { $0.planeCouplings = [1, 2, 3, 4, 5, 0.1] }
    let copy = try JSONDecoder().decode(ChainParameters.self, from: JSONEncoder().encode(p))
    #expect(copy == p && p.firstDifference(from: copy) == nil)
    #expect(p.firstDifference(from: changed { _ in })?.name == "plane couplings")
    #expect(changed { $0.sweeps = 7 }.firstDifference(from: changed { _ in }) == nil)
    // A chain from before the weight was a parameter.
    var object = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(changed { _ in }))
        as? [String: Any])
    #expect(object.removeValue(forKey: "boundaryWeight") as? Double == 1)
    let older = try JSONDecoder().decode(
      ChainParameters.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(older == changed { _ in })
    let open = changed {
      $0.boundary[3] = "open"
      $0.boundaryWeight = 0.5
    }
    #expect(
      try JSONDecoder().decode(ChainParameters.self, from: JSONEncoder().encode(open)) == open)
    let weight = open.firstDifference(from: changed { $0.boundary[3] = "open" })
    #expect(weight?.name == "boundary weight" && weight?.mine == "0.5")
    let difference = changed { $0.seed = 2 }.firstDifference(from: changed { _ in })
    #expect(difference?.name == "seed" && difference?.mine == "2" && difference?.theirs == "1")
  }
}
