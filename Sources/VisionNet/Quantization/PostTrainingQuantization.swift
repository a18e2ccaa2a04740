import VisionTasks
import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor
import VisionTraining

/// Quantizes a floating-point network that takes images to 8-bit integers, without training it again.
///
/// Ranges are measured on images like those that the model will see. The loss of accuracy is measured on other images, where
/// there are any, and recorded in the model.
public struct PostTrainingQuantization: Sendable {
  /// The number of images to measure ranges on.
  public var images = 128
  /// The most images to measure the loss of accuracy on.
  public var testImages = 1000
  /// How ranges are chosen; nil for the method that preserves the outputs for the first images best.
  public var method: RangeMethod?
  public var threads: Int?

  public init() {}

  public struct Result: Sendable {
    /// The quantized model, with its `quantization` filled in.
    public let model: Model
    public let quantization: Model.Quantization
    /// The signal-to-noise ratio, in decibels, of each method of choosing ranges on the first images.
    public let trials: [(method: RangeMethod, signalToNoise: Double)]
    /// The images that the loss of accuracy was measured on.
    package let tested: [QuantizationImages.Image]
    /// Images that could not be read.
    public let skipped: [SkippedFile]
  }

  /// The number of images that decide between the methods of choosing ranges.
  private static let trialImages = 64

  /// Quantizes a model.
  ///
  /// - Parameters:
  ///   - model: a network that takes images, with preprocessing: a classifier, with labels if the images' classes are to be
  ///     checked, a detector of any kind, or another one.
  ///   - found: the images, in the order in which they are used.
  ///   - seed: the seed of that order.
  ///   - report: called from time to time with a description of the current work.
  /// - Throws: `ClassifierError` when the model cannot be quantized, or no image can be read; `notFinite`, with the value,
  ///   weight or image, where weights or results of the network are not finite.
  public func run(
    _ model: Model, on found: QuantizationImages, seed: UInt64, report: (String) -> Void = { _ in }
  ) throws(ClassifierError) -> Result {
    let refused: ClassifierError
    do {
      return try run(ClassifierSubject(model), on: found, seed: seed, report: report)
    } catch { refused = error }
    if let detector = try? DetectorNetwork(model) {
      return try run(NetworkSubject(detector.model), on: found, seed: seed, report: report)
    }
    // What is wrong with a classifier is said; a network whose outputs are no scores of classes is none.
    guard let cause = refused.cause as? RoleError, cause.kind == .output else { throw refused }
    return try run(NetworkSubject(model), on: found, seed: seed, report: report)
  }

  private func run<Subject: QuantizationSubject>(
    _ floats: Subject, on found: QuantizationImages, seed: UInt64, report: (String) -> Void
  ) throws(ClassifierError) -> Result {
    let executor = Executor(threads: threads)
    report("reading images")
    let (usable, unreadable) = readable(Array(found.images.prefix(images + testImages)), floats, executor)
    guard !usable.isEmpty else {
      throw ClassifierError(
        .noImages, "there is no image that can be read", remedy: "give a folder of images")
    }
    let chosen = Array(usable.prefix(images))
    let (quantizer, histograms) = try measure(floats, chosen, executor, report)
    var best: (method: RangeMethod, model: Model, noise: Double)?
    var trials: [(method: RangeMethod, signalToNoise: Double)] = []
    for method in self.method.map({ [$0] }) ?? RangeMethod.allCases {
      report("trying ranges by \(method.rawValue)")
      let candidate = try quantized(floats.model, quantizer, histograms.map { method.range($0) })
      let noise = try compare(
        floats, Subject(candidate), Array(chosen.prefix(Self.trialImages)), executor
      ).noise.decibels
      trials.append((method, noise))
      if noise > best?.noise ?? -.infinity { best = (method, candidate, noise) }
    }
    guard var best else {
      throw ClassifierError(.notFinite, "the quantized network gives no finite numbers")
    }
    let isHeldOut = usable.count > chosen.count
    let tested = isHeldOut ? Array(usable.dropFirst(chosen.count)) : usable
    report("comparing on \(tested.count) images")
    let compared = try compare(floats, Subject(best.model), tested, executor)
    let cost =
      try Subject.comparesClasses
      ? classes(compared, tested, found) : objects(floats.model, best.model, tested, found)
    let quantization = Model.Quantization(
      method: best.method.rawValue, images: chosen.count, seed: seed, testImages: tested.count,
      isHeldOut: isHeldOut, top1: cost.top1, agreement: cost.agreement, boxPrecision: cost.boxPrecision,
      signalToNoise: Self.rounded(compared.noise.decibels))
    best.model.quantization = quantization
    if let seen = floats.model.trainingImages {
      // Only these images decided the ranges; those that the loss of accuracy was measured on did not.
      let hashes = ImageHashing.hashes(of: chosen.map(\.path), threads: threads).compactMap { $0 }
      best.model.trainingImages = seen.union(.init(training: .none, validation: ImageHashes(hashes)))
    }
    return Result(
      model: best.model, quantization: quantization, trials: trials, tested: tested,
      skipped: found.skipped + unreadable)
  }

