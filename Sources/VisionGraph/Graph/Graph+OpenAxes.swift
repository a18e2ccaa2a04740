extension Graph {
  /// The same network with axes of its first input open under these names, for files that state the extents that
  /// they were exported with although the network takes others. `bound(to:)` says whether it does.
  ///
  /// Axes that are open already keep their names.
  package func opening(_ axes: [Int: String]) -> Graph {
    guard let input = inputs.first, case .input(var dimensions) = self[input].source else { return self }
    for (axis, name) in axes where dimensions.indices.contains(axis) {
      if case .fixed = dimensions[axis] { dimensions[axis] = .symbolic(name) }
    }
    var open = self
    open.values[input.index].source = .input(dimensions)
    return open
  }
}
