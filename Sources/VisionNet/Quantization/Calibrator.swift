import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionRuntime
import VisionTensor

/// Runs a network on images and watches the values that are to become bytes.
struct Calibrator: ~Copyable {
  private let plan: Plan
  private var workspace: Workspace
  private let input: ImageInput
  private let preprocessing: Preprocessing
  private let scratch = PreprocessingScratch()
  /// What a watched value is called in messages, by its position.
  private let name: (Int) -> String

  /// - Parameters:
  ///   - graph: one image's input, or several of the same batch; the outputs are what is watched.
  ///   - name: what the network calls the value of an output.
  init(
    _ graph: Graph, parameters: Parameters, input: ImageInput, preprocessing: Preprocessing,
    executor: Executor, name: @escaping (Int) -> String
  ) throws(GraphError) {
    self.name = name
    plan = try Plan(graph, parameters: parameters)
    workspace = plan.makeWorkspace(for: executor)
    self.input = input
    self.preprocessing = preprocessing
  }

  /// What the values were on images, each looked at twice: for the range, and for what lies within it.
  ///
  /// - Parameter report: called after each look.
  mutating func histograms(_ paths: [String], report: () -> Void) throws(ClassifierError)
    -> [ActivationHistogram]
  {
    var ranges = plan.outputs.map { _ in (low: Float.infinity, high: -Float.infinity) }
    for path in paths {
      var strange: (index: Int, value: Float)?
      try look(path) { index, values in
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
          .notFinite, "the value '\(name(strange.index))' is \(strange.value) for the image", place: path,
          remedy: "check the model's weights, and that the preprocessing is the model's")
      }
      report()
    }
    var histograms: [ActivationHistogram] = []
    for (index, range) in ranges.enumerated() {
      // A value without elements has no range; the distance of 3e38 and −3e38 is none.
      guard range.low <= range.high, (range.high - range.low).isFinite else {
        throw ClassifierError(
          .notFinite, "the range of the value, \(range.low) to \(range.high), is too large for bytes",
          place: name(index), remedy: "check the preprocessing and the weights")
      }
      histograms.append(ActivationHistogram(range.low...range.high))
    }
    for path in paths {
      try look(path) { histograms[$0].add($1) }
      report()
    }
    return histograms
  }

  private mutating func look(_ path: String, _ body: (Int, UnsafeBufferPointer<Float>) -> Void)
    throws(ClassifierError)
  {
    do throws(ImageError) {
      let image = try Image(contentsOf: path, options: ImageOptions(preprocessing: preprocessing))
      var failure: ImageError?
      workspace.withInput(0) { target in
        // Where the file fixes a batch, each of its images is this one.
        for start in stride(from: 0, to: target.count, by: input.imageByteCount) where failure == nil {
          do throws(ImageError) {
            try input.write(
              image, preprocessing,
              into: UnsafeMutableRawBufferPointer(rebasing: target[start..<(start + input.imageByteCount)]),
              scratch: scratch)
          } catch { failure = error }
        }
      }
      if let failure { throw failure }
    } catch { throw ClassifierError(error) }
    do throws(GraphError) {
      try plan.run(in: &workspace)
    } catch { throw ClassifierError(error) }
    for index in plan.outputs.indices {
      workspace.withOutput(index) { body(index, $0.bindMemory(to: Float.self)) }
    }
  }
}
