/// How a value's elements lie in memory.
package enum Layout: Sendable, Hashable {
  /// As the shape says, innermost axis contiguous.
  case rowMajor
  /// N×C×H×W stored as N×H×W×C; only for four axes.
  case channelsLast
  /// Weights O×C/G×KH×KW of a convolution in G groups, packed for the kernels of the instruction set.
  case filters(groups: Int)

  var isPacked: Bool {
    if case .filters = self { true } else { false }
  }
}
