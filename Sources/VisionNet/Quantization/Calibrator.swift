import VisionCompute
import VisionGraph
import VisionImage
import VisionRuntime
import VisionTensor

/// Runs a network on pictures and watches the values that are to become bytes.
struct Calibrator: ~Copyable {
  private let plan: Plan
  private var workspace: Workspace
  private let preprocessing: Preprocessing

  /// - Parameter graph: one picture's input, or several of the same batch; the outputs are what is watched.
  init(_ graph: Graph, parameters: Parameters, preprocessing: Preprocessing, executor: Executor)
    throws(GraphError)
  {
    plan = try Plan(graph, parameters: parameters)
    workspace = plan.makeWorkspace(for: executor)
    self.preprocessing = preprocessing
  }

  /// What the values were on pictures, each looked at twice: for the range, and for what lies within it.
  ///
  /// - Parameter report: called after each look.
  mutating func histograms(_ paths: [String], report: () -> Void) throws(ClassifierError)
    -> [ActivationHistogram]
  {
    var ranges = plan.outputs.map { _ in (low: Float.infinity, high: -Float.infinity) }
    for path in paths {
      try look(path) { index, values in
        var (low, high) = ranges[index]
        // A NaN compares false and is passed over.
        for value in values where value.isFinite {
          if value < low { low = value }
          if value > high { high = value }
        }
        ranges[index] = (low, high)
      }
      report()
    }
    var histograms: [ActivationHistogram] = []
    for (index, range) in ranges.enumerated() {
      guard range.low <= range.high else {
        throw ClassifierError(
          "network", "the network gives no finite numbers", place: plan.outputs[index].name,
          remedy: "check the preprocessing and the weights")
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
    let input: Tensor
    do throws(ImageError) {
      input = try preprocessing.apply(
        to: Image(contentsOf: path, options: ImageOptions(preprocessing: preprocessing)))
    } catch { throw ClassifierError(error) }
    workspace.withInput(0) { target in
      input.withUnsafeBytes { source in
        for start in stride(from: 0, to: target.count, by: source.count) {
          UnsafeMutableRawBufferPointer(rebasing: target[start..<(start + source.count)]).copyMemory(
            from: source)
        }
      }
    }
    do throws(GraphError) {
      try plan.run(in: &workspace)
    } catch { throw ClassifierError(error) }
    for index in plan.outputs.indices {
      workspace.withOutput(index) { body(index, $0.bindMemory(to: Float.self)) }
    }
  }
}
