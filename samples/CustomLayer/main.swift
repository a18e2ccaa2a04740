// A layer of your own, with a parameter of its own, trained like any other: CustomLayer [OUT.onnx]
import VisionNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// y = x · sigmoid(β · x): an activation that learns how sharp it is, one β for each feature of N×F.
///
/// A layer is a value with `callAsFunction`. It asks the graph for its parameters and appends operators; gradients, ONNX
/// and fast kernels then come by themselves.
struct LearnedSwish: Layer {
  func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let graph = x.graph
    let beta = try graph.parameter("beta", shape: [x.shape[1]], initializer: .ones)
    return try x * graph.add(Sigmoid(), x * beta, name: graph.path(to: "gate"))
  }
}

/// 300 points of two rings, one inside the other: no straight line tells them apart.
func rings() -> (x: Tensor, y: Tensor) {
  let random = Philox(seed: 1)
  let (places, noise) = (random.normal(count: 600), random.normal(count: 600, stream: 1))
  var points: [Float] = []
  for index in 0..<300 {
    let (a, b) = (places[2 * index], places[2 * index + 1])
    let radius: Float = index.isMultiple(of: 2) ? 1 : 2
    let length = max((a * a + b * b).squareRoot(), 0.01)
    points.append(a / length * radius + 0.15 * noise[2 * index])
    points.append(b / length * radius + 0.15 * noise[2 * index + 1])
  }
  return (Tensor(points, shape: [300, 2]), Tensor((0..<300).map { Int64($0 % 2) }))
}

do {
  let network = Sequential {
    Dense(16)
    LearnedSwish().named("swish")
    Dense(2)
  }
  let (x, y) = rings()
  var settings = TrainerSettings()
  settings.schedule = .cosine(0.02)
  let fitted = try network.fit(
    x, y, epochs: 30, validation: (x, y), settings: settings,
    report: { event in
      if case .epoch(let epoch) = event, epoch.epoch.isMultiple(of: 10) {
        print("epoch \(epoch.epoch): right \(epoch.score("top1") ?? 0)")
      }
    })
  // It began with ones.
  let beta = fitted.result.parameters["swish.beta"]?.floats ?? []
  print("beta from \(beta.min() ?? 0) to \(beta.max() ?? 0)")
  if let path = CommandLine.arguments.dropFirst().first { try fitted.model.write(to: path) }
} catch {
  print("error: \(error)")
  exit(1)
}
