import VisionTensor

extension GraphPattern {
  static let activations = [gelu, geluTanh, silu, hardSwish]

  /// x · ½ · (1 + erf(x / √2)).
  private static let gelu = GraphPattern(
    name: Gelu.name,
    forms: [
      .product([
        .value("x"), .number(0.5),
        .sum([.node(Erf.self, .product([.value("x"), .number(0.5.squareRoot())])), .number(1)]),
      ])
    ]
  ) { activation(Gelu(), $0) }

  /// x · ½ · (1 + tanh(√(2/π) · (x + 0.044715 · x³))).
  private static let geluTanh = GraphPattern(
    name: "\(Gelu.name) (tanh)",
    forms: [cubic, factored].map { inner in
      .product([
        .value("x"), .number(0.5), .sum([.node(Tanh.self, inner), .number(1)]),
      ])
    }
  ) { activation(Gelu(approximation: .tanh), $0) }

  private static let slope = (2 / Double.pi).squareRoot()

  private static let cubic = Form.product([
    .sum([
      .value("x"),
      .product([
        .either([
          .node(Pow.self, .value("x"), .number(3)),
          .node(Mul.self, .node(Mul.self, .value("x"), .value("x")), .value("x")),
          .node(Mul.self, .value("x"), .node(Mul.self, .value("x"), .value("x"))),
        ]), .number(0.044715),
      ]),
    ]), .number(slope),
  ])

  private static let factored = Form.product([
    .value("x"), .number(slope),
    .sum([.product([.square(.value("x")), .number(0.044715)]), .number(1)]),
  ])

  /// x · sigmoid(x).
  private static let silu = GraphPattern(
    name: "SiLU",
    forms: [
      .node(Mul.self, .value("x"), .node(Sigmoid.self, .value("x"))),
      .node(Mul.self, .node(Sigmoid.self, .value("x")), .value("x")),
    ]
  ) { activation(ActivationOperator(ElementFunction(.silu, 1)), $0) }

  /// x · clip(x + 3, 0, 6) / 6, and with HardSigmoid.
  private static let hardSwish = GraphPattern(
    name: HardSwish.name,
    forms: [
      .product([
        .value("x"), .number(1.0 / 6),
        .node(Clip.self, .sum([.value("x"), .number(3)]), .number(0), .number(6)),
      ]),
      .product([.value("x"), .node("gate", [HardSigmoid.self], [.value("x")])]),
    ]
  ) { match in
    if let gate = match.operation("gate", HardSigmoid.self),
      abs(gate.alpha - 1.0 / 6) > 1e-6 || gate.beta != 0.5
    {
      return nil
    }
    return activation(HardSwish(), match)
  }

  private static func activation(_ operation: any Operator, _ match: PatternMatch) -> Replacement? {
    match.values["x"].map { Replacement(operation: operation, inputs: [.value($0)]) }
  }
}
