import VisionTasks
import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor
import VisionTraining

/// Quantizes a floating-point classifier to 8-bit integers, without training it again.
///
/// Ranges are measured on images like those that the model will classify. The loss of accuracy is measured on
/// other images, where there are any, and recorded in the model.
public struct PostTrainingQuantization: Sendable {
  /// The number of images to measure ranges on.
  public var images = 128
  /// The most images to measure the loss of accuracy on.
  public var testImages = 1000
  /// How ranges are chosen; nil for the method that preserves the logits of the first images best.
  public var method: RangeMethod?
  public var threads: Int?

  public init() {}

  public struct Result: Sendable {
    /// The quantized model, with its `quantization` filled in.
    public let model: Model
    public let quantization: Model.Quantization
    /// The signal-to-noise ratio, in decibels, of each method of choosing ranges on the first images.
    public let trials: [(method: RangeMethod, signalToNoise: Double)]
    /// Images that could not be read.
    public let skipped: [SkippedFile]
  }

  /// The number of images that decide between the methods of choosing ranges.
  private static let trialImages = 64

  /// Quantizes a model.
  ///
  /// - Parameters:
  ///   - model: a model with preprocessing, and with labels if the images' classes are to be checked.
  ///   - found: the images, in the order in which they are used.
  ///   - seed: the seed of that order.
  ///   - report: called from time to time with a description of the current work.
  /// - Throws: `ClassifierError` when the model is not a classifier, cannot be quantized, or no image can be
  ///   read; `notFinite`, with the value, weight or image, where weights or results of the network are not
  ///   finite.
  public func run(
    _ model: Model, on found: QuantizationImages, seed: UInt64, report: (String) -> Void = { _ in }
  ) throws(ClassifierError) -> Result {
    let floats = try ImageClassifier(model, threads: 1)
    let executor = Executor(threads: threads)
    // Images are read once to find those that can be read.
    var skipped = found.skipped
    report("computing in floating point")
    let wanted = Array(found.images.prefix(images + testImages))
    let (answers, failures) = try logits(floats, wanted, executor)
    for (index, error) in failures { skipped.append(SkippedFile(path: wanted[index].path, error)) }
    let usable = wanted.indices.filter { answers[$0] != nil }
    guard !usable.isEmpty else {
      throw ClassifierError(
        .noImages, "there is no image that can be read", remedy: "give a folder of images")
    }
    let chosen = usable.prefix(images).map { wanted[$0] }
    let before = usable.map { answers[$0] ?? [] }
    let quantizer: Quantizer
    let histograms: [ActivationHistogram]
    do {
      let open = try model.graph.bound(to: floats.preprocessing)
      let bound = try open.bound(batch: Self.batch(of: open))
      quantizer = try Quantizer(bound, parameters: model.parameters)
      report("measuring the ranges of \(quantizer.rangeCount) values on \(chosen.count) images")
      let observer = try RangeObserver(
        quantizer.observation(), parameters: quantizer.parameters, input: floats.task.input,
        executor: executor, name: { quantizer.observedName($0) })
      histograms = try observer.histograms(chosen.map(\.path)) {}
    } catch let error as ClassifierError { throw error } catch let error as GraphError {
      throw ClassifierError(error)
    } catch { throw ClassifierError(.network, "\(error)") }

    let trialImages = Array(chosen.prefix(Self.trialImages))
    var best: (method: RangeMethod, model: Model, noise: Double)?
    var trials: [(method: RangeMethod, signalToNoise: Double)] = []
    for method in self.method.map({ [$0] }) ?? RangeMethod.allCases {
      report("trying ranges by \(method.rawValue)")
      let candidate = try quantized(model, quantizer, histograms.map { method.range($0) })
      let (after, _) = try logits(ImageClassifier(candidate, threads: 1), trialImages, executor)
      let noise = Self.signalToNoise(Array(before.prefix(trialImages.count)), after.map { $0 ?? [] })
      trials.append((method, noise))
      if noise > best?.noise ?? -.infinity { best = (method, candidate, noise) }
    }
    guard var best else {
      throw ClassifierError(.notFinite, "the quantized network gives no finite numbers")
    }
    let isHeldOut = usable.count > chosen.count
    let tested = Array(isHeldOut ? usable.dropFirst(chosen.count) : usable[...])
    report("computing on bytes: \(tested.count) images")
    let (after, _) = try logits(ImageClassifier(best.model, threads: 1), tested.map { wanted[$0] }, executor)
    let quantization = Self.figures(
      tested.map { (image: wanted[$0], before: answers[$0] ?? []) }, after.map { $0 ?? [] },
      isLabeled: found.isLabeled, method: best.method, images: chosen.count, seed: seed,
      isHeldOut: isHeldOut)
    best.model.quantization = quantization
    best.model.preprocessing = floats.preprocessing
    if let seen = model.trainingImages {
      // Only these images decided the ranges; those that the loss of accuracy was measured on did not.
      let hashes = ImageHashing.hashes(of: chosen.map(\.path), threads: threads).compactMap { $0 }
      best.model.trainingImages = seen.union(.init(training: .none, validation: ImageHashes(hashes)))
    }
    return Result(model: best.model, quantization: quantization, trials: trials, skipped: skipped)
  }

