public import VisionCompute
public import VisionImage
public import VisionInference
public import VisionModel
import VisionStore
import VisionSystem
public import VisionTasks
import VisionTensor

/// Finds objects in images: what they are, and where.
///
/// ```swift
/// let detector = try ObjectDetector(pretrained: "ssd-mobilenetv2")
/// for object in try detector.detect(contentsOf: "street.jpg") {
///   print(object.label, object.score, object.box)
/// }
/// ```
///
/// Any number of threads and tasks may use one detector at once.
public final class ObjectDetector: Sendable {
  /// The model with its labels and preprocessing, and with the outputs that `ObjectDetection` reads; nil for a detector that
  /// runs in stages, because it selects boxes by itself.
  public var model: Model? { source.model }
  /// The threads that the network runs on.
  public let executor: Executor
  package let source: DetectorSource
  package let task: ObjectDetection
  private let predict: @Sendable ([Image]) throws -> [[Detection]]

  /// Reads a model file.
  ///
  /// - Parameters:
  ///   - selection: which boxes count as results; by default the model's own choice.
  ///   - threads: one per core by default.
  /// - Throws: `ClassifierError`; its cause is a `FormatError` where the file cannot be read.
  public convenience init(
    contentsOf path: String, selection: BoxSelection? = nil, threads: Int? = nil
  ) throws(ClassifierError) {
    let source: DetectorSource
    do {
      source = try DetectorSource(
        contentsOf: path, labels: nil, head: nil, on: Executor(threads: threads))
    } catch { throw ClassifierError.wrapping(error) }
    try self.init(source, selection: selection, threads: threads)
  }

  /// A published detector, which is downloaded once.
  ///
  /// - Parameters:
  ///   - name: one of `visionnet models list`.
  ///   - offline: whether the network must not be used.
  /// - Throws: `ClassifierError`; its cause is a `StoreError` where the model cannot be had.
  public convenience init(
    pretrained name: String, offline: Bool = false, selection: BoxSelection? = nil, threads: Int? = nil
  ) throws(ClassifierError) {
    let path: String
    do { path = try PretrainedStore.standard().resolve(name, offline: offline) } catch {
      throw ClassifierError(error)
    }
    try self.init(contentsOf: path, selection: selection, threads: threads)
  }

  /// Makes a detector of a model, one of VisionNet's or one whose outputs are recognized.
  ///
  /// - Throws: `ClassifierError` when the model is for another task, says too little about its input, or nobody knows what its
  ///   outputs mean.
  public convenience init(_ model: Model, selection: BoxSelection? = nil, threads: Int? = nil)
    throws(ClassifierError)
  {
    let network: DetectorNetwork
    do { network = try DetectorNetwork(model) } catch { throw ClassifierError.wrapping(error) }
    try self.init(.network(network), selection: selection, threads: threads)
  }

  /// - Parameter classes: the positions of the classes that count; nil for all.
  package init(
    _ source: DetectorSource, selection: BoxSelection? = nil, classes: Set<Int>? = nil, threads: Int? = nil
  ) throws(ClassifierError) {
    self.source = source
    executor = Executor(threads: threads)
    do {
      var task = try source.task()
      if let selection { task.selection = selection }
      task.chosenClasses = classes
      predict = try source.predictor(task, on: executor)
      self.task = task
    } catch { throw ClassifierError.wrapping(error) }
  }

  /// The names of the classes, in the order of the model's scores.
  public var labels: [String] { task.labels }
  /// How images become the network's input.
  public var preprocessing: Preprocessing { task.input.preprocessing }
  /// Which boxes count as results.
  public var selection: BoxSelection { task.selection }

  /// The same detector on one thread.
  package func single() throws(ClassifierError) -> ObjectDetector {
    try ObjectDetector(source, selection: selection, classes: task.chosenClasses, threads: 1)
  }

  /// The objects in the image of a file, the highest score first, in pixels of the upright image.
  ///
  /// - Throws: `ClassifierError`; its cause is an `ImageError` where the file cannot be read.
  public func detect(contentsOf path: String) throws(ClassifierError) -> [Detection] {
    try detect(contentsOf: path, options: reading())
  }

  func detect(contentsOf path: String, options: ImageOptions) throws(ClassifierError) -> [Detection] {
    let image: Image
    do { image = try Image(contentsOf: path, options: options) } catch { throw ClassifierError(error) }
    return try detect(image)
  }

  /// The objects in the image that the bytes of a file hold.
  ///
  /// - Parameter bytes: a file of any format that `Image` reads, such as what an upload holds.
  public func detect(encoded bytes: [UInt8]) throws(ClassifierError) -> [Detection] {
    let image: Image
    do { image = try Image(encoded: bytes, options: reading()) } catch { throw ClassifierError(error) }
    return try detect(image)
  }

  /// The objects in an image, the highest score first, in pixels of the upright image.
  ///
  /// - Throws: `ClassifierError`, `notFinite` where the network's numbers are not finite.
  public func detect(_ image: Image) throws(ClassifierError) -> [Detection] {
    do { return try predict([image])[0] } catch { throw ClassifierError.wrapping(error) }
  }

  /// The objects in a large image, which is looked at in parts as well as in whole.
  ///
  /// - Parameter image: in full size.
  public func detect(_ image: Image, tiles: DetectionTiles) throws(ClassifierError) -> [Detection] {
    do { return try tiles.detect(in: image, selection, predict) } catch {
      throw ClassifierError.wrapping(error)
    }
  }

  /// The objects in each image.
  public func detect(_ images: [Image]) throws(ClassifierError) -> [[Detection]] {
    do { return try predict(images) } catch { throw ClassifierError.wrapping(error) }
  }

  /// The objects in the image of a file; see `AwaitedCalls` for where it runs.
  ///
  /// - Throws: `ClassifierError`; `interrupted` when the task is cancelled.
  public func detect(contentsOf path: String) async throws(ClassifierError) -> [Detection] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.detect(contentsOf: path) }
  }

  /// The objects in the image that the bytes of a file hold.
  ///
  /// - Throws: `ClassifierError`; `interrupted` when the task is cancelled.
  public func detect(encoded bytes: [UInt8]) async throws(ClassifierError) -> [Detection] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.detect(encoded: bytes) }
  }

  /// The objects in an image.
  ///
  /// - Throws: `ClassifierError`; `interrupted` when the task is cancelled.
  public func detect(_ image: Image) async throws(ClassifierError) -> [Detection] {
    try await AwaitedCalls.run { (_) throws(ClassifierError) in try self.detect(image) }
  }

  /// Options to read images for this model.
  package func reading(_ options: ImageOptions = ImageOptions()) -> ImageOptions {
    var options = options
    options.preprocessing = preprocessing
    return options
  }
}
