public import VisionGraph
public import VisionModel

/// The loss that training minimizes, of one output of the network against one of the task's targets.
public struct Objective: Sendable {
  public var output: OutputRole
  /// The name of the target.
  public var target: String
  public var loss: any LossOperator

  public init(_ loss: any LossOperator, of output: OutputRole, against target: String) {
    (self.loss, self.output, self.target) = (loss, output, target)
  }
}
