import VisionTensor

/// Long short-term memory (Hochreiter and Schmidhuber 1997), with the peepholes of Gers and Schmidhuber 2000. ONNX LSTM,
/// opset 14.
///
/// With sᵢ = Wᵢ·x + bWᵢ + Rᵢ·h + bRᵢ and the like for o, f and c: i = f(sᵢ + pᵢ ∘ c), forget = f(s_f + p_f ∘ c),
/// c′ = forget ∘ c + i ∘ g(s_c), o = f(s_o + p_o ∘ c′) and h′ = o ∘ h(c′).
///
/// Clipping bounds what the gates' functions are applied to, and not what h is applied to, as in ONNX Runtime.
///
/// Inputs and outputs are those of `RecurrentOperator` with the gates i, o, f and c, a cell, and peepholes i, o and f.
public struct LSTM: RecurrentOperator {
  public static let name = "LSTM"
  public static let gateCount = 4
  public static let hasCell = true
  public static let defaultActivations: [RecurrentActivation.Kind] = [.sigmoid, .tanh, .tanh]
  public var form: RecurrentForm
  /// Whether the forget gate is 1 − i (ONNX `input_forget`).
  public var forgetsByInput: Bool

  public init(_ form: RecurrentForm, forgetsByInput: Bool = false) {
    self.form = form
    self.forgetsByInput = forgetsByInput
  }

  public func cell(ofDirection index: Int) -> any RecurrentCell {
    let functions = form.activations(ofDirection: index)
    return Cell(
      f: RecurrentGate(functions[0], clip: form.clip), g: RecurrentGate(functions[1], clip: form.clip),
      h: RecurrentGate(functions[2], clip: nil), forgetsByInput: forgetsByInput)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(RecurrentForm.attributeNames.union(["input_forget"]))
    try node.allowInputs(atMost: 8)
    let op = LSTM(
      try RecurrentForm(node, defaults: defaultActivations), forgetsByInput: try node.flag("input_forget"))
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var result = form.attributes
    if forgetsByInput { result["input_forget"] = .int(1) }
    return result
  }
}

extension LSTM {
  private struct Cell: RecurrentCell {
    let f: RecurrentGate
    let g: RecurrentGate
    let h: RecurrentGate
    let forgetsByInput: Bool

    func step(_ weights: RecurrentWeights, _ before: RecurrentState, input: [Double]) -> RecurrentStep {
      let (n, p) = (weights.hidden, weights.p)
      var sums = zip(input, weights.recurrence(before.h, rows: 0..<weights.rows)).map { $0 + $1 }
      var after = before
      for j in 0..<n {
        if !p.isEmpty {
          sums[j] += p[j] * before.c[j]
          sums[2 * n + j] += p[2 * n + j] * before.c[j]
        }
        let i = f(sums[j])
        after.c[j] = (forgetsByInput ? 1 - i : f(sums[2 * n + j])) * before.c[j] + i * g(sums[3 * n + j])
        if !p.isEmpty { sums[n + j] += p[n + j] * after.c[j] }
        after.h[j] = f(sums[n + j]) * h(after.c[j])
      }
      return RecurrentStep(before: before, after: after, sums: sums)
    }

    func backward(
      _ weights: RecurrentWeights, _ step: RecurrentStep, _ after: RecurrentState,
      into sums: inout RecurrentWeights
    ) -> (before: RecurrentState, input: [Double]) {
      let (n, p, s) = (weights.hidden, weights.p, step.sums)
      let (c, next) = (step.before.c, step.after.c)
      var before = after
      var input = [Double](repeating: 0, count: 4 * n)
      for j in 0..<n {
        let (i, candidate) = (f(s[j]), g(s[3 * n + j]))
        input[n + j] = after.h[j] * h(next[j]) * f.derivative(s[n + j])
        var cell = after.c[j] + after.h[j] * f(s[n + j]) * h.derivative(next[j])
        if !p.isEmpty { cell += input[n + j] * p[n + j] }
        let (ofInput, ofForget) = (cell * candidate, cell * c[j])
        input[j] = (forgetsByInput ? ofInput - ofForget : ofInput) * f.derivative(s[j])
        input[2 * n + j] = forgetsByInput ? 0 : ofForget * f.derivative(s[2 * n + j])
        input[3 * n + j] = cell * i * g.derivative(s[3 * n + j])
        before.c[j] = cell * (forgetsByInput ? 1 - i : f(s[2 * n + j]))
        guard !p.isEmpty else { continue }
        before.c[j] += input[j] * p[j] + input[2 * n + j] * p[2 * n + j]
        sums.p[j] += input[j] * c[j]
        sums.p[n + j] += input[n + j] * next[j]
        sums.p[2 * n + j] += input[2 * n + j] * c[j]
      }
      sums.addRecurrence(input, step.before.h, from: 0)
      before.h = weights.recurrenceGradient(input, from: 0)
      return (before, input)
    }
  }
}
