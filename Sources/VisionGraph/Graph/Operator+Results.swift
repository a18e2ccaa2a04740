package import VisionTensor

extension Operator {
  /// The results, whose facts are known.
  ///
  /// Where no result has elements nothing is computed: the storage that a reference needs meanwhile may follow from an
  /// extent that stands beside one of 0, and that no limit on tensors holds back.
  package func results(_ inputs: [Tensor?], like facts: [Fact]) throws(EvaluationError) -> [Tensor] {
    guard !facts.isEmpty, facts.allSatisfy({ $0.shape.contains(0) }) else { return try evaluate(inputs) }
    return facts.map { Tensor(elementType: $0.type, shape: $0.shape) { _ in } }
  }
}
