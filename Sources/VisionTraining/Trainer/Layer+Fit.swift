import VisionData
public import VisionSystem
public import VisionGraph
public import VisionLayers
public import VisionImage
public import VisionModel
public import VisionTensor
import VisionCompute
import VisionInference
import VisionRuntime

extension Layer {
  /// The graph of this layer for float32 samples of the extents `sample`, with a symbolic batch N and the
  /// output `logits`.
  ///
  /// - Throws: `GraphError` when the samples do not fit the layer.
  public func graph(sample: [Int]) throws(GraphError) -> Graph {
    let builder = GraphBuilder()
    let x = try builder.input("input", dimensions: [.symbolic("N")] + sample.map { .fixed($0) })
    try builder.output(OutputRole.logits.name, self(x))
    return builder.graph
  }

  /// Trains this network on tensors.
  ///
  /// ```swift
  /// let digits = try LeNet5().fit(images, classes, epochs: 10)
  /// let logits = try digits.predict(others)
  /// ```
  ///
  /// - Parameters:
  ///   - x: N×…, such as N×C×H×W for images and N×F for tables.
  ///   - y: integers N for classes, trained with cross-entropy; floats N×… for values, trained with the mean
  ///     squared error or `settings.loss`.
  ///   - epochs: at least 1.
  ///   - validation: samples that each epoch is evaluated on; the weights of the best epoch are kept.
  ///   - isCancelled: asked between steps.
  ///   - report: called with each event.
  /// - Throws: `TrainingError` when x, y and the network do not fit together, or training fails.
  public func fit(
    _ x: Tensor, _ y: Tensor, epochs: Int, batchSize: Int = 32, validation: (x: Tensor, y: Tensor)? = nil,
    settings: TrainerSettings = TrainerSettings(), isCancelled: () -> Bool = { false },
    report: (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> FittedNetwork {
    let held = try validation.map { (pair) throws(TrainingError) in try TensorSamples(pair.x, pair.y) }
    var settings = settings
    settings.batchSize = batchSize
    let trainer = try Trainer(self, on: TensorSamples(x, y), validation: held, settings: settings)
    let result = try trainer.runBlocking(epochs: epochs, isCancelled: isCancelled, report: report)
    return FittedNetwork(graph: trainer.graph, result: result)
  }
}

/// A network that was trained on tensors or images.
public struct FittedNetwork: Sendable {
  public let graph: Graph
  public let result: TrainingResult
  /// The names of the classes, if it was trained on an image folder; else empty.
  public let labels: [String]
  /// How images become its input; nil if it was not trained on an image folder.
  public let preprocessing: Preprocessing?

  package init(
    graph: Graph, result: TrainingResult, labels: [String] = [], preprocessing: Preprocessing? = nil
  ) {
    (self.graph, self.result, self.labels, self.preprocessing) = (graph, result, labels, preprocessing)
  }

  /// The network as a model that can be written to a file.
  public var model: Model {
    Model(graph: graph, parameters: result.parameters, labels: labels, preprocessing: preprocessing)
  }

  /// The outputs of the network for samples N×…: logits or values, N×….
  ///
  /// - Throws: `TrainingError` when the samples do not fit the network.
  public func predict(_ x: Tensor, threads: Int? = nil) throws(TrainingError) -> Tensor {
    do {
      let batch = x.shape.first ?? 0
      let sessions = try SessionPool(
        graph.bound(batch: batch), result.parameters, on: Executor(threads: threads))
      let outputs = try sessions.withSession(batch: batch) { session in
        try session.run([session.plan.inputs[0].name: x.converted(to: .float32)])
      }
      guard let prediction = outputs[OutputRole.logits.name] else {
        throw GraphError(.name, "the network has no output '\(OutputRole.logits.name)'")
      }
      return prediction
    } catch { throw TrainingError.wrapping(error) }
  }
}
