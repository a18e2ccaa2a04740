package import VisionTasks
import VisionStore
import VisionInference
import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
package import VisionRuntime
import VisionSystem
import VisionTensor

/// Classifies images.
///
/// A classifier is immutable; any number of tasks may call it at once. Plans and their memory are made when a
/// batch size is first used. Plans are kept; memory is kept within ``idleMemoryLimit``. Calls that run at the
/// same time use separate memory. They share the threads: while one call uses them, another computes on its
/// calling thread alone. In a task, await the calls: they then run on VisionNet's own threads and end when
/// the task is cancelled.
///
/// ```swift
/// let classifier = try ImageClassifier(pretrained: "efficientnet-lite0")
/// let best = try classifier.classify(contentsOf: "dog.jpg")
/// print(best[0].label, best[0].probability)
/// ```
public final class ImageClassifier: Sendable {
  /// The names of the classes, in the order of the network's outputs.
  public var labels: [String] { task.labels }
  /// How images become the input of the network.
  public var preprocessing: Preprocessing { task.input.preprocessing }
  /// The model as it was read, with the caller's settings for its output.
  public let model: Model
  /// The threads that the classifier computes with.
  public let executor: Executor
  /// The probability below which the best class counts as unknown; nil when the model does not say.
  public var threshold: Double? { model.threshold }

  /// Whether classes are independent of one another, so that an image may show several and the probabilities
  /// need not sum to 1.
  public var isMultiLabel: Bool {
    task.roles.reading == .independent || task.roles.reading == .independentLogits
  }

  /// Notes on how a model file of other origin is interpreted, and remarks from running it.
  public var notes: [String] { task.roles.notes + noticed.withLock { $0 } }

  /// From images to probabilities.
  private let pipeline: InferencePipeline<Classification>
  /// From images to other values of the same network, with the same threads and memory limit.
  private let logits: SessionPool
  private let embeddings: SessionPool?
  /// Memory for runs.
  let idle: IdleSessions
  /// The packed weights.
  package let packedWeights: WeightStore
  /// The error for a weight that is not finite, so that no result can be trusted; nil where there is none.
  private let strangeWeight: ClassifierError?
  private let noticed = Locked<[String]>([])
  private let kept: PackedWeightsCache.Entry?

  /// The most images in one run of the network; more are split into several runs.
  public static let largestBatch = 16

  /// Reads a model file.
  ///
  /// - Parameters:
  ///   - path: an ONNX file, from VisionNet or of any other origin.
  ///   - preprocessing: for files that have none, or to replace the file's.
  ///   - labels: for files that have none, or to replace the file's.
  ///   - output: the name of the output with one number per class, where there are several outputs.
  ///   - activation: the function that turns the output into probabilities, where this does not follow from
  ///     the network.
  ///   - threads: threads to compute with; by default one per core.
  ///   - precision: the number format of the factors in convolutions and dense layers.
  ///   - cache: a cache with the packed weights of earlier processes; see ``keepPackedWeights()``.
  /// - Throws: `ClassifierError`, with the code of the stage that failed.
  public convenience init(
    contentsOf path: String, preprocessing: PreprocessingSource? = nil, labels: [String]? = nil,
    output: String? = nil, activation: OutputActivation? = nil, threads: Int? = nil,
    precision: ComputePrecision = .float32, packedWeights cache: PackedWeightsCache? = nil
  ) throws(ClassifierError) {
    let kept = cache?.entry(forModel: path)
    var model: Model
    do {
      model = try Model(contentsOf: path, sides: preprocessing?.exact.map { ImageSides($0) })
    } catch { throw ClassifierError(error) }
    model.scores = output ?? model.scores
    model.activation = activation ?? model.activation
    try self.init(
      model, preprocessing: preprocessing, labels: labels, threads: threads, precision: precision,
      name: path, kept: kept)
  }

