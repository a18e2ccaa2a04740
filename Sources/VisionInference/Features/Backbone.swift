import VisionCompute
import VisionGraph
public import VisionImage
public import VisionModel
public import VisionSystem
import VisionTensor

/// A model without its head: it maps an image to an embedding of E numbers.
public struct Backbone: Sendable {
  /// The model that the backbone is part of.
  public let model: Model
  public let preprocessing: Preprocessing
  /// The size of the embedding, E.
  public let featureCount: Int
  /// How the network reads images.
  package let input: ImageInput
  var writer: ImageInputWriter { ImageInputWriter(input, preprocessing) }
  /// The graph from the images to the embedding.
  let graph: Graph
  let parameters: Parameters

  /// A version, increased when the same graph and weights would give other numbers.
  private static let recipe = 1

  /// Cuts a model at its embedding.
  ///
  /// - Throws: `TrainingError` with code `embedding` or `preprocessing` when the model does not name them, `notFinite` when
  ///   a weight is not finite, and errors of a graph whose input is not images.
  public init(_ model: Model) throws(TrainingError) {
    let place = model.provenance?.name
    guard let name = model.embedding, let value = model.graph.value(named: name) else {
      throw TrainingError(
        .embedding, "the model does not name the value that describes an image", place: place,
        remedy: "use a pretrained model, or one that VisionNet trained")
    }
    guard let preprocessing = model.preprocessing else {
      throw TrainingError(
        .preprocessing, "the model does not say how images become its input", place: place,
        remedy: "use a pretrained model, or one that VisionNet trained")
    }
    let graph: Graph
    do {
      graph = try model.graph.bound(to: preprocessing)
      input = try ImageInput(graph, preprocessing: preprocessing)
      _ = try input.shape(for: preprocessing)
    } catch {
      throw TrainingError(.network, error.message, place: error.place ?? place, remedy: error.remedy)
    }
    let fact = graph.fact(value)
    let batch = input.batch
    guard fact.type == .float32, fact.shape.rank == 2, fact.shape[0] == batch, fact.shape[1] > 0 else {
      throw TrainingError(.embedding, "the embedding is \(fact), not float32 N×E", place: place)
    }
    do {
      let builder = GraphBuilder(extending: graph)
      try builder.output("features", builder.value(value))
      self.graph = try DeadNodeRemoval().run(builder.graph)
    } catch { throw TrainingError(error) }
    var parameters = Parameters()
    for (_, name, _, _) in self.graph.parameters { parameters[name] = model.parameters[name] }
    if let weight = self.graph.nonFiniteWeight(parameters) {
      throw TrainingError(
        .notFinite, "the weights '\(weight.name)' of the network hold \(weight.value)", place: place,
        remedy: "use a model whose weights are finite")
    }
    self.parameters = parameters
    self.model = model
    self.preprocessing = preprocessing
    featureCount = fact.shape[1]
  }

  /// An identifier of this backbone's numbers: the hash of graph, weights, preprocessing and kernels.
  func fingerprint(_ instructionSet: InstructionSet) throws(TrainingError) -> String {
    do {
      let bytes = try Model(graph: graph, parameters: parameters, preprocessing: preprocessing).bytes()
      let kind = Array("\(Self.recipe) \(instructionSet.rawValue)\n".utf8)
      let hash = bytes.withUnsafeBytes { bytes in kind.withUnsafeBytes { ContentHash(of: $0, bytes) } }
      return String(hash.hexadecimal.prefix(32))
    } catch { throw TrainingError(error) }
  }
}
