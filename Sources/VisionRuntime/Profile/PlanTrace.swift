public import VisionGraph
import VisionSystem

/// When each step of a plan began and ended, over some runs.
public struct PlanTrace: Sendable {
  public let steps: [PlanStep]
  /// For every run the nanoseconds at which its steps began, from the start of the trace, and at last its end. Steps that are
  /// run for each part of a batch count together, as if they had been run for all parts at once.
  public let times: [[Int]]
  /// Seconds of runs between those, without readings of the clock inside.
  public let plainSeconds: [Double]

  /// Median seconds of each step.
  public var medians: [Double] {
    steps.indices.map { step in Self.median(times.map { Double($0[step + 1] - $0[step]) * 1e-9 }) }
  }

  /// Median seconds of a run that was traced.
  public var tracedSeconds: Double {
    Self.median(times.map { Double(($0.last ?? 0) - ($0.first ?? 0)) * 1e-9 })
  }

  /// Median seconds of a run that was not.
  public var untracedSeconds: Double { Self.median(plainSeconds) }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return 0 }
    return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
  }
}

extension Plan {
  /// Times every step over `runs` runs on the inputs that lie in the workspace, and as many runs as a whole between
  /// them, so that the cost of the trace itself shows.
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
