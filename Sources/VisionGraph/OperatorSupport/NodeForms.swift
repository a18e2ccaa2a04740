import VisionTensor

extension ImportedNode {
  /// Refuses nodes whose outputs past the first are used.
  package func allowOneOutput(_ others: String) throws(GraphError) {
    if outputCount > 1 { throw unsupported("the output \(others)") }
  }

  /// The 0 or 1 of an attribute that stands for a truth.
  package func flag(_ attribute: String, default fallback: Bool = false) throws(GraphError) -> Bool {
    try int(attribute).map { $0 != 0 } ?? fallback
  }
}