  private static func batch(of graph: Graph) -> Int {
    guard let input = graph.inputs.first, case .input(let dimensions) = graph[input].source,
      case .fixed(let batch)? = dimensions.first
    else { return 1 }
    return batch
  }

  private func quantized(_ model: Model, _ quantizer: Quantizer, _ ranges: [ClosedRange<Float>])
    throws(ClassifierError) -> Model
  {
    var result = model
    do {
      (result.graph, result.parameters) = try quantizer.quantized(ranges)
    } catch { throw ClassifierError(error) }
    // A value within nodes that were merged into one operator no longer exists.
    if let name = result.embedding, result.graph.value(named: name) == nil { result.embedding = nil }
    return result
  }

  /// The logits of each image, nil where it cannot be read, and the errors of those images.
  private func logits(
    _ classifier: ImageClassifier, _ images: [QuantizationImages.Image], _ executor: Executor
  ) throws(ClassifierError) -> ([[Float]?], [(Int, ImageError)]) {
    let state = Locked(
      (
        rows: [[Float]?](repeating: nil, count: images.count), failures: [(Int, ImageError)](),
        error: ClassifierError?.none
      ))
    executor.forEach(count: images.count) { index, _ in
      let image: Image
      do throws(ImageError) {
        image = try classifier.image(contentsOf: images[index].path)
      } catch { return state.withLock { $0.failures.append((index, error)) } }
      do throws(ClassifierError) {
        let row = try classifier.logits(image)
        state.withLock { $0.rows[index] = row }
      } catch { state.withLock { $0.error = $0.error ?? error } }
    }
    let (rows, failures, error) = state.withLock { $0 }
    if let error { throw error }
    if let index = rows.firstIndex(where: { $0.map { !$0.allSatisfy(\.isFinite) } ?? false }) {
      throw ClassifierError(
        .notFinite, "the network's numbers for the image are not finite", place: images[index].path,
        remedy: "check the model's weights, and that the preprocessing is the model's")
    }
    return (rows, failures.sorted { $0.0 < $1.0 })
  }

  private static func signalToNoise(_ before: [[Float]], _ after: [[Float]]) -> Double {
    var (signal, noise) = (0.0, 0.0)
    for (a, b) in zip(before, after) {
      for (x, y) in zip(a, b) {
        signal += Double(x) * Double(x)
        noise += (Double(y) - Double(x)) * (Double(y) - Double(x))
      }
    }
    // Bitwise equal logits count as the largest ratio that float32 can resolve.
    return noise == 0 ? 150 : 10 * log10(signal / noise)
  }

  private static func figures(
    _ tested: [(image: QuantizationImages.Image, before: [Float])], _ after: [[Float]],
    isLabeled: Bool,
    method: RangeMethod, images: Int, seed: UInt64, isHeldOut: Bool
  ) -> Model.Quantization {
    func best(_ row: [Float]) -> Int { row.indices.max { row[$0] < row[$1] } ?? 0 }
    func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
    var (right, rightAfter, equal) = (0, 0, 0)
    for ((image, before), after) in zip(tested, after) {
      let (a, b) = (best(before), best(after))
      if a == b { equal += 1 }
      if image.classes.contains(a) { right += 1 }
      if image.classes.contains(b) { rightAfter += 1 }
    }
    let count = Double(tested.count)
    return Model.Quantization(
      method: method.rawValue, images: images, seed: seed, testImages: tested.count, isHeldOut: isHeldOut,
      top1: isLabeled ? (rounded(Double(right) / count), rounded(Double(rightAfter) / count)) : nil,
      agreement: rounded(Double(equal) / count),
      signalToNoise: rounded(signalToNoise(tested.map(\.before), after)))
  }
}
