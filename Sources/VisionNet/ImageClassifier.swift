import VisionStore
import VisionInference
import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionRuntime
import VisionSystem
import VisionTensor

/// Labels images.
///
/// A classifier is immutable; any number of tasks may call it at once. Plans and their memory are made on first use of
/// a batch size and kept, within ``idleMemoryLimit``. Calls that run at the same time each use memory of their own; the
/// threads are shared, so a second call computes on its own thread while the first one has them. In a task, await the calls:
/// they then run on threads of the classifier's own and end when the task is cancelled.
///
/// ```swift
/// let classifier = try ImageClassifier(pretrained: "efficientnet-lite0")
/// let best = try classifier.classify(contentsOf: "dog.jpg")
/// print(best[0].label, best[0].probability)
/// ```
public final class ImageClassifier: Sendable {
  /// The names of the classes, in the order of the network's outputs.
  public let labels: [String]
  /// How images become the input of the network.
  public let preprocessing: Preprocessing
  /// The model as it was read, with what the caller says of its output.
  public let model: Model
  /// The threads.
  public let executor: Executor
  /// Probability below which the model's maker would not name a class; nil when the model does not say.
  public var threshold: Double? { model.threshold }

  /// Whether classes are independent of one another, so that several may be right for one image and their probabilities need
  /// not sum to 1.
  public var isMultiLabel: Bool {
    network.roles.reading == .independent || network.roles.reading == .independentLogits
  }

  /// What is to be known about how a file of others is read, and what was noticed while it ran.
  public var notes: [String] { network.roles.notes + noticed.withLock { $0 } }

  private let network: ClassifierNetwork
  private let check: ScoreCheck
  /// Why no answer of the network can be trusted; nil where its weights are numbers.
  private let strangeWeight: ClassifierError?
  private let noticed = Locked<[String]>([])
  let runners: RunnerPool
  private let kept: PackedWeightsCache.Entry?

  /// Images that one run of the network takes at most; more are split.
  public static let largestBatch = 16

  /// Reads a model file.
  ///
  /// - Parameters:
  ///   - path: an ONNX file, of VisionNet or any other origin.
  ///   - preprocessing: for files that hold none, or to use another.
  ///   - labels: likewise.
  ///   - output: the name of the output that holds a number a class, where there are several.
  ///   - activation: what makes probabilities of its numbers, where the network does not tell.
  ///   - threads: threads to compute with; by default one per core.
  ///   - precision: what convolutions and dense layers multiply.
  ///   - cache: where packed weights of earlier processes are looked for; see ``keepPackedWeights()``.
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

  /// Takes a pretrained model from the user's store, and pulls it first when it is not there.
  ///
  /// - Parameters:
  ///   - name: see `PretrainedStore`.
  ///   - offline: never touches the network.
  ///   - precision: what convolutions and dense layers multiply.
  ///   - cache: where packed weights of earlier processes are looked for; see ``keepPackedWeights()``.
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

