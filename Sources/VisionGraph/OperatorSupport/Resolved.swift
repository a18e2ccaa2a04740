import VisionTensor

extension Operator {
  /// The shape rule applied to tensors: what references of operators that move data start from.
  package func resolved(_ inputs: [Tensor?]) throws(EvaluationError) -> [Fact] {
    do {
      return try outputs(inputs.map { $0.map(Fact.init(constant:)) })
    } catch { throw EvaluationError(error.message) }
  }
}
