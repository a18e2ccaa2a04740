import VisionGraph

/// Where the time of a run goes, step by step.
public struct StepProfile: Sendable, Hashable {
  /// The node's path.
  public let name: String
  public let operatorName: String
  /// The kernel that runs it.
  public let kernelName: String
  /// Median over the runs.
  public let seconds: Double
  /// Floating-point operations of the step.
  public let flops: Int
  public let isReference: Bool
}

extension Plan {
  /// Times every step over `runs` runs on the inputs that lie in the workspace.
  public func profile(runs: Int, in workspace: borrowing Workspace) throws(EvaluationError) -> [StepProfile] {
    var times = [[Double]](repeating: [], count: steps.count)
    let clock = ContinuousClock()
    for _ in 0..<max(runs, 1) {
      for index in steps.indices {
        let start = clock.now
        try runStep(index, in: workspace)
        times[index].append((clock.now - start) / .seconds(1))
      }
    }
    return steps.indices.map { index in
      let step = steps[index]
      let sorted = times[index].sorted()
      return StepProfile(
        name: step.name, operatorName: step.operatorName, kernelName: step.kernelName,
        seconds: sorted[sorted.count / 2], flops: step.flops, isReference: step.isReference)
    }
  }
}
