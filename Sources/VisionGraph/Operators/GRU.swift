import VisionTensor

/// The gated recurrent unit of Cho et al. 2014. ONNX GRU, opset 14.
///
/// z = f(Wz·x + bWz + Rz·h + bRz), r = f(Wr·x + bWr + Rr·h + bRr), n = g(Wn·x + bWn + Rn·(r ∘ h) + bRn) and
/// h′ = (1 − z) ∘ n + z ∘ h. With `appliesResetLast`, n = g(Wn·x + bWn + r ∘ (Rn·h + bRn)).
///
/// Inputs and outputs are those of `RecurrentOperator` with the gates z, r and n and no cell.
public struct GRU: RecurrentOperator {
  public static let name = "GRU"
  public static let gateCount = 3
  public static let defaultActivations: [RecurrentActivation.Kind] = [.sigmoid, .tanh]
  public var form: RecurrentForm
  /// Whether r multiplies the product with R (ONNX `linear_before_reset`), not what R is multiplied with.
  public var appliesResetLast: Bool

  public init(_ form: RecurrentForm, appliesResetLast: Bool = false) {
    self.form = form
    self.appliesResetLast = appliesResetLast
  }

  public func cell(ofDirection index: Int) -> any RecurrentCell {
    let functions = form.activations(ofDirection: index).map { RecurrentGate($0, clip: form.clip) }
    return Cell(f: functions[0], g: functions[1], appliesResetLast: appliesResetLast)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(RecurrentForm.attributeNames.union(["linear_before_reset"]))
    try node.allowInputs(atMost: 6)
    let op = GRU(
      try RecurrentForm(node, defaults: defaultActivations),
      appliesResetLast: try node.flag("linear_before_reset"))
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var result = form.attributes
    if appliesResetLast { result["linear_before_reset"] = .int(1) }
    return result
  }
}

extension GRU {
  private struct Cell: RecurrentCell {
    let f: RecurrentGate
    let g: RecurrentGate
    let appliesResetLast: Bool

    func step(_ weights: RecurrentWeights, _ before: RecurrentState, input: [Double]) -> RecurrentStep {
      let (h, count) = (before.h, weights.hidden)
      var sums = zip(input, weights.recurrence(h, rows: 0..<(2 * count))).map { $0 + $1 }
      let reset = (0..<count).map { f(sums[count + $0]) }
      let inner = weights.recurrence(
        appliesResetLast ? h : zip(reset, h).map { $0 * $1 }, rows: (2 * count)..<(3 * count))
      for j in 0..<count { sums.append(input[2 * count + j] + (appliesResetLast ? reset[j] : 1) * inner[j]) }
      let next = (0..<count).map { j in
        let z = f(sums[j])
        return (1 - z) * g(sums[2 * count + j]) + z * h[j]
      }
      return RecurrentStep(
        before: before, after: RecurrentState(h: next, c: []), sums: sums, inner: inner)
    }

    func backward(
      _ weights: RecurrentWeights, _ step: RecurrentStep, _ after: RecurrentState,
      into sums: inout RecurrentWeights
    ) -> (before: RecurrentState, input: [Double]) {
      let (h, count) = (step.before.h, weights.hidden)
      let reset = (0..<count).map { f(step.sums[count + $0]) }
      var result = [Double](repeating: 0, count: count)
      var input = [Double](repeating: 0, count: 3 * count)
      for j in 0..<count {
        let (z, s) = (f(step.sums[j]), step.sums[2 * count + j])
        result[j] = after.h[j] * z
        input[j] = after.h[j] * (h[j] - g(s)) * f.derivative(step.sums[j])
        input[2 * count + j] = after.h[j] * (1 - z) * g.derivative(s)
      }
      // Through the product of the hidden gate, to its operand and to r.
      let hidden = Array(input[(2 * count)...])
      let inner = appliesResetLast ? zip(hidden, reset).map { $0 * $1 } : hidden
      let operand = appliesResetLast ? h : zip(reset, h).map { $0 * $1 }
      sums.addRecurrence(inner, operand, from: 2 * count)
      let back = weights.recurrenceGradient(inner, from: 2 * count)
      for j in 0..<count {
        let ofReset = appliesResetLast ? hidden[j] * step.inner[j] : back[j] * h[j]
        input[count + j] = ofReset * f.derivative(step.sums[count + j])
        result[j] += appliesResetLast ? back[j] : back[j] * reset[j]
      }
      let gates = Array(input[..<(2 * count)])
      sums.addRecurrence(gates, h, from: 0)
      for (j, number) in weights.recurrenceGradient(gates, from: 0).enumerated() { result[j] += number }
      return (RecurrentState(h: result, c: []), input)
    }
  }
}