  /// Wraps a model.
  ///
  /// - Throws: `ClassifierError` when the network does not take one image, does not give one number a class, or lacks a
  ///   preprocessing that nobody gave.
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
    // Weights that an earlier process packed were looked at then. A ReLU can hide what is no number, so that the answer does
    // not show it.
    strangeWeight =
      saved == nil
      ? model.graph.nonFiniteWeight(model.parameters).map { weight in
        ClassifierError(
          .notFinite, "the weights '\(weight.name)' of the network hold \(weight.value)",
          place: name, remedy: "use a model whose weights are finite")
      } : nil
    do {
      network = try ClassifierNetwork(
        model, preprocessing: preprocessing, labels: labels?.count,
        weights: WeightStore(saved: saved), precision: precision)
    } catch {
      var told = error
      told.place = error.place ?? name
      throw told
    }
    self.labels = try Self.labels(labels ?? model.labels, network.roles, name)
    check = ScoreCheck(network.roles)
    self.preprocessing = network.roles.input.effective(preprocessing)
    self.model = model
    self.executor = Executor(threads: threads)
    self.runners = RunnerPool()
    self.kept = kept
  }

  /// Keeps the weights, in the order that the kernels read, in the cache that the classifier was made with, so that the next
  /// process need not pack them; does nothing without a cache, or when they are kept already.
  ///
  /// Call it when there is time for it, after the first images: it writes about as much as the model's file has.
  ///
  /// - Throws: `StoreError` when the cache cannot be written. Nothing but time is lost then.
  public func keepPackedWeights() throws(StoreError) {
    try kept?.keep(network.weights, otherFiles: model.otherFiles)
  }

  /// The input of the network.
  var input: ImageInput { network.roles.input }

  /// What has been packed.
  var packedWeights: WeightStore { network.weights }

  /// Reads an image as the model wants it, which is smaller than the file's where its preprocessing has scaled decoding.
  ///
  /// - Parameter options: limits and the like; the preprocessing is the model's.
  /// - Throws: `ImageError` as `Image(contentsOf:options:)`.
  public func image(
    contentsOf path: String, options: ImageOptions = ImageOptions()
  ) throws(ImageError) -> Image {
    try Image(contentsOf: path, options: reading(options))
  }

  /// Options to read images for this model.
  public func reading(_ options: ImageOptions = ImageOptions()) -> ImageOptions {
    var options = options
    options.preprocessing = preprocessing
    return options
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
    try run(images, .probabilities) { Prediction.top(top, of: $0, labels: labels) }
  }

  /// What the network gives before softmax: K numbers. Where the file holds probabilities only, their logarithms.
  public func logits(_ image: Image) throws(ClassifierError) -> [Float] { try logits([image])[0] }

  /// The logits of each image.
  public func logits(_ images: [Image]) throws(ClassifierError) -> [[Float]] {
    try run(images, .logits) { Array($0) }
  }

  /// K probabilities; they sum to 1 unless the model is one of several labels an image.
  public func probabilities(_ image: Image) throws(ClassifierError) -> [Float] {
    try probabilities([image])[0]
  }

  /// The probabilities of each image.
  public func probabilities(_ images: [Image]) throws(ClassifierError) -> [[Float]] {
    try run(images, .probabilities) { Array($0) }
  }

  /// E numbers that describe the image; images that look alike have embeddings with a small angle between them.
  ///
  /// - Throws: `ClassifierError` with code `embedding` when the model names no such value.
  public func embedding(_ image: Image) throws(ClassifierError) -> [Float] { try embeddings([image])[0] }

  /// The embedding of each image.
  ///
  /// - Throws: `ClassifierError` with code `embedding` when the model names no such value.
  public func embeddings(_ images: [Image]) throws(ClassifierError) -> [[Float]] {
    guard network.hasEmbedding else {
      throw ClassifierError(
        .embedding, "the model names no value for the embedding",
        remedy: "use a classifier with one layer that reads it, or set Model.embedding")
    }
    return try run(images, .embedding) { Array($0) }
  }

  /// Preprocesses and runs images in batches and hands each image's numbers to `finish`.
  private func run<Result>(
    _ images: [Image], _ kind: ClassifierNetwork.Output, _ finish: (UnsafeBufferPointer<Float>) -> Result
  ) throws(ClassifierError) -> [Result] {
    if let strangeWeight { throw strangeWeight }
    var results: [Result] = []
    results.reserveCapacity(images.count)
    var next = 0
    while next < images.count {
      let size = network.batch(for: images.count - next, limit: Self.largestBatch)
      let part = Array(images[next..<min(next + size, images.count)])
      let key = RunnerPool.Key(batch: size, output: kind)
      let runner: Runner
      if let idle = runners.take(key) {
        runner = idle
      } else {
        do {
          runner = Runner(try network.plan(batch: size, kind), executor, network.roles.input, preprocessing)
        } catch { throw ClassifierError(error) }
      }
      try runner.run(part)
      for index in part.indices {
        let (result, finding) = runner.withNumbers(of: index) { numbers, scores in
          judged(numbers, scores, kind, finish)
        }
        if let finding { throw ClassifierError(finding, output: network.roles.output.name) }
        if let result { results.append(result) }
      }
      runners.put(runner, key)
      next += part.count
    }
    return results
  }

  /// What `finish` makes of one image's numbers, or why they cannot be used.
  private func judged<Result>(
    _ numbers: UnsafeBufferPointer<Float>, _ scores: UnsafeBufferPointer<Float>,
    _ kind: ClassifierNetwork.Output, _ finish: (UnsafeBufferPointer<Float>) -> Result
  ) -> (Result?, ScoreCheck.Finding?) {
    guard kind == .probabilities else {
      // The logarithm of a probability of 0 is −∞.
      let isFinite = numbers.allSatisfy { $0.isFinite || (kind == .logits && $0 == -.infinity) }
      return isFinite ? (finish(numbers), nil) : (nil, .notFinite)
    }
    switch check.finding(numbers, scores: scores) {
    case nil: return (finish(numbers), nil)
    case .alreadyProbabilities?:
      if network.roles.isAssumed {
        notice(
          "the numbers of the output '\(network.roles.output.name)' lie between 0 and 1 and sum to 1: they are taken for "
            + "probabilities as they are")
        return (finish(scores), nil)
      }
      notice(
        "softmax is applied, as was asked, to numbers that already lie between 0 and 1 and sum to 1")
      return (finish(numbers), nil)
    case let finding?: return (nil, finding)
    }
  }

  /// Keeps a remark, once.
  private func notice(_ text: String) {
    noticed.withLock { if !$0.contains(text) { $0.append(text) } }
  }
}
