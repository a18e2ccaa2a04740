/// Counts what is noticed while annotations are read or written.
struct AnnotationNotes {
  private struct Key: Hashable {
    let kind: AnnotationNote.Kind
    let detail: String?
  }

  private var counts: [Key: (count: Int, examples: [String])] = [:]

  /// The maximum number of kinds with details, which come from files.
  private static let maximumDetails = 256

  mutating func add(
    _ kind: AnnotationNote.Kind, detail: String? = nil, count: Int = 1, at place: @autoclosure () -> String?
  ) {
    guard count > 0 else { return }
    var key = Key(kind: kind, detail: detail)
    if detail != nil, counts[key] == nil, counts.count >= Self.maximumDetails {
      key = Key(kind: kind, detail: "…")
    }
    var entry = counts[key] ?? (0, [])
    entry.count += count
    if entry.examples.count < 3, let place = place(), !entry.examples.contains(place) {
      entry.examples.append(place)
    }
    counts[key] = entry
  }

  /// The notes in the order of their kinds.
  var list: [AnnotationNote] {
    let order = Dictionary(uniqueKeysWithValues: AnnotationNote.Kind.allCases.enumerated().map { ($1, $0) })
    return counts.sorted {
      let (a, b) = (order[$0.key.kind] ?? 0, order[$1.key.kind] ?? 0)
      return a != b
        ? a < b : ($0.key.detail ?? "").utf8.lexicographicallyPrecedes(($1.key.detail ?? "").utf8)
    }.map {
      AnnotationNote($0.key.kind, detail: $0.key.detail, count: $0.value.count, examples: $0.value.examples)
    }
  }
}
