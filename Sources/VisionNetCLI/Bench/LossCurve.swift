import VisionTraining
import VisionModel
import VisionCompute
import VisionNet
import VisionSystem

/// The losses of plain SGD on given batches, for the comparison with another engine by
/// `scripts/compare-training`.
struct LossCurve {
  let model: String
  /// NumPy files: images, steps·N×C×H×W float32, and classes, steps·N int64.
  let input: String
  let target: String
  let steps: Int
  let rate: Double
  let executor: Executor

  /// One loss per line, each computed before the update of its step.
  func run() throws -> String {
    let network = try Model(contentsOf: model)
    let (x, y) = (try NumPyArray.read(input), try NumPyArray.read(target))
    guard steps > 0, x.shape.rank > 1, x.elementType == .float32, x.shape[0] % steps == 0,
      y.shape == [x.shape[0]], y.elementType == .int64
    else { throw CommandError(.data, "\(x) and \(y) are no \(steps) batches of images and classes") }
    let batch = x.shape[0] / steps
    let settings = TrainingEngine.Settings(batchSize: batch, optimizer: SGD(momentum: 0))
    // Files of others call it as they like.
    let names = network.graph.outputs.map(\.name)
    let logits = OutputRole.logits.name
    let engine = try TrainingEngine(
      network.graph, prediction: names.contains(logits) ? logits : names.first ?? logits,
      parameters: network.parameters, settings: settings, executor: executor)
    let (images, classes) = (x.floats, y.integers)
    let length = images.count / steps
    let wanted = engine.withInput { $0.count }
    guard length == wanted else {
      throw CommandError(
        .data, "a batch has \(length) numbers, but the network takes \(wanted)", place: input,
        remedy: "give images of the network's size")
    }
    var lines: [String] = []
    for step in 0..<steps {
      engine.withInput { _ = $0.update(fromContentsOf: images[step * length..<(step + 1) * length]) }
      engine.withClasses { target in
        for row in 0..<batch { target[row] = Int64(classes[step * batch + row]) }
      }
      engine.setKeys(seed: 0, epoch: 0, samples: Array(0..<batch))
      lines.append("\(try engine.step(rate: Float(rate)))")
    }
    return lines.joined(separator: "\n")
  }
}