  /// Reads a pretrained model from the user's store, and downloads it first if it is not there.
  ///
  /// - Parameters:
  ///   - name: see `PretrainedStore`.
  ///   - offline: whether downloading is forbidden.
  ///   - precision: the number format of the factors in convolutions and dense layers.
  ///   - cache: a cache with the packed weights of earlier processes; see ``keepPackedWeights()``.
  public convenience init(
    pretrained name: String, offline: Bool = false, threads: Int? = nil,
    precision: ComputePrecision = .float32, packedWeights cache: PackedWeightsCache? = nil
  ) throws(ClassifierError) {
    let path: String
    do {
      path = try PretrainedStore.standard().resolve(name, offline: offline)
    } catch { throw ClassifierError(error) }
    try self.init(contentsOf: path, threads: threads, precision: precision, packedWeights: cache)
  }

  /// Makes a classifier of a model.
  ///
  /// - Throws: `ClassifierError` when the network's input is not one image, its output is not one number per
  ///   class, or neither the caller nor the model gives a preprocessing.
  public convenience init(
    _ model: Model, preprocessing: Preprocessing? = nil, labels: [String]? = nil, threads: Int? = nil,
    precision: ComputePrecision = .float32
  ) throws(ClassifierError) {
    try self.init(
      model, preprocessing: preprocessing.map { .exact($0) }, labels: labels, threads: threads,
      precision: precision, name: model.provenance?.name ?? "the model")
  }

  private init(
    _ model: Model, preprocessing source: PreprocessingSource?, labels: [String]?, threads: Int?,
    precision: ComputePrecision, name: String,
    kept: PackedWeightsCache.Entry? = nil
  ) throws(ClassifierError) {
    let preprocessing = try Self.preprocessing(source, model, name)
    let saved = kept?.weights(otherFiles: model.otherFiles)
    // Weights that an earlier process packed were checked then. Weights are checked because a ReLU can hide
    // NaN, so that the result does not show it.
    strangeWeight =
      saved == nil
      ? model.graph.nonFiniteWeight(model.parameters).map { weight in
        ClassifierError(
          .notFinite, "the weights '\(weight.name)' of the network hold \(weight.value)",
          place: name, remedy: "use a model whose weights are finite")
      } : nil
    self.model = model
    var used = model
    (used.preprocessing, used.labels) = (preprocessing, labels ?? model.labels)
    executor = Executor(threads: threads)
    packedWeights = WeightStore(saved: saved)
    idle = IdleSessions()
    do {
      let task = try Classification(used)
      let options = SessionPool.Options(
        weights: packedWeights, precision: precision, rows: (task.bound, task.roles.output.value))
      pipeline = try InferencePipeline(
        task, used, batch: .upTo(Self.largestBatch), on: executor, options, idle: idle)
      let other = { [executor, idle] (graph: Graph) in
        SessionPool(graph, model.parameters, writing: task.input.specs, on: executor, options, idle: idle)
      }
      logits = other(try task.roles.graph(task.bound, giving: .logits))
      embeddings = try model.embedding.flatMap { task.bound.value(named: $0) }.map {
        other(try Self.graph(task.bound, giving: $0))
      }
    } catch {
      var told = ClassifierError.wrapping(error)
      told.place = told.place ?? name
      throw told
    }
    self.kept = kept
  }

  /// Writes the packed weights to the cache that the classifier was made with, so that the next process need
  /// not pack them. Does nothing without a cache, or when the cache has them already.
  ///
  /// Call it after the first images, when there is time for it: it writes about as many bytes as the model's
  /// file has.
  ///
  /// - Throws: `StoreError` when the cache cannot be written; the classifier still works.
  public func keepPackedWeights() throws(StoreError) {
    try kept?.keep(packedWeights, otherFiles: model.otherFiles)
  }

  /// The classification task.
  package var task: Classification { pipeline.task }

  /// The graph with `value` as its only output, as float32.
  private static func graph(_ graph: Graph, giving value: ValueID) throws(GraphError) -> Graph {
    let builder = GraphBuilder(extending: graph)
    var last = builder.value(value)
    if last.fact.type != .float32 { last = try builder.add(Cast(to: .float32), last, name: "embedding") }
    try builder.output("result", last)
    return try DeadNodeRemoval().run(builder.graph)
  }

  /// The most likely classes of the image in a file, most likely first.
  ///
  /// - Parameter top: how many; all classes if there are fewer.
  /// - Throws: `ClassifierError`, with the code of the stage that failed.
  public func classify(contentsOf path: String, top: Int = 5) throws(ClassifierError) -> [Prediction] {
    let decoded: Image
    do { decoded = try image(contentsOf: path) } catch { throw ClassifierError(error) }
    return try classify(decoded, top: top)
  }

