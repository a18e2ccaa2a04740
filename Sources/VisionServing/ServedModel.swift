import VisionCompute
import VisionImage
import VisionInference
import VisionModel
import VisionNet
import VisionStore
import VisionSystem
import VisionTasks

/// A model that answers encoded images with the records of the command line, whatever its task is.
///
/// Immutable; any number of threads may call it at once. Each call runs the network on its own thread, so that several calls
/// share nothing but the model.
public final class ServedModel: Sendable {
  /// The name by which it is asked for.
  public let name: String
  /// What was read: the first 12 hexadecimal digits of the file's SHA-256.
  public let version: String
  /// What it tells of an image.
  public let task: ServedTask
  /// The names of its classes, in the order of the network's outputs.
  public let labels: [String]
  /// About how many bytes the weights take: as in the file, and as the kernels read them.
  public let byteCount: Int
  let predictor: any ServedPredictor
  private let threads: Int
  /// Made when it is first asked for: most are asked about images.
  private let network = OnDemand<ServedNetwork>()

  /// The cores that this process may use.
  public static var availableThreads: Int { Executor.availableThreads }

  /// The least score that a detector can be asked for: what lies below is not looked for.
  public static let lowestConfidence: Float = 0.05

  /// Reads a model file.
  ///
  /// - Parameters:
  ///   - path: a classifier, a detector, or a detector of faces, of VisionNet or others.
  ///   - threads: threads that one run of the network computes with.
  /// - Throws: a `VisionError` when the file cannot be read, or nobody knows what the network tells.
  public init(name: String, contentsOf path: String, threads: Int = 1) throws {
    // First the version, so that a file that is exchanged in between is read again later, not taken for the old one.
    let (version, byteCount) = try Self.version(of: path)
    (self.name, self.version, self.byteCount, self.threads) = (name, version, 2 * byteCount, threads)
    predictor = try Self.predictor(path, threads: threads)
    (task, labels) = (predictor.task, predictor.labels)
  }

  /// The answers to images, in order. They are decoded one after the other; a classifier's network runs on all together.
  ///
  /// Errors of an image, and of the model, are answers, too.
  public func answers(
    to images: [ServedImage], asking question: ServedQuestion = .result, limits: ServedLimits = ServedLimits()
  ) -> [ServedAnswer] {
    do {
      switch question {
      case .result:
        return try predictor.outcomes(of: images, options: limits.options).map { answer($0) }
      case .embedding:
        return try predictor.embeddings(of: images, options: limits.options).map { answer($0) }
      case .heatMap(let isPicture):
        return try images.map { image in
          let found = try predictor.heatMap(of: image, isPicture: isPicture, options: limits.options)
          return answer(found.outcome, found.picture)
        }
      }
    } catch {
      let error = ClassifierError.wrapping(error)
      return images.map { answer(SubjectOutcome($0.name, .failure(error))) }
    }
  }

  private func answer(_ outcome: SubjectOutcome, _ picture: [UInt8]? = nil) -> ServedAnswer {
    var json = RecordFormat.object(outcome)
    if case .object(let members) = json {
      json = .object(members + [("model", .string(name)), ("version", .string(version))])
    }
    return ServedAnswer(
      json: json, errorCode: outcome.error?.code, blame: outcome.error?.blame,
      picture: outcome.error == nil ? picture : nil)
  }

  /// The network's inputs and outputs.
  ///
  /// - Throws: `ClassifierError` for networks that run in stages.
  public func tensors() throws -> (inputs: [ServedTensorSpec], outputs: [ServedTensorSpec]) {
    let network = try rawNetwork()
    return (network.inputs, network.outputs)
  }

  /// The network's outputs for N samples of its inputs, without preparation of images and without decoding.
  ///
  /// - Parameter limit: the most samples.
  /// - Throws: `ImageError` with kind `invalidArgument` for tensors that the network does not take; the errors of the network.
  public func run(_ inputs: [ServedTensor], limit: Int = 64) throws -> [ServedTensor] {
    try rawNetwork().run(inputs, limit: limit)
  }

  private func rawNetwork() throws -> ServedNetwork {
    try network { try predictor.network(on: Executor(threads: threads)) }
  }

  /// Frees the memory that is kept between calls.
  public func releaseMemory() { predictor.releaseMemory() }

  private static func version(of path: String) throws -> (text: String, byteCount: Int) {
    let file = try FileBytes(path: path, limit: .max)
    return (String(ContentHash(of: file.bytes).hexadecimal.prefix(12)), file.bytes.count)
  }

  private static func predictor(_ path: String, threads: Int) throws -> any ServedPredictor {
    let executor = Executor(threads: threads)
    do {
      let source = try DetectorSource(contentsOf: path, labels: nil, head: nil, on: executor)
      let task = try source.task()
      if task.pointCount == 5, case .network(let network) = source {
        return try ServedFaces(path, network.model, task.selection.confidence, threads: threads)
      }
      return try ServedDetector(source, task, on: executor)
    } catch let error as RoleError where error.kind == .head {
      // No head of a detector is recognized: what else has a network for images is a classifier.
      return ServedClassifier(
        try ImageClassifier(contentsOf: path, threads: threads, packedWeights: .standard))
    }
  }
}
