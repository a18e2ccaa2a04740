/// Labels that look the same to people: `Red` and `red`, `street car` and `street_car`.
enum SimilarLabels {
  /// One warning for each group of such labels.
  static func warnings(_ labels: [String]) -> [String] {
    var groups: [String: [String]] = [:]
    var order: [String] = []
    for label in labels {
      // String equality ignores the different encodings of an accent.
      let plain = label.lowercased().split { $0.isWhitespace || $0 == "_" }.joined(separator: " ")
      if groups[plain] == nil { order.append(plain) }
      groups[plain, default: []].append(label)
    }
    // Single letters in upper and lower case are separate classes.
    return order.filter { $0.count > 1 }.compactMap { groups[$0] }.filter { $0.count > 1 }.map { names in
      "the classes \(names.map { "'\($0)'" }.joined(separator: " and ")) differ only in how they are written"
    }
  }
}
