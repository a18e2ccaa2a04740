import Testing

@testable import VisionTraining

/// Five updates of six weights with made-up gradients, against PyTorch 2 (LARS and LAMB: their formulas in float64).
@Suite struct OptimizerTests {
  private static let start: [Float] = [0.5, -1.25, 2, 0.03, -0.7, 1.5]

  private static func gradient(_ step: Int) -> [Float] {
    (0..<6).map { index in
      Float((index * 7 + step * 5) % 11 - 5) * 0.1 * (index == 3 ? 0.001 : 1)
    }
  }

  /// The weights after five steps with the rate 0.1, updated in blocks of `block`.
  private static func run(_ optimizer: some Optimizer, decays: Bool = true, block: Int = 6) -> [Float] {
    var weights = start
    var slots = [Float](repeating: 0, count: 6 * optimizer.slotCount)
    for step in 1...5 {
      let gradient = gradient(step)
      for first in stride(from: 0, to: 6, by: block) {
        update(
          optimizer, &weights, gradient, &slots, first..<min(first + block, 6), step: step, decays: decays)
      }
    }
    return weights
  }

  /// Updates the weights in `range`; the slots lie one after the other.
  private static func update(
    _ optimizer: some Optimizer, _ weights: inout [Float], _ gradient: [Float], _ slots: inout [Float],
    _ range: Range<Int>, step: Int, decays: Bool
  ) {
    let stride = weights.count
    weights.withUnsafeMutableBufferPointer { weights in
      gradient.withUnsafeBufferPointer { gradient in
        slots.withUnsafeMutableBufferPointer { slots in
          optimizer.update(
            ParameterPart(
              name: "w", weights: UnsafeMutableBufferPointer(rebasing: weights[range]),
              gradient: UnsafeBufferPointer(rebasing: gradient[range]), step: step, rate: 0.1, decays: decays,
              slots: slots.baseAddress.map { $0 + range.lowerBound }, slotStride: stride))
        }
      }
    }
  }

  private static let golden: [(name: String, optimizer: any Optimizer, weights: [Float])] = [
    (
      "SGD", SGD(momentum: 0),
      [0.4399999976, -1.2200000286, 2.0099999905, 0.0299899988, -0.730000019, 1.5599999428]
    ),
    (
      "momentum", SGD(), [0.29914999, -1.0350860357, 1.9921170473, 0.0299305916, -0.6517449617, 1.6235579252]
    ),
    (
      "Nesterov", SGD(nesterov: true),
      [0.2592349946, -1.0265774727, 2.0029051304, 0.0299275313, -0.6865705252, 1.671202302]
    ),
    (
      "coupled decay", SGD(weightDecay: 0.1, couplesDecay: true),
      [0.2394745648, -0.8824210763, 1.738147378, 0.0260810442, -0.5685874224, 1.430696249]
    ),
    (
      "decoupled decay", SGD(weightDecay: 0.1),
      [0.2775415778, -0.9782932401, 1.8952901363, 0.0284613501, -0.6205703020, 1.5493943691]
    ),
    ("Adam", Adam(), [0.2818576992, -0.9650787711, 1.9152144194, 0.0206556227, -0.5662161708, 1.5433217287]),
    (
      "Adam with decay", Adam(weightDecay: 0.1),
      [0.1519137919, -0.8908547759, 1.6998656988, 0.0381639116, -0.5133454800, 1.3597896099]
    ),
    (
      "AdamW", AdamW(weightDecay: 0.1),
      [0.2610774636, -0.9111843705, 1.8212172985, 0.0175202563, -0.5376807451, 1.4718837738]
    ),
    (
      "RMSprop", RMSprop(),
      [-0.6260247231, -0.3353282809, 1.7710000277, 0.4304071367, -0.7634541988, 1.9166692495]
    ),
    (
      "RMSprop with momentum", RMSprop(momentum: 0.9),
      [-3.2869203091, 3.4899048805, 0.2589857280, 1.4093945026, 1.2437016964, 1.2967004776]
    ),
    (
      "centered RMSprop", RMSprop(epsilon: 1e-2, centered: true),
      [-0.4527350962, -0.5169135332, 1.8893575668, 0.0290040392, -0.8016426563, 2.0307207108]
    ),
    (
      "centered RMSprop with momentum", RMSprop(epsilon: 1e-2, momentum: 0.9, centered: true),
      [-2.6985044479, 2.6446380615, 0.8587850332, 0.0230990462, 0.8359469175, 2.0210890770]
    ),
    (
      "LARS", LARS(weightDecay: 0.1, trust: 0.01),
      [0.4923934822, -1.2393545634, 1.9922848782, 0.0298855423, -0.6960311605, 1.4979086231]
    ),
    (
      "LAMB", LAMB(weightDecay: 0.1),
      [-0.0919390440, -0.5924725070, 1.7100724872, -0.0900910232, -0.5293597857, 1.6162316647]
    ),
  ]

