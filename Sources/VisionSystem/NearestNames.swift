/// Finds names that a mistyped name may stand for.
package enum NearestNames {
  /// At most three of `names` that differ from `name` in a few letters or contain it, nearest first.
  package static func of(_ name: String, in names: [String]) -> [String] {
    let name = Array(name.lowercased().utf8.prefix(64))
    guard !name.isEmpty else { return [] }
    let scored = names.enumerated().compactMap { index, candidate -> (distance: Int, index: Int)? in
      let other = Array(candidate.lowercased().utf8)
      let distance = edits(name, other)
      let isPart = name.count >= 3 && contains(other, name)
      return isPart || distance <= max(2, other.count / 3) ? (distance, index) : nil
    }
    return scored.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.prefix(3).map {
      names[$0.index]
    }
  }

  /// `text` without control characters, and truncated to 80 characters for a message.
  package static func printable(_ text: String) -> String {
    let clean = clean(text)
    return clean.count > 80 ? "\(clean.prefix(77))…" : clean
  }

  /// `text` without control characters, which could manipulate a terminal.
  package static func clean(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.isPrintable }))
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard part.count <= text.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
  }

  /// The Levenshtein distance: the least number of insertions, deletions and substitutions.
  private static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isPrintable: Bool {
    switch generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }
}
