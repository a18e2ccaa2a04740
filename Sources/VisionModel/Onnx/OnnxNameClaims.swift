/// The set of used names, which makes further names unique.
struct OnnxNameClaims {
  private var used: Set<String> = []
  /// The next suffix to try for names that are taken.
  private var counters: [String: Int] = [:]

  mutating func insert(_ names: [String]) { used.formUnion(names) }

  /// `name`, or `name_1`, `name_2`… when it is taken.
  mutating func claim(_ name: String) -> String {
    if used.insert(name).inserted { return name }
    var counter = counters[name] ?? 1
    while !used.insert("\(name)_\(counter)").inserted { counter += 1 }
    counters[name] = counter + 1
    return "\(name)_\(counter)"
  }
}
