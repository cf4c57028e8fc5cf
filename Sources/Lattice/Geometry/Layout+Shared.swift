import Synchronization

extension Layout {
  private struct Key: Hashable {
    let geometry: Geometry
    let batch: Int
    let laneCount: Int
  }

  private static let cache = Mutex<[Key: WeakLayout]>([:])

  private struct WeakLayout {
    weak var layout: Layout?
  }

  /// The layout for a lattice and batch; fields of one shape share it.
  public static func shared(
    _ geometry: Geometry, batch: Int, laneCount: Int
  ) throws(GeometryError) -> Layout {
    let key = Key(geometry: geometry, batch: batch, laneCount: laneCount)
    if let layout = cache.withLock({ $0[key]?.layout }) { return layout }
    let layout = try Layout(geometry, batch: batch, laneCount: laneCount)
    return cache.withLock { cache in
      if let earlier = cache[key]?.layout { return earlier }
      cache = cache.filter { $0.value.layout != nil }
      cache[key] = WeakLayout(layout: layout)
      return layout
    }
  }
}
