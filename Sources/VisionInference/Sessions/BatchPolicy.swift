/// How many samples a run of a network takes: part of what decides the bits of its numbers, so that each use says it.
public enum BatchPolicy: Sendable, Hashable {
  /// One sample a run.
  case one
  /// As many as there are, so many at most; one a run where a network does not give each sample its own numbers.
  case upTo(Int)
  /// Always so many. Where fewer are left, the others hold what they held before, and nobody reads their numbers.
  case exactly(Int)

  /// Samples for the next run, of `count` that are left.
  func batch(for count: Int, growing: () -> Bool) -> Int {
    switch self {
    case .one: 1
    case .exactly(let batch): batch
    case .upTo(let limit): count > 1 && limit > 1 && growing() ? min(count, limit) : 1
    }
  }
}
