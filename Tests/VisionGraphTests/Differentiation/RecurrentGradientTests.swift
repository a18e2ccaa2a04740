import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Gradients of RNN, GRU and LSTM, through time, with respect to every input.
@Suite struct RecurrentGradientTests {
  private static func lstm(
    _ direction: RecurrentForm.Direction, _ kinds: [RecurrentActivation.Kind], clip: Float? = nil,
    isBatchFirst: Bool = false, forgetsByInput: Bool = false
  ) -> LSTM {
    LSTM(
      recurrentForm(
        LSTM.self, hidden: 2, direction: direction, activations: kinds.map { RecurrentActivation($0) },
        clip: clip, isBatchFirst: isBatchFirst), forgetsByInput: forgetsByInput)
  }

  private static func gru(
    _ direction: RecurrentForm.Direction, _ kinds: [RecurrentActivation.Kind], clip: Float? = nil,
    appliesResetLast: Bool
  ) -> GRU {
    GRU(
      recurrentForm(
        GRU.self, hidden: 2, direction: direction, activations: kinds.map { RecurrentActivation($0) },
        clip: clip), appliesResetLast: appliesResetLast)
  }

  private static func rnn(_ kind: RecurrentActivation.Kind, clip: Float? = nil) -> GradientCase {
    let op = RNN(
      recurrentForm(
        RNN.self, hidden: 2, activations: [RecurrentActivation(kind, alpha: 0.61, beta: 0.37)], clip: clip))
    return GradientCase(op, recurrentInputs(op, steps: 2, batch: 2, features: 3))
  }

  static let cases: [GradientCase] = {
    let plain = lstm(.bidirectional, [.sigmoid, .tanh, .tanh, .sigmoid, .tanh, .tanh])
    let odd = lstm(.reverse, [.hardSigmoid, .softsign, .scaledTanh], clip: 0.83, isBatchFirst: true)
    let coupled = lstm(.forward, [.sigmoid, .affine, .softplus], forgetsByInput: true)
    let first = gru(.bidirectional, [.sigmoid, .tanh, .softsign, .elu], appliesResetLast: false)
    let last = gru(.reverse, [.sigmoid, .tanh], clip: 0.83, appliesResetLast: true)
    return [
      GradientCase(plain, recurrentInputs(plain, steps: 2, batch: 2, features: 3, peepholes: true)),
      GradientCase(
        odd, recurrentInputs(odd, steps: 3, batch: 2, features: 2, lengths: [3, 1], peepholes: true)),
      GradientCase(coupled, recurrentInputs(coupled, steps: 2, batch: 1, features: 2, peepholes: true)),
      GradientCase(
        plain, recurrentInputs(plain, steps: 2, batch: 1, features: 1, biases: false, states: false),
        outputs: [2]),
      GradientCase(
        plain, recurrentInputs(plain, steps: 2, batch: 1, features: 1, states: false, cells: false),
        outputs: [0]),
      GradientCase(first, recurrentInputs(first, steps: 2, batch: 2, features: 3)),
      GradientCase(last, recurrentInputs(last, steps: 3, batch: 2, features: 2, lengths: [2, 3])),
      GradientCase(last, recurrentInputs(last, steps: 2, batch: 1, features: 2, biases: false), outputs: [1]),
    ] + RecurrentActivation.Kind.allCases.map { rnn($0) } + [rnn(.tanh, clip: 0.83)]
  }()

  @Test(arguments: cases) func agreesWithCentralDifferences(_ gradient: GradientCase) throws {
    try gradient.check()
  }
}
