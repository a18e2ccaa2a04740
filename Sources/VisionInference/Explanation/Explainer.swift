public import VisionSystem
public import VisionImage
public import VisionModel
import Synchronization
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor

/// Computes where in an image the evidence for a class lies.
///
/// The evidence at a place is the sum over the channels of A · ∂logit/∂A, where A is the network's last
/// feature map: HiResCAM (Draelos and Carin 2020). Where global average pooling and a linear layer follow,
/// this equals class activation mapping (Zhou et al., CVPR 2016) and Grad-CAM, and the evidence sums to the
/// logit without the bias.
///
/// Immutable; any number of tasks may call it at once.
public final class Explainer: Sendable {
  /// The names of the classes; empty when the model has none.
  public let labels: [String]
  /// The number of classes, K.
  public let classes: Int
  public let preprocessing: Preprocessing
  /// The name of the value that the evidence is read from.
  public let featureMap: String

  private let sessions: SessionPool
  /// The name of the model in messages.
  private let name: String?
  private let rows: Int
  private let columns: Int
  private let channels: Int
  private let input: ImageInputWriter
  /// Whether one logit stands for two classes: for the second, and negated for the first.
  private let isBinary: Bool

  /// Prepares the network, differentiated from the logits back to its last feature map.
  ///
  /// - Parameter preprocessing: for models that have none, or to replace the model's.
  /// - Throws: `TrainingError` with code `preprocessing` when neither the caller nor the model gives one,
  ///   `structure` when the network has no feature map, and errors of a graph that is not a classifier or
  ///   cannot be differentiated.
  public init(_ model: Model, preprocessing: Preprocessing? = nil) throws(TrainingError) {
    guard let preprocessing = preprocessing ?? model.preprocessing else {
      throw TrainingError(
        .preprocessing, "the model does not say how images become its input",
        place: model.provenance?.name,
        remedy: "give a preprocessing that fits it, on the command line with --preprocessing FILE")
    }
    if let weight = model.graph.nonFiniteWeight(model.parameters) {
      throw TrainingError(
        .notFinite, "the weights '\(weight.name)' of the network hold \(weight.value)",
        place: model.provenance?.name, remedy: "use a model whose weights are finite")
    }
    let (graph, roles) = try Self.roles(model, preprocessing)
    (classes, isBinary) = (roles.classes, roles.isBinary)
    input = ImageInputWriter(roles.input, preprocessing)
    do throws(GraphError) {
      // VisionNet's own files name the logits that the temperature divides.
      let own = roles.output.name == OutputRole.probabilities.name ? graph.output(of: .logits) : nil
      let logits = own?.value ?? graph.logits(behind: roles.output.value)
      let feature = try graph.lastFeatureMap(before: logits)
      let shape = graph.fact(feature).shape
      (channels, rows, columns) = (shape[1], shape[2], shape[3])
      featureMap = graph[feature].name
      let whole = try Self.differentiated(graph, logits, feature)
      sessions = SessionPool(
        whole, model.parameters, writing: input.specs, on: Executor(threads: 1), idle: IdleSessions(limit: 0))
      _ = try sessions.plan(batch: sessions.batch(for: 1, .one))
    } catch { throw TrainingError(error) }
    labels = model.labels
    name = model.provenance?.name
    self.preprocessing = input.preprocessing
  }

  /// The graph for one image with the width and height of the preprocessing, and the roles of its input and
  /// output.
  private static func roles(_ model: Model, _ preprocessing: Preprocessing) throws(TrainingError) -> (
    Graph, ClassifierRoles
  ) {
    let graph: Graph
    do throws(GraphError) {
      graph = try model.graph.bound(to: preprocessing).opened(batch: 1)
    } catch { throw TrainingError(error) }
    do throws(RoleError) {
      return (graph, try ClassifierRoles(graph, of: model, preprocessing: preprocessing))
    } catch { throw TrainingError(error) }
  }

  /// The evidence for class `index` in an image.
  ///
  /// - Parameter threads: threads to run the network on.
  /// - Throws: `TrainingError` with code `classes` when there is no such class, `notFinite` when results of
  ///   the network are not finite, and errors of an image that cannot be prepared.
  public func heatMap(of image: Image, class index: Int, threads: Int? = nil) throws(TrainingError) -> HeatMap
  {
    guard (0..<classes).contains(index) else {
      throw TrainingError(.classes, "there is no class \(index) among \(classes)")
    }
    var evidence = [Float](repeating: 0, count: rows * columns)
    var logit = Float.nan
    do {
      // Where the file fixes the batch size, the other samples are zeros.
      try sessions.withSession(batch: sessions.batch(for: 1, .one), on: Executor(threads: threads)) {
        session in
        _ = try session.write(1) { _, slots, scratch in try input.write(image, into: slots, scratch) }
        session.withInput(1) { select(index, $0.bindMemory(to: Float.self)) }
        try session.run()
        session.withOutput(0) { features in
          session.withOutput(1) { gradients in
            let (a, g) = (features.bindMemory(to: Float.self), gradients.bindMemory(to: Float.self))
            for channel in 0..<channels {
              for place in evidence.indices {
                evidence[place] += a[channel * evidence.count + place] * g[channel * evidence.count + place]
              }
            }
          }
        }
        logit = session.withOutput(2) { $0.bindMemory(to: Float.self).first ?? .nan }
      }
    } catch { throw TrainingError.wrapping(error) }
    // A NaN or infinity of any class makes the sum over the classes NaN, because 0 times it is NaN.
    guard logit.isFinite, evidence.allSatisfy(\.isFinite) else {
      throw TrainingError(
        .notFinite, "the network's numbers for the image are not finite", place: name,
        remedy: "check the model's weights, and that the preprocessing is the model's")
    }
    return HeatMap(width: columns, height: rows, evidence: evidence, preprocessing: preprocessing)
  }

  /// Writes the input that selects the logit of a class.
  private func select(_ index: Int, _ selector: UnsafeMutableBufferPointer<Float>) {
    if isBinary {
      selector[0] = index == 1 ? 1 : -1
    } else {
      for position in selector.indices { selector[position] = position == index ? 1 : 0 }
    }
  }

  /// The graph with an input that selects a class, and the feature map, its gradient and the logit as outputs.
  private static func differentiated(_ graph: Graph, _ logits: ValueID, _ feature: ValueID) throws(GraphError)
    -> Graph
  {
    let builder = GraphBuilder(extending: graph)
    var numbers = builder.value(logits)
    if numbers.fact.type != .float32 {
      numbers = try builder.add(Cast(to: .float32), numbers, name: "logits as float32")
    }
    let selector = try builder.input(
      "selected class", dimensions: numbers.shape.dimensions.map { .fixed($0) })
    let picked = try builder.add(Mul(), numbers, selector, name: "selected logits")
    let sum = try builder.add(ReduceSum(keepsDimensions: false), picked, nil, name: "selected logit")
    try builder.output("feature map", builder.value(feature))
    try builder.output("selected logit", sum)
    let name = graph[feature].name
    let whole = try builder.graph.differentiated(loss: "selected logit", withRespectTo: [name])
    let outputs = GraphBuilder(extending: whole)
    let isLogit = { (name: String) in name == "selected logit" }
    for output in whole.outputs.filter({ !isLogit($0.name) }) + whole.outputs.filter({ isLogit($0.name) }) {
      try outputs.output(output.name, outputs.value(output.value))
    }
    return try DeadNodeRemoval().run(outputs.graph)
  }
}
