// An optimizer and a metric of your own, beside those that come with VisionNet: CustomOptimizer
import VisionNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lion: steps of one size in the direction that gradient and momentum agree on. Chen et al., "Symbolic Discovery of
/// Optimization Algorithms", 2023.
struct Lion: Optimizer {
  var beta1: Float = 0.9
  var beta2: Float = 0.99
  var weightDecay: Float = 0.01

  /// One number to remember for each weight: the momentum.
  var slotCount: Int { 1 }

  func update(_ part: borrowing ParameterPart) {
    let momentum = part.slot(0)
    let decay = part.decays ? weightDecay : 0
    for i in part.weights.indices {
      let g = part.gradient[i]
      let direction = beta1 * momentum[i] + (1 - beta1) * g
      let sign: Float = direction > 0 ? 1 : direction < 0 ? -1 : 0
      let weight = part.weights[i]
      part.weights[i] = weight - part.rate * (sign + decay * weight)
      momentum[i] = beta2 * momentum[i] + (1 - beta2) * g
    }
  }
}

/// How much of the class that goes worst is right: a mean hides it.
struct WorstClass: Metric {
  let name = "worst_class"
  let prefersLarger = true
  private var right: [Int: Int] = [:]
  private var all: [Int: Int] = [:]

  mutating func add(_ batch: Predictions) {
    for row in 0..<batch.rows {
      let (scores, truth) = (batch[row: row], batch.classes[row])
      let answer = scores.indices.max { scores[$0] < scores[$1] }.map { $0 - scores.startIndex }
      all[truth, default: 0] += 1
      if answer == truth { right[truth, default: 0] += 1 }
    }
  }

  var value: Double { all.map { Double(right[$0.key] ?? 0) / Double($0.value) }.min() ?? 0 }
}

/// Three spirals of 100 points each.
func spirals() -> (x: Tensor, y: Tensor) {
  let noise = Philox(seed: 1).normal(count: 600)
  var points: [Float] = []
  for index in 0..<300 {
    let part = Float(index / 3) / 100
    let angle = 4 * part + 2.1 * Float(index % 3)
    points.append((0.2 + part) * 2 * cos(angle) + 0.05 * noise[2 * index])
    points.append((0.2 + part) * 2 * sin(angle) + 0.05 * noise[2 * index + 1])
  }
  return (Tensor(points, shape: [300, 2]), Tensor((0..<300).map { Int64($0 % 3) }))
}

do {
  let network = Sequential {
    Dense(32)
    ReLU()
    Dense(32)
    ReLU()
    Dense(3)
  }
  let (x, y) = spirals()
  for (name, optimizer, rate) in [("AdamW", AdamW(), 0.02), ("Lion", Lion(), 0.005)]
    as [(String, any Optimizer, Double)]
  {
    var settings = TrainerSettings()
    settings.optimizer = optimizer
    settings.schedule = .cosine(rate)
    settings.metrics = [WorstClass(), TopAccuracy(1)]
    // The first metric says which epoch is best.
    let result = try network.fit(x, y, epochs: 40, validation: (x, y), settings: settings).result
    guard let best = result.best else { continue }
    print("\(name): worst class \(best.score("worst_class") ?? 0), all \(best.score("top1") ?? 0)")
  }
} catch {
  print("error: \(error)")
  exit(1)
}
