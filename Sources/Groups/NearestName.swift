/// The name among `names` that is nearest to what was written; capitals count half.
///
/// Levenshtein's distance, with ties going to the name that comes first.
func nearestName(to written: String, among names: [String]) -> String {
  var best = ""
  var least = Int.max
  for name in names {
    let distance = editDistance(Array(written), Array(name))
    if distance < least { (best, least) = (name, distance) }
  }
  return best
}

/// Insertions, deletions and replacements count 2, a change between capital and small letter 1.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = (0...b.count).map { 2 * $0 }
  for i in a.indices {
    var diagonal = row[0]
    row[0] += 2
    for j in b.indices {
      let replaced =
        diagonal + (a[i] == b[j] ? 0 : a[i].lowercased() == b[j].lowercased() ? 1 : 2)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 2, row[j + 1] + 2)
    }
  }
  return row[b.count]
}
