/// Labels that people would not tell apart: `Red` and `red`, `street car` and `street_car`.
enum SimilarLabels {
  /// A warning for each group of such.
  static func warnings(_ labels: [String]) -> [String] {
    var groups: [String: [String]] = [:]
    var order: [String] = []
    for label in labels {
      // Equality of texts makes no difference between the ways to write an accent.
      let plain = label.lowercased().split { $0.isWhitespace || $0 == "_" }.joined(separator: " ")
      if groups[plain] == nil { order.append(plain) }
      groups[plain, default: []].append(label)
    }
    // Letters, large and small, are classes of their own.
    return order.filter { $0.count > 1 }.compactMap { groups[$0] }.filter { $0.count > 1 }.map { names in
      "the classes \(names.map { "'\($0)'" }.joined(separator: " and ")) differ only in how they are written"
    }
  }
}
