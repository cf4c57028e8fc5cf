/// How the lanes of a vector are divided among batch members and sub-lattices.
struct LanePlan {
  let splits: [Int]
  let batchLanes: Int

  /// The best division by a search over the divisors of the extents.
  ///
  /// Batch members in lanes need no exchange at all, so as many as divide the batch go first. Then
  /// a division counts by the lanes it fills, halved where blocks mix checkerboard colours (every
  /// block is then updated for each colour), and among equals by how few sites lie at an edge, with
  /// direction 0 left whole for the division among threads.
  init(extents: [Int], batch: Int, lanes: Int) {
    var members = 1
    while members < lanes, batch % (members * 2) == 0 { members *= 2 }
    let room = lanes / members
    var best: (splits: [Int], score: Double)?
    let allEven = extents.allSatisfy { $0 % 2 == 0 }

    func search(_ mu: Int, _ splits: [Int], _ product: Int) {
      if mu == extents.count {
        let keepsColours =
          allEven && zip(extents, splits).allSatisfy { $0 / $1 % 2 == 0 || $1 == 1 }
        var score = Double(product) * (keepsColours || !allEven ? 1 : 0.5)
        for (nu, s) in splits.enumerated() where s > 1 {
          let edge = Double(s) / Double(extents[nu])
          score *= 1 - 0.02 * edge - (nu == 0 ? 0.03 : 0.0002 * Double(extents.count - nu))
        }
        if !splits.allSatisfy({ $0 <= 2 }) { score *= 0.96 }
        if best == nil || score > best!.score { best = (splits, score) }
        return
      }
      for s in 1...max(1, room / product)
      where extents[mu] % s == 0 {
        search(mu + 1, splits + [s], product * s)
      }
    }
    search(0, [], 1)
    // What a small lattice leaves free goes to batch members, padded where the batch ends.
    var free = room / best!.splits.reduce(1, *)
    while free >= 2, members < batch { (members, free) = (members * 2, free / 2) }
    self.splits = best!.splits
    batchLanes = members
  }
}
