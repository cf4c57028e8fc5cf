import Autodiff
import Compute
import Lattice

/// What flows between the layers of a network: links that transport, and channels of one kind.
package struct NetworkFlow<Scalar: LatticeReal> {
  package enum Channels {
    case none
    case matrices(Variable<SiteField<Scalar>>)
    case scalars(Variable<ScalarField<Scalar>>)
    case pooled(Variable<Tensor<Scalar>>)
    case images(Variable<Tensor<Scalar>>)
  }

  package var links: Variable<LinkField<Scalar>>
  package var channels: Channels = .none
}

/// The kind and number of channels, known when a network is composed.
enum ChannelKind: Equatable, CustomStringConvertible {
  case none
  case matrices(Int)
  case scalars(Int)
  case pooled(Int)
  case images(Int)

  var count: Int {
    switch self {
    case .none: 0
    case .matrices(let n), .scalars(let n), .pooled(let n), .images(let n): n
    }
  }

  var description: String {
    switch self {
    case .none: "no channels"
    case .matrices(let n): "\(n) matrix channels"
    case .scalars(let n): "\(n) scalar channels"
    case .pooled(let n): "\(n) pooled channels"
    case .images(let n): "\(n) image channels"
    }
  }
}
