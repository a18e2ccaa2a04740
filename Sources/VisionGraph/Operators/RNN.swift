import VisionTensor

/// h′ = f(W·x + bW + R·h + bR), step by step. ONNX RNN, opset 14.
///
/// Inputs and outputs are those of `RecurrentOperator` with one gate and no cell.
public struct RNN: RecurrentOperator {
  public static let name = "RNN"
  public static let gateCount = 1
  public static let defaultActivations: [RecurrentActivation.Kind] = [.tanh]
  public var form: RecurrentForm

  public init(_ form: RecurrentForm) { self.form = form }

  public func cell(ofDirection index: Int) -> any RecurrentCell {
    Cell(f: RecurrentGate(form.activations(ofDirection: index)[0], clip: form.clip))
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(RecurrentForm.attributeNames)
    try node.allowInputs(atMost: 6)
    return try graph.add(
      RNN(try RecurrentForm(node, defaults: defaultActivations)), node.inputs, name: node.name)
  }

  public var attributes: Attributes { form.attributes }
}

extension RNN {
  private struct Cell: RecurrentCell {
    let f: RecurrentGate

    func step(_ weights: RecurrentWeights, _ before: RecurrentState, input: [Double]) -> RecurrentStep {
      let sums = zip(input, weights.recurrence(before.h, rows: 0..<weights.rows)).map { $0 + $1 }
      return RecurrentStep(before: before, after: RecurrentState(h: sums.map { f($0) }, c: []), sums: sums)
    }

    func backward(
      _ weights: RecurrentWeights, _ step: RecurrentStep, _ after: RecurrentState,
      into sums: inout RecurrentWeights
    ) -> (before: RecurrentState, input: [Double]) {
      let g = zip(after.h, step.sums).map { $0 * f.derivative($1) }
      sums.addRecurrence(g, step.before.h, from: 0)
      return (RecurrentState(h: weights.recurrenceGradient(g, from: 0), c: []), g)
    }
  }
}
