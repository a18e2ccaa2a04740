import VisionTensor

extension Graph {
  /// The same network for any number of samples, if its file fixes that number and nothing depends on it.
  ///
  /// This is the case when, for several batch sizes, the first extent of everything computed from the input
  /// is the batch size. Nil otherwise, or when the batch size is not fixed, or with several inputs.
  package func openingBatch() -> Graph? {
    guard inputs.count == 1, case .input(var dimensions) = self[inputs[0]].source,
      case .fixed? = dimensions.first
    else { return nil }
    let symbols = Set(
      dimensions.compactMap { dimension -> String? in
        if case .symbolic(let name) = dimension { name } else { nil }
      })
    dimensions[0] = .symbolic(symbols.contains("N") ? "batch" : "N")
    var open = self
    open.values[inputs[0].index].source = .input(dimensions)
    var varying = [Bool](repeating: false, count: values.count)
    varying[inputs[0].index] = true
    for batch in [2, 3, 1] {
      guard let bound = try? open.bound(batch: batch) else { return nil }
      for node in bound.nodes where node.inputs.contains(where: { $0.map { varying[$0.index] } ?? false }) {
        // Values that follow from shapes alone are constants and may be lists of extents.
        for output in node.outputs where bound.fact(output).value == nil {
          varying[output.index] = true
          guard bound.fact(output).shape.first == batch else { return nil }
        }
      }
      open = bound
    }
    return open
  }
}