  /// The most likely classes of the image that the bytes of a file hold, most likely first.
  ///
  /// - Parameters:
  ///   - bytes: a file of any format that `Image` reads, such as what an upload holds.
  ///   - top: how many; all classes if there are fewer.
  /// - Throws: `ClassifierError`, with the code of the stage that failed.
  public func classify(encoded bytes: [UInt8], top: Int = 5) throws(ClassifierError) -> [Prediction] {
    let decoded: Image
    do { decoded = try Image(encoded: bytes, options: reading()) } catch { throw ClassifierError(error) }
    return try classify(decoded, top: top)
  }

  /// The most likely classes of an image, most likely first.
  ///
  /// Where the model's preprocessing has scaled decoding, `image(contentsOf:)` reads a file as it was in training.
  /// - Parameter top: how many; all classes if there are fewer.
  public func classify(_ image: Image, top: Int = 5) throws(ClassifierError) -> [Prediction] {
    try classify([image], top: top)[0]
  }

  /// The most likely classes of each image.
  public func classify(_ images: [Image], top: Int = 5) throws(ClassifierError) -> [[Prediction]] {
    try scores(images).map { $0.top(top, labels: labels) }
  }

  /// The network's K outputs before softmax; where the file has only probabilities, their logarithms.
  public func logits(_ image: Image) throws(ClassifierError) -> [Float] { try logits([image])[0] }

  /// The logits of each image.
  public func logits(_ images: [Image]) throws(ClassifierError) -> [[Float]] {
    try run(images, logits, allowing: -.infinity)
  }

  /// K probabilities; they sum to 1 unless `isMultiLabel`.
  public func probabilities(_ image: Image) throws(ClassifierError) -> [Float] {
    try probabilities([image])[0]
  }

  /// The probabilities of each image.
  public func probabilities(_ images: [Image]) throws(ClassifierError) -> [[Float]] {
    try scores(images).map(\.probabilities)
  }

  /// The embedding of the image: E numbers. Similar images have embeddings with a small angle between them.
  ///
  /// - Throws: `ClassifierError` with code `embedding` when the model names no such value.
  public func embedding(_ image: Image) throws(ClassifierError) -> [Float] { try embeddings([image])[0] }

  /// The embedding of each image.
  ///
  /// - Throws: `ClassifierError` with code `embedding` when the model names no such value.
  public func embeddings(_ images: [Image]) throws(ClassifierError) -> [[Float]] {
    guard let embeddings else {
      throw ClassifierError(
        .embedding, "the model names no value for the embedding",
        remedy: "use a classifier with one layer that reads it, or set Model.embedding")
    }
    return try run(images, embeddings)
  }

  /// The probabilities for each image; each remark is added to `notes` once.
  package func scores(_ images: [Image]) throws(ClassifierError) -> [ClassScores] {
    if let strangeWeight { throw strangeWeight }
    do {
      let scores = try pipeline.predict(images)
      for case let remark? in scores.map(\.remark) {
        noticed.withLock { if !$0.contains(remark) { $0.append(remark) } }
      }
      return scores
    } catch { throw ClassifierError.wrapping(error) }
  }

  /// Other outputs of the network for each image.
  ///
  /// - Parameter limit: a value that is allowed although it is not finite: the logarithm of a probability of
  ///   0 is −∞.
  private func run(
    _ images: [Image], _ sessions: SessionPool, allowing limit: Float? = nil
  ) throws(ClassifierError) -> [[Float]] {
    if let strangeWeight { throw strangeWeight }
    let task = task
    do {
      return try sessions.run(images.count, .upTo(Self.largestBatch)) { index, slots, scratch in
        try task.input.write(images[index], into: slots, scratch)
      } read: { _, _, outputs in
        let numbers = outputs.floats(0)
        guard numbers.allSatisfy({ $0.isFinite || $0 == limit }) else {
          throw ClassifierError(.notFinite, output: task.roles.output.name)
        }
        return Array(numbers)
      }
    } catch { throw ClassifierError.wrapping(error) }
  }
}
