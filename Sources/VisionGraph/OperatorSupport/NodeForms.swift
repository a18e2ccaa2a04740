import VisionTensor

extension ImportedNode {
  /// Throws for nodes of which an output after the first is used.
  package func allowOneOutput(_ others: String) throws(GraphError) {
    if outputCount > 1 { throw unsupported("the output \(others)") }
  }

  /// The value of an attribute that holds a Boolean as 0 or 1.
  package func flag(_ attribute: String, default fallback: Bool = false) throws(GraphError) -> Bool {
    try int(attribute).map { $0 != 0 } ?? fallback
  }
}
