import VisionTraining
import VisionNet

/// A network whose training steps are timed: that of a task, or of any file.
struct TrainingNetwork {
  /// With a batch of one image.
  let graph: Graph
  /// The output that the loss reads.
  let prediction: String
  /// The number of classes of N×K predictions, which are compared by cross-entropy; nil for others, which are compared by
  /// the mean square with numbers of their shape.
  let classes: Int?
  /// The learning rate. Weights of others are barely changed, so that no loss grows beyond all numbers.
  let rate: Float

  /// The network of a task.
  private init(_ task: TrainingTask) throws(GraphError) {
    graph = try task.graph()
    (prediction, classes, rate) = (OutputRole.logits.name, task.classes, 1e-3)
  }

  /// The network of a task with random weights, or that of a model file, an architecture, or a pretrained model that is on this
  /// machine; and its weights.
  static func load(_ name: String, _ input: PreprocessingOption) throws -> (TrainingNetwork, Parameters) {
    if let task = TrainingTask(rawValue: name) {
      let network = try TrainingNetwork(task)
      return (network, network.graph.initialParameters(seed: 0))
    }
    let subject = try BenchmarkSubject(name, batch: 1, input)
    return (try TrainingNetwork(subject), subject.parameters)
  }

  /// - Throws: `CommandError` when it reads anything but one tensor of float32, or its first output is no float32.
  private init(_ subject: BenchmarkSubject) throws {
    guard subject.graph.inputs.count == 1, let first = subject.graph.inputs.first,
      subject.graph.fact(first).type == .float32, let output = subject.graph.outputs.first,
      subject.graph.fact(output.value).type == .float32
    else {
      throw CommandError(
        .usage, "a step of training is timed for networks with one input and a first output of float32",
        place: FilePath(subject.name).printable)
    }
    let shape = subject.graph.fact(output.value).shape
    let axis = Self.batchAxis(of: output.name, in: subject.graph)
    if let axis, axis > 0 {
      // Targets have the batch first.
      let builder = GraphBuilder(extending: subject.graph)
      var order = Array(0..<shape.rank)
      order.swapAt(0, axis)
      let first = try builder.add(
        Transpose(order), builder.value(output.value), name: "batch first")
      try builder.output("batch first", first)
      (graph, prediction) = (builder.graph, "batch first")
    } else {
      (graph, prediction) = (subject.graph, output.name)
    }
    classes = shape.rank == 2 && shape[1] > 1 ? shape[1] : nil
    rate = 1e-6
  }

  /// The axis of an output that grows with the batch; for a file of one image only the first axis of one element.
  private static func batchAxis(of output: String, in graph: Graph) -> Int? {
    func shape(_ graph: Graph) -> Shape? {
      graph.outputs.first { $0.name == output }.map { graph.fact($0.value).shape }
    }
    guard let one = shape(graph) else { return nil }
    guard let two = (try? graph.bound(batch: 2)).flatMap(shape), two.rank == one.rank else {
      return one.dimensions.firstIndex(of: 1)
    }
    return (0..<one.rank).first { one[$0] != two[$0] }
  }
}
