public import VisionImage
public import VisionModel
import Synchronization
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor

/// Says where in a picture the evidence for a class lies.
///
/// The evidence of a place is Σ over the channels of A · ∂logit/∂A there, with A the last feature map of the network:
/// HiResCAM (Draelos and Carin 2020). Where an average over the whole map and a linear layer follow, this is class
/// activation mapping (Zhou et al., CVPR 2016) and Grad-CAM at once, and its sum is the logit less the bias.
///
/// Immutable; any number of tasks may call it at once.
public final class Explainer: Sendable {
  /// The names of the classes; empty when the model has none.
  public let labels: [String]
  /// K.
  public let classes: Int
  public let preprocessing: Preprocessing
  /// The name of the value that the evidence is read from.
  public let featureMap: String

  private let plan: Plan
  private let rows: Int
  private let columns: Int
  private let channels: Int
  private let logits: Shape

  /// Prepares the network, differentiated from the logits back to its last feature map.
  ///
  /// - Parameter preprocessing: for models that hold none, or to use another.
  /// - Throws: `TrainingError` with code `preprocessing` when nobody says how pictures become the input, `structure` when
  ///   the network has no feature map, and of a graph that is no classifier or has no derivative there.
  public init(_ model: Model, preprocessing: Preprocessing? = nil) throws(TrainingError) {
    guard let preprocessing = preprocessing ?? model.preprocessing else {
      throw TrainingError(
        "preprocessing", "the model does not say how pictures become its input",
        place: model.provenance?.name,
        remedy: "give a preprocessing that fits it, on the command line with --preprocessing FILE")
    }
    do throws(GraphError) {
      let graph = try model.graph.opened(batch: 1)
      guard graph.inputs.count == 1, case let input = graph.fact(graph.inputs[0]), input.type == .float32,
        input.shape.rank == 4,
        Array(input.shape.dimensions.dropFirst())
          == [preprocessing.channels.count, preprocessing.height, preprocessing.width]
      else {
        throw GraphError(.input, "the network does not take the pictures that its preprocessing makes")
      }
      let logits = try graph.logits
      let feature = try graph.lastFeatureMap(before: logits)
      let shape = graph.fact(feature).shape
      let batch = input.shape[0]
      self.logits = graph.fact(logits).shape
      classes = self.logits.elementCount / max(batch, 1)
      (channels, rows, columns) = (shape[1], shape[2], shape[3])
      featureMap = graph[feature].name
      let whole = try Self.differentiated(graph, logits, feature)
      plan = try Plan(whole, parameters: model.parameters)
    } catch { throw TrainingError(error) }
    labels = model.labels
    self.preprocessing = preprocessing
  }

  /// The evidence for class `index` in a picture.
  ///
  /// - Parameter threads: for the network.
  /// - Throws: `TrainingError` with code `classes` when there is no such class, and of a picture that cannot be prepared.
  public func heatMap(of image: Image, class index: Int, threads: Int? = nil) throws(TrainingError) -> HeatMap
  {
    guard (0..<classes).contains(index) else {
      throw TrainingError("classes", "there is no class \(index) among \(classes)")
    }
    var workspace = plan.makeWorkspace(for: Executor(threads: threads))
    do throws(ImageError) {
      var failure: ImageError?
      workspace.withInput(0) { bytes in
        // A file that fixes the batch gets the picture and zeros.
        let input = UnsafeMutableBufferPointer(
          rebasing: bytes.bindMemory(to: Float.self)[..<preprocessing.elementCount])
        do throws(ImageError) {
          try preprocessing.write(image, into: input, layout: .nchw, scratch: PreprocessingScratch())
        } catch { failure = error }
      }
      if let failure { throw failure }
    } catch { throw TrainingError(error) }
    workspace.withInput(1) { bytes in
      let selector = bytes.bindMemory(to: Float.self)
      for position in selector.indices { selector[position] = position == index ? 1 : 0 }
    }
    do {
      try plan.run(in: &workspace)
    } catch { throw TrainingError(error) }
    var evidence = [Float](repeating: 0, count: rows * columns)
    workspace.withOutput(0) { features in
      workspace.withOutput(1) { gradients in
        let (a, g) = (features.bindMemory(to: Float.self), gradients.bindMemory(to: Float.self))
        for channel in 0..<channels {
          for place in evidence.indices {
            evidence[place] += a[channel * evidence.count + place] * g[channel * evidence.count + place]
          }
        }
      }
    }
    guard evidence.allSatisfy(\.isFinite) else {
      throw TrainingError("network", "the network's numbers for the picture are not finite")
    }
    return HeatMap(width: columns, height: rows, evidence: evidence, preprocessing: preprocessing)
  }

  /// The graph with an input that selects a class, and the feature map and its gradient as outputs.
  private static func differentiated(_ graph: Graph, _ logits: ValueID, _ feature: ValueID) throws(GraphError)
    -> Graph
  {
    let builder = GraphBuilder(extending: graph)
    let fact = graph.fact(logits)
    let selector = try builder.input(
      "selected class", type: fact.type, dimensions: fact.shape.dimensions.map { .fixed($0) })
    let picked = try builder.add(Mul(), builder.value(logits), selector, name: "selected logits")
    let sum = try builder.add(ReduceSum(keepsDimensions: false), picked, nil, name: "selected logit")
    try builder.output("feature map", builder.value(feature))
    try builder.output("selected logit", sum)
    let name = graph[feature].name
    let whole = try builder.graph.differentiated(loss: "selected logit", withRespectTo: [name])
    let outputs = GraphBuilder(extending: whole)
    for output in whole.outputs where output.name != "selected logit" {
      try outputs.output(output.name, outputs.value(output.value))
    }
    return try DeadNodeRemoval().run(outputs.graph)
  }
}
