import VisionInference
import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionRuntime
import VisionTensor

/// Runs a network on images and records the values that are to be quantized.
struct RangeObserver {
  private let sessions: SessionPool
  private let input: ImageInputWriter
  /// The name of an observed value in messages, by its position.
  private let name: (Int) -> String

  /// - Parameters:
  ///   - graph: a graph for images whose outputs are the values to observe.
  ///   - name: the network's name for the value of an output.
  init(
    _ graph: Graph, parameters: Parameters, input: ImageInputWriter, executor: Executor,
    name: @escaping (Int) -> String
  ) {
    (self.input, self.name) = (input, name)
    sessions = SessionPool(
      graph, parameters, writing: input.specs, on: executor, idle: IdleSessions(limit: 0))
  }

  /// The histograms of the values on images. Each image is run twice: for the ranges, and for the histograms
  /// within them.
  ///
  /// - Parameter report: called after each run.
  func histograms(_ paths: [String], report: () -> Void) throws(ClassifierError) -> [ActivationHistogram] {
    do {
      // Where the file fixes the batch size, all samples are the same image.
      return try sessions.withSession(batch: sessions.batch(for: 1, .one)) { session in
        try histograms(paths, session, report: report)
      }
    } catch { throw ClassifierError.wrapping(error) }
  }

  private func histograms(_ paths: [String], _ session: Session, report: () -> Void) throws(ClassifierError)
    -> [ActivationHistogram]
  {
    var ranges = session.plan.outputs.map { _ in (low: Float.infinity, high: -Float.infinity) }
    for path in paths {
      var strange: (index: Int, value: Float)?
      try look(path, session) { index, values in
        var (low, high) = ranges[index]
        for value in values {
          if value < low { low = value }
          if value > high { high = value }
          if !value.isFinite, strange == nil { strange = (index, value) }
        }
        ranges[index] = (low, high)
      }
      if let strange {
        throw ClassifierError(
          .notFinite, "the value '\(name(strange.index))' is not finite for the image: \(strange.value)",
          place: path,
          remedy: "check the model's weights, and that the preprocessing is the model's")
      }
      report()
    }
    var histograms: [ActivationHistogram] = []
    for (index, range) in ranges.enumerated() {
      // A value without elements has no range, and the width of −3e38...3e38 is infinite.
      guard range.low <= range.high, (range.high - range.low).isFinite else {
        throw ClassifierError(
          .notFinite, "the range of the value, \(range.low) to \(range.high), is too large for bytes",
          place: name(index), remedy: "check the preprocessing and the weights")
      }
      histograms.append(ActivationHistogram(range.low...range.high))
    }
    for path in paths {
      try look(path, session) { histograms[$0].add($1) }
      report()
    }
    return histograms
  }

  private func look(
    _ path: String, _ session: Session, _ body: (Int, UnsafeBufferPointer<Float>) -> Void
  ) throws(ClassifierError) {
    do {
      let options = ImageOptions(preprocessing: input.preprocessing)
      let image = try Image(contentsOf: path, options: options)
      _ = try session.write(session.batch) { [input] _, slots, scratch in
        try input.write(image, into: slots, scratch)
      }
      try session.run()
    } catch { throw ClassifierError.wrapping(error) }
    for index in session.plan.outputs.indices {
      session.withOutput(index) { body(index, $0.bindMemory(to: Float.self)) }
    }
  }
}
