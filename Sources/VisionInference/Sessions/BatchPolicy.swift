/// The number of samples that a network processes in one run. The last bits of the results can depend on it,
/// so every caller chooses it explicitly.
public enum BatchPolicy: Sendable, Hashable {
  /// One sample per run.
  case one
  /// All remaining samples, but at most this many; one per run where the outputs of a network have no row for
  /// each sample.
  case upTo(Int)
  /// Always this many. Where fewer are left, the other samples keep their earlier values, and their results
  /// are not read.
  case exactly(Int)

  /// The number of samples for the next run, of `count` that are left.
  func batch(for count: Int, growing: () -> Bool) -> Int {
    switch self {
    case .one: 1
    case .exactly(let batch): batch
    case .upTo(let limit): count > 1 && limit > 1 && growing() ? min(count, limit) : 1
    }
  }
}
