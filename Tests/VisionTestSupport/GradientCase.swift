public import Testing
public import VisionGraph
public import VisionTensor

/// One check of an operator's gradient, for tests that run many.
public struct GradientCase: Sendable, CustomTestStringConvertible {
  /// The operator's name, with its domain where others made it.
  public let name: String
  public let testDescription: String
  /// Checks the gradient.
  public let check: @Sendable () throws -> Void

  /// The parameters are those of `checkGradient`.
  public init<Op: Operator>(
    _ op: Op, _ inputs: [Tensor?], constants: Set<Int> = [], fixed: Set<Int> = [], outputs: Set<Int>? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    name = ["", "visionnet"].contains(Op.domain) ? Op.name : "\(Op.domain).\(Op.name)"
    let shapes = inputs.map { $0.map { "\($0.shape)" } ?? "nil" }.joined(separator: ", ")
    testDescription = "\(Op.name)(\(shapes)) line \(sourceLocation.line)"
    check = {
      try checkGradient(
        op, inputs, constants: constants, fixed: fixed, outputs: outputs, sourceLocation: sourceLocation)
    }
  }
}