  @Test(arguments: golden.indices) func agreesWithPyTorch(_ index: Int) {
    let (name, optimizer, expected) = Self.golden[index]
    let weights = Self.run(optimizer)
    for (own, theirs) in zip(weights, expected) {
      #expect(abs(own - theirs) <= 2e-6 * max(1, abs(theirs)), "\(name): \(weights)")
    }
  }

  @Test(arguments: golden.indices) func blocksGiveTheSameBits(_ index: Int) {
    let optimizer = Self.golden[index].optimizer
    guard !optimizer.needsWholeParameter else { return }
    #expect(Self.run(optimizer, block: 6) == Self.run(optimizer, block: 4))
  }

  @Test func biasesAndNormsDoNotDecay() {
    let pairs: [(any Optimizer, any Optimizer)] = [
      (SGD(weightDecay: 0.1), SGD()), (SGD(weightDecay: 0.1, couplesDecay: true), SGD()),
      (Adam(weightDecay: 0.1), Adam()), (AdamW(weightDecay: 0.1), Adam()),
      (RMSprop(weightDecay: 0.1), RMSprop()), (LARS(weightDecay: 0.1), SGDByRate()),
      (LAMB(epsilon: 1e-8, weightDecay: 0.1), Adam()),
    ]
    for (optimizer, plain) in pairs {
      #expect(Self.run(optimizer, decays: false) == Self.run(plain, decays: false), "\(optimizer)")
      #expect(Self.run(optimizer, decays: true) != Self.run(optimizer, decays: false), "\(optimizer)")
    }
  }

  /// SGD with momentum whose sum has the rate in it: what LARS is without its norms, and an optimizer of one's own.
  private struct SGDByRate: Optimizer {
    var slotCount: Int { 1 }
    func update(_ part: borrowing ParameterPart) {
      let (w, g, v) = (part.weights, part.gradient, part.slot(0))
      for index in w.indices {
        v[index] = 0.9 * v[index] + part.rate * (g[index] + 0 * w[index])
        w[index] -= v[index]
      }
    }
  }

  /// What fills up the vectors of a kernel.
  @Test func weightsWithoutGradientStayZero() {
    for (name, optimizer, _) in Self.golden {
      var weights: [Float] = [0, 0, 0]
      var slots = [Float](repeating: 0, count: 3 * optimizer.slotCount)
      for step in 1...3 {
        Self.update(optimizer, &weights, [0, 0, 0.5], &slots, 0..<3, step: step, decays: true)
      }
      #expect(weights[0] == 0 && weights[1] == 0 && weights[2] < 0, "\(name): \(weights)")
    }
  }

  @Test func weightsThatAreZeroLearn() {
    for optimizer in [LARS(), LAMB()] as [any Optimizer] {
      var weights: [Float] = [0, 0]
      var slots = [Float](repeating: 0, count: 2 * optimizer.slotCount)
      Self.update(optimizer, &weights, [1, -1], &slots, 0..<2, step: 1, decays: true)
      #expect(weights[0] < 0 && weights[1] > 0 && weights.allSatisfy(\.isFinite))
    }
  }
}
