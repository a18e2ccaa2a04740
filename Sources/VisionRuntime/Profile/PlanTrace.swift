public import VisionGraph
import VisionSystem

/// The times at which each step of a plan began and ended, in several runs.
public struct PlanTrace: Sendable {
  public let steps: [PlanStep]
  /// For every run, the times in nanoseconds since the start of the trace at which its steps began, then the
  /// time at which the run ended. The times that a step takes for the parts of a batch are added up, as if it
  /// had been run for all parts at once.
  public let times: [[Int]]
  /// The duration in seconds of the untraced runs between them, in which the steps are not timed.
  public let plainSeconds: [Double]

  /// Median seconds of each step.
  public var medians: [Double] {
    steps.indices.map { step in Self.median(times.map { Double($0[step + 1] - $0[step]) * 1e-9 }) }
  }

  /// The median duration in seconds of a traced run.
  public var tracedSeconds: Double {
    Self.median(times.map { Double(($0.last ?? 0) - ($0.first ?? 0)) * 1e-9 })
  }

  /// The median duration in seconds of an untraced run.
  public var untracedSeconds: Double { Self.median(plainSeconds) }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return 0 }
    return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
  }
}

extension Plan {
  /// Times every step in `runs` runs on the inputs in the workspace, and the same number of untraced runs
  /// between them, so that the cost of tracing can be seen.
  ///
  /// - Throws: `GraphError` as `run(in:)`.
  public func trace(runs: Int, in workspace: inout Workspace) throws(GraphError) -> PlanTrace {
    try check(workspace)
    var times: [[Int]] = []
    var plain: [Double] = []
    let origin = MonotonicClock.nanoseconds
    for _ in 0..<max(runs, 1) {
      let before = MonotonicClock.nanoseconds
      try run(in: &workspace)
      plain.append(Double(MonotonicClock.nanoseconds - before) * 1e-9)
      // Written without growing; each step ends where the next begins.
      var marks = [Int](repeating: 0, count: steps.count + 1)
      marks[0] = MonotonicClock.nanoseconds - origin
      var last = marks[0]
      func measure(_ index: Int) {
        let now = MonotonicClock.nanoseconds - origin
        marks[index + 1] += now - last
        last = now
      }
      for part in 0..<partCount {
        for index in 0..<partSteps {
          try runStep(index, part: part, in: workspace)
          measure(index)
        }
      }
      for index in partSteps..<steps.count {
        try runStep(index, in: workspace)
        measure(index)
      }
      for index in steps.indices { marks[index + 1] += marks[index] }
      times.append(marks)
    }
    return PlanTrace(steps: explainedSteps, times: times, plainSeconds: plain)
  }
}
