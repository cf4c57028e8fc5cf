/// The name among `names` that is nearest to what was written.
///
/// Levenshtein's distance; of several at the same distance one with the same first letter, then of the same
/// length, then the one that comes first.
func nearestName(to written: String, among names: [String]) -> String {
  func rank(_ name: String) -> (Int, Int, Int) {
    (
      editDistance(Array(written), Array(name)), name.first == written.first ? 0 : 1,
      abs(name.count - written.count)
    )
  }
  return names.map { (rank($0), $0) }.min { $0.0 < $1.0 }?.1 ?? ""
}

/// Insertions, deletions and replacements count 2; another digit, or a capital for a small letter, 1.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = (0...b.count).map { 2 * $0 }
  for i in a.indices {
    var diagonal = row[0]
    row[0] += 2
    for j in b.indices {
      let replaced =
        diagonal + (a[i] == b[j] ? 0 : isNear(a[i], b[j]) ? 1 : 2)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 2, row[j + 1] + 2)
    }
  }
  return row[b.count]
}

private func isNear(_ a: Character, _ b: Character) -> Bool {
  a.lowercased() == b.lowercased() || (a.isNumber && b.isNumber)
}