  /// The images that can be read, and those that cannot.
  private func readable(
    _ images: [QuantizationImages.Image], _ subject: some QuantizationSubject, _ executor: Executor
  ) -> ([QuantizationImages.Image], [SkippedFile]) {
    let failures = Locked([Int: ImageError]())
    executor.forEach(count: images.count) { index, _ in
      do throws(ImageError) { _ = try subject.image(contentsOf: images[index].path) } catch {
        failures.withLock { $0[index] = error }
      }
    }
    let failed = failures.withLock { $0 }
    let usable = images.indices.filter { failed[$0] == nil }.map { images[$0] }
    return (
      usable, failed.sorted { $0.key < $1.key }.map { SkippedFile(path: images[$0.key].path, $0.value) }
    )
  }

  /// The values that become bytes, and how their numbers are distributed.
  private func measure(
    _ floats: some QuantizationSubject, _ chosen: [QuantizationImages.Image], _ executor: Executor,
    _ report: (String) -> Void
  ) throws(ClassifierError) -> (Quantizer, [ActivationHistogram]) {
    do {
      let open = try floats.model.graph.bound(to: floats.input.preprocessing)
      let bound = try open.bound(batch: Self.batch(of: open))
      let quantizer = try Quantizer(bound, parameters: floats.model.parameters)
      report("measuring the ranges of \(quantizer.rangeCount) values on \(chosen.count) images")
      let observer = try RangeObserver(
        quantizer.observation(), parameters: quantizer.parameters, input: floats.input,
        executor: executor, name: { quantizer.observedName($0) })
      return (quantizer, try observer.histograms(chosen.map(\.path)) {})
    } catch let error as ClassifierError { throw error } catch let error as GraphError {
      throw ClassifierError(error)
    } catch { throw ClassifierError(.network, "\(error)") }
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

  /// What two networks give for the same images.
  private struct Comparison {
    var noise = OutputNoise()
    /// The position of the largest number of the first output, before and after, of each image.
    var best: [(before: Int, after: Int)] = []
  }

  private func compare<Subject: QuantizationSubject>(
    _ before: Subject, _ after: Subject, _ images: [QuantizationImages.Image], _ executor: Executor
  ) throws(ClassifierError) -> Comparison {
    typealias Row = (noise: OutputNoise, best: (before: Int, after: Int))
    let results = Locked([Swift.Result<Row, ClassifierError>?](repeating: nil, count: images.count))
    executor.forEach(count: images.count) { index, _ in
      let result = Swift.Result { () throws(ClassifierError) -> Row in
        let image: Image
        do throws(ImageError) { image = try before.image(contentsOf: images[index].path) } catch {
          throw ClassifierError(error)
        }
        let numbers = try before.numbers(image)
        guard numbers.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
          throw ClassifierError(
            .notFinite, "the network's numbers for the image are not finite", place: images[index].path,
            remedy: "check the model's weights, and that the preprocessing is the model's")
        }
        let again = try after.numbers(image)
        return (OutputNoise(numbers, again), (Self.best(numbers.first ?? []), Self.best(again.first ?? [])))
      }
      results.withLock { $0[index] = result }
    }
    var comparison = Comparison()
    for result in results.withLock({ $0 }) {
      guard let row = try result?.get() else { continue }
      comparison.noise.add(row.noise)
      comparison.best.append(row.best)
    }
    return comparison
  }

  private static func best(_ row: [Float]) -> Int { row.indices.max { row[$0] < row[$1] } ?? 0 }

  /// What quantizing costs in terms of the network's task.
  private typealias Cost = (
    top1: (before: Double, after: Double)?, agreement: Double?, boxPrecision: (before: Double, after: Double)?
  )

  private func classes(
    _ compared: Comparison, _ tested: [QuantizationImages.Image], _ found: QuantizationImages
  ) -> Cost {
    let best = compared.best
    func part(_ isCounted: (Int) -> Bool) -> Double {
      Self.rounded(Double(tested.indices.count(where: isCounted)) / Double(tested.count))
    }
    let top1 =
      found.isLabeled
      ? (
        before: part { tested[$0].classes.contains(best[$0].before) },
        after: part { tested[$0].classes.contains(best[$0].after) }
      ) : nil
    return (top1, part { best[$0].before == best[$0].after }, nil)
  }

  /// Nothing for networks that find no objects.
  private func objects(
    _ before: Model, _ after: Model, _ tested: [QuantizationImages.Image], _ found: QuantizationImages
  ) throws(ClassifierError) -> Cost {
    guard before.task == Signature.detection else { return (nil, nil, nil) }
    let comparison = DetectionComparison(before: before, after: after, threads: threads)
    let agreement = Self.rounded(try comparison.agreement(on: tested.map(\.path)))
    let paths = Set(tested.map(\.path))
    guard let annotations = found.annotations else { return (nil, agreement, nil) }
    let images = annotations.images.filter { $0.path.map(paths.contains) ?? false }
    let precision = try comparison.precision(on: images, classes: annotations.classes)
    return (nil, agreement, precision.map { (Self.rounded($0.before), Self.rounded($0.after)) })
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
